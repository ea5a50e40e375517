using System.Text.Json.Nodes;
using Arw.Core.Episodes;

namespace Arw.Core.Actions;

/// <summary>A request to run an action.</summary>
/// <param name="Kind">Kind of the action.</param>
/// <param name="Input">Its input; an object that its schema accepts.</param>
public sealed record SubmitRequest(string Kind, JsonNode? Input)
{
    /// <summary>Episode; a new one by default.</summary>
    public string? CorrId { get; init; }

    /// <summary>Project; an agent that is bound to one project need not name it.</summary>
    public string? Project { get; init; }

    /// <summary>The same key from the same actor returns the first result; null for none.</summary>
    public string? IdemKey { get; init; }

    /// <summary>Lowest number runs first; 0 by default.</summary>
    public int Priority { get; init; }

    /// <summary>What to do when a lease is missing; refuse by default.</summary>
    public OnNeedsLease OnNeedsLease { get; init; }

    /// <summary>A person reviews it before it runs, whatever policy says; false by default.</summary>
    public bool Review { get; init; }

    /// <summary>What the episode's first event says when this action starts one; a title from the action by default.</summary>
    public EpisodeStarted? Episode { get; init; }
}

/// <summary>What became of a request.</summary>
/// <param name="Id">The action's id.</param>
/// <param name="State">Its state when the call returned.</param>
/// <param name="CorrId">Its episode.</param>
public sealed record SubmitOutcome(string Id, ActionState State, string CorrId)
{
    /// <summary>The approval that it waits for; null for none.</summary>
    public string? Approval { get; init; }

    /// <summary>Output of an action that ran inline; null otherwise.</summary>
    public JsonNode? Output { get; init; }

    /// <summary>True when the idempotency key was known.</summary>
    public bool Reused { get; init; }
}

/// <summary>Limits of the queue.</summary>
public sealed record ActionOptions
{
    /// <summary>Most actions that may wait in the queue; 1,024 by default. More are refused with 429.</summary>
    public int QueueMax { get; init; } = 1024;

    /// <summary>Most actions of one project that run at once; 4 by default.</summary>
    public int PerProject { get; init; } = 4;

    /// <summary>Most actions that run at once; 16 by default.</summary>
    public int Total { get; init; } = 16;

    /// <summary>How long a claim holds without being renewed; 30 s by default.</summary>
    public TimeSpan ClaimTtl { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a person has to answer; 24 h by default. Then the answer is no.</summary>
    public TimeSpan ApprovalTtl { get; init; } = TimeSpan.FromHours(24);
}
