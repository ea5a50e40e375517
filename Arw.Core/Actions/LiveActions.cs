using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Actions;

/// <summary>An action that has not ended, with all that is needed to decide, queue and run it.</summary>
public sealed record LiveAction(string Id, string Kind, string Title, JsonNode? Input, ActionState State, Principal Principal)
{
    /// <summary>Seq of the action's last event: what a compare-and-append names.</summary>
    public long LastSeq { get; init; }

    /// <summary>Seq of its submission: the order among equal priorities.</summary>
    public long SubmittedSeq { get; init; }

    /// <summary>Lowest number runs first.</summary>
    public int Priority { get; init; }

    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>Episode.</summary>
    public required string CorrId { get; init; }

    /// <summary>Recipe that runs it; null for none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The action above it; null for none.</summary>
    public string? ParentId { get; init; }

    /// <summary>It takes no slot.</summary>
    public bool Orchestrates { get; init; }

    /// <summary>What to do when a lease is missing.</summary>
    public OnNeedsLease OnNeedsLease { get; init; }

    /// <summary>Attempts so far; 0 before the first claim.</summary>
    public int Attempt { get; init; }

    /// <summary>Not to be claimed before; null = at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The approval that it waits for; null for none.</summary>
    public string? Approval { get; init; }

    /// <summary>The process that runs it; null while it does not run.</summary>
    public string? Boot { get; init; }

    /// <summary>The context that decisions and executors see.</summary>
    public ActionContext Context() => new()
    {
        ActionId = Id,
        Principal = Principal,
        Project = Project,
        CorrId = CorrId,
        Recipe = Recipe,
        ParentId = ParentId,
    };
}

/// <summary>All actions that have not ended, by id.</summary>
/// <param name="Actions">The actions.</param>
public sealed record LiveActionsState(ImmutableSortedDictionary<string, LiveAction> Actions);

/// <summary>The scheduler's view of the journal: its queue is a fold like everything else, so a restart finds it as it was.</summary>
public sealed class LiveActions : DocumentModel<LiveActionsState>
{
    /// <inheritdoc/>
    public override string Id => "queue";

    /// <inheritdoc/>
    protected override LiveActionsState Empty { get; } = new(ImmutableSortedDictionary.Create<string, LiveAction>(StringComparer.Ordinal));

    /// <inheritdoc/>
    protected override LiveActionsState Fold(LiveActionsState state, JournalEvent e)
    {
        if (!e.Kind.StartsWith("actions.", StringComparison.Ordinal))
        {
            return state;
        }

        if (ActionEvents.Submitted.Is(e))
        {
            var s = ActionEvents.Submitted.Read(e);
            return new(state.Actions.SetItem(s.Id, new LiveAction(s.Id, s.Kind, s.Title, s.Input, ActionState.Proposed, s.Principal)
            {
                LastSeq = e.Seq,
                SubmittedSeq = e.Seq,
                Priority = s.Priority,
                Project = e.Project,
                CorrId = e.CorrId ?? s.Id,
                Recipe = s.Recipe,
                ParentId = s.ParentId,
                Orchestrates = s.Orchestrates,
                OnNeedsLease = s.OnNeedsLease,
            }));
        }

        if (e.Subject is null || !state.Actions.TryGetValue(e.Subject["action:".Length..], out var action))
        {
            return state;
        }

        var next = Next(action, e);
        return new(next is null ? state.Actions.Remove(action.Id) : state.Actions.SetItem(action.Id, next with { LastSeq = e.Seq }));
    }

    private static LiveAction? Next(LiveAction action, JournalEvent e)
    {
        if (ActionEvents.Waiting.Is(e))
        {
            return action with { State = ActionState.Waiting, Approval = ActionEvents.Waiting.Read(e).Approval };
        }

        if (ActionEvents.Queued.Is(e))
        {
            return action with { State = ActionState.Queued, Approval = null, Input = ActionEvents.Queued.Read(e).Input ?? action.Input };
        }

        if (ActionEvents.Running.Is(e))
        {
            var running = ActionEvents.Running.Read(e);
            return action with { State = ActionState.Running, Attempt = running.Attempt, Boot = running.Boot, NotBefore = null };
        }

        if (ActionEvents.Released.Is(e))
        {
            return action with { State = ActionState.Queued, Boot = null, NotBefore = ActionEvents.Released.Read(e).NotBefore };
        }

        // completed, failed, refused, cancelled: it has ended.
        return null;
    }
}
