using Arw.Core.Journal;

namespace Arw.Core.Access;

/// <summary>Kinds of events about who may come in.</summary>
public static class AccessEvents
{
    /// <summary>A credential was made. Its secret is never written, only its hash.</summary>
    public static readonly EventKind<CredentialMinted> Minted = new("access.credential.minted", "A credential was made; only the hash of its secret is kept.");

    /// <summary>A credential was taken back.</summary>
    public static readonly EventKind<CredentialRevoked> Revoked = new("access.credential.revoked", "A credential was taken back and is refused from now on.");

    /// <summary>A person signed in with a browser.</summary>
    public static readonly EventKind<SessionStarted> SessionStarted = new("access.session.started", "A person signed in with a browser.");

    /// <summary>A browser session ended.</summary>
    public static readonly EventKind<SessionEnded> SessionEnded = new("access.session.ended", "A browser session ended: signed out or ended by a person.");

    /// <summary>Subject of a credential's events.</summary>
    public static string CredentialSubject(string id) => $"credential:{id}";

    /// <summary>Subject of a session's events.</summary>
    public static string SessionSubject(string id) => $"session:{id}";
}

/// <summary>Payload of <c>access.credential.minted</c>.</summary>
/// <param name="Id">Its id (ULID).</param>
/// <param name="Name">Its name, <c>[a-z0-9._-]{1,64}</c>, one of its kind at a time.</param>
/// <param name="Kind">Whose it is.</param>
/// <param name="Hash">SHA-256 of the secret, <c>sha256:…</c>.</param>
public sealed record CredentialMinted(string Id, string Name, PrincipalKind Kind, string Hash)
{
    /// <summary>Projects that it is bound to; null = every project.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>When it ends; null = not by itself.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>Payload of <c>access.credential.revoked</c>.</summary>
/// <param name="Id">The credential.</param>
public sealed record CredentialRevoked(string Id);

/// <summary>Payload of <c>access.session.started</c>.</summary>
/// <param name="Id">Its id (ULID): of no use without the home's protection key.</param>
/// <param name="Name">Name of the person.</param>
/// <param name="Expires">When it ends at the latest.</param>
public sealed record SessionStarted(string Id, string Name, DateTimeOffset Expires)
{
    /// <summary>The credential that it was opened with; null for the admin token or a sign-in link of the owner.</summary>
    public string? CredentialId { get; init; }
}

/// <summary>Payload of <c>access.session.ended</c>.</summary>
/// <param name="Id">The session.</param>
public sealed record SessionEnded(string Id);
