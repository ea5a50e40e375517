using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Actions;

/// <summary>An action as pages and clients see it.</summary>
public sealed record ActionRow(string Id, string Kind, string Title, ActionState State, string Actor)
{
    /// <summary>Input, as it runs: an approver's change included.</summary>
    public JsonNode? Input { get; init; }

    /// <summary>Output when completed; null otherwise.</summary>
    public JsonNode? Output { get; init; }

    /// <summary>Why it failed or was refused; null otherwise.</summary>
    public ActionError? Error { get; init; }

    /// <summary>What it changes.</summary>
    public Effects Effects { get; init; }

    /// <summary>Capabilities that it needed at submission.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>Episode.</summary>
    public string? CorrId { get; init; }

    /// <summary>The action above it; null for none.</summary>
    public string? ParentId { get; init; }

    /// <summary>Recipe that runs it; null for none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The name of the step within its parent (idempotency key); null for none.</summary>
    public string? Key { get; init; }

    /// <summary>Attempts so far.</summary>
    public int Attempt { get; init; }

    /// <summary>True when an attempt was a redelivery: an external effect may have happened twice.</summary>
    public bool Retry { get; init; }

    /// <summary>True for control actions, which lists hide by default.</summary>
    public bool Control { get; init; }

    /// <summary>The approval that it waits for; null for none.</summary>
    public string? Approval { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When its last event happened.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>When the last attempt began; null before.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended; null while it lives.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Seq of its last event.</summary>
    public long Seq { get; init; }
}

/// <summary>All actions, newest first: <c>/state/actions</c>.</summary>
public sealed class ActionsModel : TableModel<ActionRow>
{
    /// <inheritdoc/>
    public override string Id => "actions";

    /// <inheritdoc/>
    public override bool PublishesPage => true;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<ActionRow>> Columns { get; } =
    [
        new("updated", a => a.Updated),
        new("created", a => a.Created),
        new("kind", a => a.Kind),
        new("state", a => a.State.ToString().ToLowerInvariant()),
        new("project", a => a.Project),
        new("corr_id", a => a.CorrId),
        new("parent_id", a => a.ParentId),
        new("actor", a => a.Actor),
        new("control", a => a.Control),
    ];

    /// <inheritdoc/>
    protected internal override Func<ActionRow, string> SearchText => a => $"{a.Title} {a.Kind} {a.Recipe} {a.Actor}";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<ActionRow> rows, JournalEvent e)
    {
        if (!e.Kind.StartsWith("actions.", StringComparison.Ordinal) || e.Subject is not { } subject || !subject.StartsWith("action:", StringComparison.Ordinal))
        {
            return;
        }

        var id = subject["action:".Length..];
        if (ActionEvents.Submitted.Is(e))
        {
            var s = ActionEvents.Submitted.Read(e);
            rows.Put(id, new ActionRow(s.Id, s.Kind, s.Title, ActionState.Proposed, e.Actor)
            {
                Input = s.Input,
                Effects = s.Effects,
                Needs = s.Needs,
                Project = e.Project,
                CorrId = e.CorrId,
                ParentId = s.ParentId,
                Recipe = s.Recipe,
                Key = s.IdemKey,
                Control = s.Control,
                Created = e.Time,
                Updated = e.Time,
                Seq = e.Seq,
            });
            return;
        }

        if (rows.Find(id) is { } row)
        {
            rows.Put(id, Next(row, e) with { Updated = e.Time, Seq = e.Seq });
        }
    }

    private static ActionRow Next(ActionRow row, JournalEvent e)
    {
        if (ActionEvents.Waiting.Is(e))
        {
            return row with { State = ActionState.Waiting, Approval = ActionEvents.Waiting.Read(e).Approval };
        }

        if (ActionEvents.Queued.Is(e))
        {
            return row with { State = ActionState.Queued, Approval = null, Input = ActionEvents.Queued.Read(e).Input ?? row.Input };
        }

        if (ActionEvents.Running.Is(e))
        {
            var running = ActionEvents.Running.Read(e);
            return row with { State = ActionState.Running, Attempt = running.Attempt, Retry = row.Retry || running.Retry, Started = e.Time };
        }

        if (ActionEvents.Released.Is(e))
        {
            return row with { State = ActionState.Queued };
        }

        if (ActionEvents.Completed.Is(e))
        {
            return row with { State = ActionState.Completed, Output = ActionEvents.Completed.Read(e).Output, Ended = e.Time };
        }

        if (ActionEvents.Failed.Is(e))
        {
            return row with { State = ActionState.Failed, Error = ActionEvents.Failed.Read(e).Error, Ended = e.Time };
        }

        if (ActionEvents.Refused.Is(e))
        {
            return row with { State = ActionState.Refused, Error = ActionEvents.Refused.Read(e).Error, Approval = null, Ended = e.Time };
        }

        if (ActionEvents.Cancelled.Is(e))
        {
            var cancelled = ActionEvents.Cancelled.Read(e);
            return row with { State = ActionState.Cancelled, Error = new ActionError("cancelled", cancelled.Reason ?? "It was cancelled."), Approval = null, Ended = e.Time };
        }

        return row;
    }
}
