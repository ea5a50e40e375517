namespace Arw.Core.Access;

/// <summary>Knows who presents a secret or a session.</summary>
/// <param name="admin">The owner's token.</param>
/// <param name="credentials">Minted credentials.</param>
/// <param name="sessions">Browser sessions.</param>
/// <param name="time">The clock by which they expire.</param>
public sealed class Doorkeeper(AdminToken admin, CredentialsModel credentials, SessionsModel sessions, TimeProvider time)
{
    /// <summary>Who holds this secret; null when nobody does, or the credential was revoked or expired.</summary>
    public Principal? Who(string secret)
    {
        if (admin.Is(secret))
        {
            return Principal.Owner;
        }

        // Every credential is compared, so that the time taken says nothing about which one came close.
        var hash = SecretSource.Hash(secret);
        Credential? found = null;
        foreach (var credential in credentials.Current.Items.Values)
        {
            if (SecretSource.Same(hash, credential.Hash))
            {
                found = credential;
            }
        }

        return found is not null && found.Holds(time.GetUtcNow()) ? found.Principal : null;
    }

    /// <summary>Whose session this is; null when it ended or expired, or the credential behind it was revoked.</summary>
    public Principal? WhoseSession(string sessionId)
    {
        var now = time.GetUtcNow();
        if (!sessions.Current.Items.TryGetValue(sessionId, out var session) || session.Expires <= now)
        {
            return null;
        }

        if (session.CredentialId is not { } id)
        {
            return Principal.Owner;
        }

        return credentials.Current.Items.TryGetValue(id, out var credential) && credential.Holds(now) ? credential.Principal : null;
    }

    /// <summary>Whether somebody who came in earlier may still be here: long streams and open pages ask again.</summary>
    /// <param name="principal">Who came in.</param>
    /// <param name="sessionId">The session that brought them in; null for a bearer.</param>
    public bool StillHolds(Principal principal, string? sessionId) =>
        sessionId is not null
            ? WhoseSession(sessionId) is not null
            : principal.CredentialId is null
              || (credentials.Current.Items.TryGetValue(principal.CredentialId, out var credential) && credential.Holds(time.GetUtcNow()));
}
