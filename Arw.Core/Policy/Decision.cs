using Arw.Core.Access;
using Arw.Core.Actions;

namespace Arw.Core.Policy;

/// <summary>What policy says to one request.</summary>
public enum DecisionEffect
{
    /// <summary>It may happen.</summary>
    Allow,

    /// <summary>It may not happen, and no lease would change that.</summary>
    Deny,

    /// <summary>It may happen once a person grants one of the suggested leases.</summary>
    NeedsLease,
}

/// <summary>One question to policy: may this principal use this capability for this action, now?</summary>
public readonly record struct AccessRequest
{
    /// <summary>Who asks.</summary>
    public required Principal Principal { get; init; }

    /// <summary>For whom it asks (an agent on behalf of a person); null for itself.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>Kind of the action, <c>http.fetch</c>.</summary>
    public required string ActionKind { get; init; }

    /// <summary>The action's id, so that a grant for one action only is honoured; null when there is none yet.</summary>
    public string? ActionId { get; init; }

    /// <summary>What the action changes.</summary>
    public required Effects Effects { get; init; }

    /// <summary>The capability that it needs, concrete: no wildcards.</summary>
    public required Capability Capability { get; init; }

    /// <summary>The project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>The episode; null for none.</summary>
    public string? CorrId { get; init; }

    /// <summary>Id of the recipe that runs it; null for none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The time of the question: leases are judged against it.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>The answer. Small and allocation-free; <c>PolicyEngine.Explain</c> turns it into words.</summary>
/// <param name="Effect">Allow, deny or needs lease.</param>
/// <param name="PolicyId">The policy that decided, <c>posture.standard.text</c>; null when none did.</param>
/// <param name="LeaseId">The lease that permitted it; null when none did.</param>
public readonly record struct Decision(DecisionEffect Effect, string? PolicyId, string? LeaseId)
{
    /// <summary>True when it may happen.</summary>
    public bool Allowed => Effect == DecisionEffect.Allow;
}

/// <summary>A decision in words: what is journaled, answered with a 403, and shown on pages.</summary>
public sealed record DecisionReport
{
    /// <summary>Allow, deny or needs lease.</summary>
    public required DecisionEffect Effect { get; init; }

    /// <summary>Stable code: <c>permitted</c>, <c>leased</c>, <c>needs_lease</c>, <c>forbidden</c>, <c>address_not_public</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>Why, in one or two sentences for the person.</summary>
    public required string Reason { get; init; }

    /// <summary>The action kind that was judged.</summary>
    public required string ActionKind { get; init; }

    /// <summary>The capability that was judged, as text.</summary>
    public required string Capability { get; init; }

    /// <summary>The posture in force.</summary>
    public required string Posture { get; init; }

    /// <summary>Ids of the deciding policies.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Ids of the deciding leases.</summary>
    public IReadOnlyList<string> Leases { get; init; } = [];

    /// <summary>The lease that covered it until it ended, ran out or was used up; null when there was none, or the effect is not needs_lease.</summary>
    public string? FormerLease { get; init; }

    /// <summary>Policies that failed to evaluate.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Capabilities of which a lease would make it allowed, narrowest first; empty unless the effect is needs_lease.</summary>
    public IReadOnlyList<string> Suggested { get; init; } = [];
}
