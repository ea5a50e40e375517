using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Access;

/// <summary>A person's browser session that has not been ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Name of the person.</param>
/// <param name="Started">When it began.</param>
/// <param name="Expires">When it ends at the latest.</param>
/// <param name="CredentialId">The credential that it was opened with; null for the owner.</param>
public sealed record Session(string Id, string Name, DateTimeOffset Started, DateTimeOffset Expires, string? CredentialId = null);

/// <summary>Sessions that have not been ended, by id.</summary>
/// <param name="Items">The sessions; those that expired are dropped when the next one starts.</param>
public sealed record SessionsState(ImmutableSortedDictionary<string, Session> Items);

/// <summary>The read model <c>sessions</c>.</summary>
public sealed class SessionsModel : DocumentModel<SessionsState>
{
    /// <inheritdoc/>
    public override string Id => "sessions";

    /// <inheritdoc/>
    protected override SessionsState Empty { get; } = new(ImmutableSortedDictionary.Create<string, Session>(StringComparer.Ordinal));

    /// <inheritdoc/>
    protected override SessionsState Fold(SessionsState state, JournalEvent e)
    {
        if (AccessEvents.SessionStarted.Is(e))
        {
            var started = AccessEvents.SessionStarted.Read(e);
            var alive = state.Items.RemoveRange(state.Items.Values.Where(s => s.Expires <= e.Recorded).Select(s => s.Id));
            return new SessionsState(alive.SetItem(started.Id, new Session(started.Id, started.Name, e.Recorded, started.Expires, started.CredentialId)));
        }

        if (AccessEvents.SessionEnded.Is(e))
        {
            var items = state.Items.Remove(AccessEvents.SessionEnded.Read(e).Id);
            return items == state.Items ? state : new SessionsState(items);
        }

        return state;
    }

    /// <inheritdoc/>
    protected override JsonNode Project(SessionsState state) => new JsonObject
    {
        ["items"] = System.Text.Json.JsonSerializer.SerializeToNode(state.Items.Values, Primitives.ArwJson.Options),
    };
}
