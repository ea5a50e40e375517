using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Actions;

/// <summary>One attempt at running an action: what its executor may use.</summary>
public abstract class ActionRun
{
    /// <summary>Who it is for and where it belongs.</summary>
    public abstract ActionContext Context { get; }

    /// <summary>The action kind that runs: the tool of the ledger's rows.</summary>
    public abstract string Kind { get; }

    /// <summary>1 for the first attempt; more marks a retry.</summary>
    public abstract int Attempt { get; }

    /// <summary>Asks policy for one effect, now, and books it on the lease that permits it. A refusal (code <c>needs_lease</c>, <c>forbidden</c>, …) carries the <see cref="DecisionReport"/> in its details; return it from the executor.</summary>
    /// <param name="capability">What the effect needs, concrete.</param>
    /// <param name="cancel">Stops the question.</param>
    public abstract ValueTask<Result<Permit>> DemandAsync(Capability capability, CancellationToken cancel);

    /// <summary>Writes events of this action: actor, project, corr_id and parent are filled in. Returns when they are durable.</summary>
    public abstract ValueTask<Appended> AppendAsync(IReadOnlyList<EventDraft> drafts, CancellationToken cancel);

    /// <summary>Submits an action below this one (same principal, project, corr_id, recipe) and waits for its end.</summary>
    /// <param name="kind">Action kind.</param>
    /// <param name="input">Input.</param>
    /// <param name="key">Names the step within this action: the same key after a restart returns the first result.</param>
    /// <param name="cancel">Stops waiting and cancels the child.</param>
    public abstract Task<ChildResult> RunChildAsync(string kind, System.Text.Json.Nodes.JsonNode input, string key, CancellationToken cancel);

    /// <summary>As <see cref="RunChildAsync"/>, but a person reviews the action before it runs, whatever policy says: its approval has the reason <see cref="ApprovalReason.Review"/>.</summary>
    /// <param name="kind">Action kind.</param>
    /// <param name="input">Input; the reviewer may change it.</param>
    /// <param name="key">Names the step within this action: the same key after a restart returns the first result.</param>
    /// <param name="cancel">Stops waiting and cancels the child.</param>
    public abstract Task<ChildResult> RunReviewedChildAsync(string kind, System.Text.Json.Nodes.JsonNode input, string key, CancellationToken cancel);
}

/// <summary>Leave for one effect. While it is in force, <see cref="Revoked"/> is not cancelled: link long effects to it, so that revoking a lease cuts them.</summary>
/// <param name="Decision">What permitted it.</param>
/// <param name="Revoked">Cancelled when the lease that permitted it is revoked or expires, or the kill switch is thrown.</param>
public sealed record Permit(Decision Decision, CancellationToken Revoked)
{
    /// <summary>Bytes that the effect may still move; null = without limit.</summary>
    public long? BytesLeft { get; init; }

    /// <summary>Makes the event that books moved bytes on the lease: append it together with the one that ends the effect. Null where no limit counts them.</summary>
    public Func<long, EventDraft>? BookBytes { get; init; }
}

/// <summary>How a child action ended.</summary>
/// <param name="ActionId">Its id.</param>
/// <param name="State">completed, failed, refused or cancelled.</param>
/// <param name="Output">Its output when completed; null otherwise.</param>
/// <param name="Error">Why it did not complete; null when it did.</param>
public sealed record ChildResult(string ActionId, ActionState State, System.Text.Json.Nodes.JsonNode? Output, ActionError? Error);

/// <summary>Why an action did not complete.</summary>
/// <param name="Code">Stable code, <c>needs_lease</c>.</param>
/// <param name="Message">What happened, in words.</param>
/// <param name="Next">What to do; null for nothing.</param>
/// <param name="Decision">The decision behind it; null for other errors.</param>
public sealed record ActionError(string Code, string Message, string? Next = null, DecisionReport? Decision = null);

/// <summary>The states of an action. proposed, waiting, queued and running are live; the rest are ends.</summary>
public enum ActionState
{
    /// <summary>Submitted, not decided yet.</summary>
    Proposed,

    /// <summary>Waits for a person's answer.</summary>
    Waiting,

    /// <summary>Waits for a worker.</summary>
    Queued,

    /// <summary>A worker has it.</summary>
    Running,

    /// <summary>Done; it has an output.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Policy or a person said no before it ran.</summary>
    Refused,

    /// <summary>Stopped by a person.</summary>
    Cancelled,
}
