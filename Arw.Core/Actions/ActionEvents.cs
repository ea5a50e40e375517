using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Policy;

namespace Arw.Core.Actions;

/// <summary>The kinds of events that an action's life consists of. Subject: <c>action:ID</c>; approvals have <c>approval:ID</c>.</summary>
public static class ActionEvents
{
    /// <summary>Somebody asked for it.</summary>
    public static readonly EventKind<ActionSubmitted> Submitted = new("actions.submitted", "An action was asked for; it is proposed.");

    /// <summary>It waits for a person's answer.</summary>
    public static readonly EventKind<ActionWaiting> Waiting = new("actions.waiting", "An action waits for an approval.");

    /// <summary>It waits for a worker.</summary>
    public static readonly EventKind<ActionQueued> Queued = new("actions.queued", "An action was admitted to the queue.");

    /// <summary>A worker claimed it: written once per attempt.</summary>
    public static readonly EventKind<ActionRunning> Running = new("actions.running", "A worker claimed an action and runs it.");

    /// <summary>It went back to the queue.</summary>
    public static readonly EventKind<ActionReleased> Released = new("actions.released", "An action went back to the queue: nack, lost worker or restart.");

    /// <summary>It ended well.</summary>
    public static readonly EventKind<ActionCompleted> Completed = new("actions.completed", "An action ended with an output.");

    /// <summary>It ended with an error.</summary>
    public static readonly EventKind<ActionFailed> Failed = new("actions.failed", "An action ended with an error while running.");

    /// <summary>It never ran.</summary>
    public static readonly EventKind<ActionFailed> Refused = new("actions.refused", "An action was refused before it ran, by policy or by a person.");

    /// <summary>A person stopped it.</summary>
    public static readonly EventKind<ActionCancelled> Cancelled = new("actions.cancelled", "An action was cancelled.");

    /// <summary>A question to a person.</summary>
    public static readonly EventKind<ApprovalRequested> ApprovalRequested = new("approvals.requested", "A person is asked about an action.");

    /// <summary>The answer.</summary>
    public static readonly EventKind<ApprovalAnswered> ApprovalAnswered = new("approvals.answered", "A person answered, or the question expired.");

    /// <summary>Subject of an action's events.</summary>
    public static string Subject(string actionId) => $"action:{actionId}";

    /// <summary>Subject of an approval's events.</summary>
    public static string ApprovalSubject(string approvalId) => $"approval:{approvalId}";
}

/// <summary>What to do when an action needs a lease that nobody holds.</summary>
public enum OnNeedsLease
{
    /// <summary>Answer with a refusal at once.</summary>
    Refuse,

    /// <summary>Wait with an approval.</summary>
    Ask,
}

/// <summary>Payload of <c>actions.submitted</c>.</summary>
public sealed record ActionSubmitted(string Id, string Kind, int Version, string Title, JsonNode? Input, Effects Effects, Principal Principal)
{
    /// <summary>Capabilities that the input needs, as text.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Lowest number runs first; 0 by default.</summary>
    public int Priority { get; init; }

    /// <summary>Idempotency key, per actor; null for none.</summary>
    public string? IdemKey { get; init; }

    /// <summary>What to do when a lease is missing.</summary>
    public OnNeedsLease OnNeedsLease { get; init; }

    /// <summary>Recipe that runs it; null for none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The action above it; null for none.</summary>
    public string? ParentId { get; init; }

    /// <summary>It waits for actions of its own and takes no slot.</summary>
    public bool Orchestrates { get; init; }

    /// <summary>A control action, run inline.</summary>
    public bool Control { get; init; }
}

/// <summary>Payload of <c>actions.waiting</c>.</summary>
public sealed record ActionWaiting(string Id, string Approval);

/// <summary>Payload of <c>actions.queued</c>. Input is set when an approver changed it.</summary>
public sealed record ActionQueued(string Id, JsonNode? Input = null);

/// <summary>Payload of <c>actions.running</c>. Retry marks a redelivery after a lost worker, restart or nack; boot names the process.</summary>
public sealed record ActionRunning(string Id, int Attempt, string Claim, string Boot, bool Retry);

/// <summary>Payload of <c>actions.released</c>.</summary>
public sealed record ActionReleased(string Id, int Attempt, string Reason, DateTimeOffset? NotBefore = null);

/// <summary>Payload of <c>actions.completed</c>.</summary>
public sealed record ActionCompleted(string Id, string Kind, int Attempt, JsonNode? Output);

/// <summary>Payload of <c>actions.failed</c> and <c>actions.refused</c>.</summary>
public sealed record ActionFailed(string Id, string Kind, int Attempt, ActionError Error);

/// <summary>Payload of <c>actions.cancelled</c>.</summary>
public sealed record ActionCancelled(string Id, string Kind, string? Reason = null);

/// <summary>Why a person is asked.</summary>
public enum ApprovalReason
{
    /// <summary>No lease covers what it needs.</summary>
    Lease,

    /// <summary>Staging holds it back.</summary>
    Staging,

    /// <summary>Its recipe asks for a review.</summary>
    Review,
}

/// <summary>Payload of <c>approvals.requested</c>: all that the card shows.</summary>
public sealed record ApprovalRequested(string Id, string Action, string ActionKind, IReadOnlyList<ApprovalReason> Reasons, string Title, DateTimeOffset Expires)
{
    /// <summary>The exact request, shown in monospace.</summary>
    public string? Request { get; init; }

    /// <summary>Input of the action, for editing.</summary>
    public JsonNode? Input { get; init; }

    /// <summary>Capabilities that a grant would cover, narrowest first.</summary>
    public IReadOnlyList<string> Suggested { get; init; } = [];

    /// <summary>The decisions behind it.</summary>
    public IReadOnlyList<DecisionReport> Decisions { get; init; } = [];

    /// <summary>Who asks.</summary>
    public string? AskedBy { get; init; }

    /// <summary>Recipe that runs it; null for none.</summary>
    public string? Recipe { get; init; }
}

/// <summary>A person's answer.</summary>
public enum ApprovalAnswer
{
    /// <summary>No.</summary>
    Refuse,

    /// <summary>This action only.</summary>
    Once,

    /// <summary>Until the episode ends, at most 24 h.</summary>
    Episode,

    /// <summary>For fifteen minutes.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("15m")]
    FifteenMinutes,

    /// <summary>Until somebody revokes it.</summary>
    UntilRevoked,

    /// <summary>Nobody answered in time: counts as refuse.</summary>
    Expired,
}

/// <summary>Payload of <c>approvals.answered</c>.</summary>
public sealed record ApprovalAnswered(string Id, string Action, ApprovalAnswer Answer)
{
    /// <summary>The capability granted instead of the suggested ones; null = the suggested ones.</summary>
    public string? Scope { get; init; }

    /// <summary>The changed input; null = as asked.</summary>
    public JsonNode? Input { get; init; }

    /// <summary>Leases that the answer granted.</summary>
    public IReadOnlyList<string> Leases { get; init; } = [];
}
