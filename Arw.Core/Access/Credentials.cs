using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Access;

/// <summary>A credential that was minted.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Whose it is.</param>
/// <param name="Hash">SHA-256 of its secret; never shown.</param>
/// <param name="Created">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
public sealed record Credential(string Id, string Name, PrincipalKind Kind, string Hash, DateTimeOffset Created, string CreatedBy)
{
    /// <summary>Projects that it is bound to; null = every project.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>When it ends; null = not by itself.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was taken back; null while it was not.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Whether it opens anything at that time.</summary>
    public bool Holds(DateTimeOffset now) => Revoked is null && (Expires is null || now < Expires);

    /// <summary>Who comes in with it.</summary>
    public Principal Principal => new(Kind, Name) { CredentialId = Id, Projects = Projects };
}

/// <summary>All credentials, by id.</summary>
/// <param name="Items">The credentials, revoked ones included.</param>
public sealed record CredentialsState(ImmutableSortedDictionary<string, Credential> Items);

/// <summary>The read model <c>credentials</c>. Readers see no hashes.</summary>
public sealed class CredentialsModel : DocumentModel<CredentialsState>
{
    /// <inheritdoc/>
    public override string Id => "credentials";

    /// <inheritdoc/>
    protected override CredentialsState Empty { get; } = new(ImmutableSortedDictionary.Create<string, Credential>(StringComparer.Ordinal));

    /// <inheritdoc/>
    protected override CredentialsState Fold(CredentialsState state, JournalEvent e)
    {
        if (AccessEvents.Minted.Is(e))
        {
            var minted = AccessEvents.Minted.Read(e);
            return new CredentialsState(state.Items.SetItem(minted.Id, new Credential(minted.Id, minted.Name, minted.Kind, minted.Hash, e.Recorded, e.Actor)
            {
                Projects = minted.Projects,
                Expires = minted.Expires,
            }));
        }

        if (AccessEvents.Revoked.Is(e)
            && state.Items.TryGetValue(AccessEvents.Revoked.Read(e).Id, out var credential)
            && credential.Revoked is null)
        {
            return new CredentialsState(state.Items.SetItem(credential.Id, credential with { Revoked = e.Recorded }));
        }

        return state;
    }

    /// <inheritdoc/>
    protected override JsonNode Project(CredentialsState state)
    {
        var items = new JsonArray();
        foreach (var credential in state.Items.Values)
        {
            var item = System.Text.Json.JsonSerializer.SerializeToNode(credential, Primitives.ArwJson.Options)!.AsObject();
            item.Remove("hash");
            item.Remove("principal");
            items.Add((JsonNode)item);
        }

        return new JsonObject { ["items"] = items };
    }
}
