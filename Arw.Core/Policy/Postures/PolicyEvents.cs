using Arw.Core.Journal;

namespace Arw.Core.Policy.Postures;

/// <summary>The kinds of events that set how the home decides, and the one that records a decision.</summary>
public static class PolicyEvents
{
    /// <summary>Subject of the events that set one thing for the whole home.</summary>
    public const string Subject = "policy:home";

    /// <summary>Another posture holds.</summary>
    public static readonly EventKind<PostureSet> PostureSet = new("policy.posture.set", "The posture was set: which preset of policy and egress holds.");

    /// <summary>Other actions are held back.</summary>
    public static readonly EventKind<StagingSet> StagingSet = new("policy.staging.set", "It was set which actions wait for a person before they run.");

    /// <summary>The kill switch was thrown or released.</summary>
    public static readonly EventKind<KillSwitchSet> KillSwitchSet = new("kill.switch.set", "The kill switch was thrown or released, for the home or for one project.");

    /// <summary>A recipe's run must never do some things.</summary>
    public static readonly EventKind<RecipeForbids> RecipeForbids = new("policy.recipe.forbids", "What a recipe says that it must never do, for one episode of it.");

    /// <summary>A question was decided.</summary>
    public static readonly EventKind<PolicyDecided> Decided = new("policy.decision", "Policy answered whether somebody may use a capability for an action.");
}

/// <summary>A preset of policy and egress.</summary>
public enum Posture
{
    /// <summary>Everything inside the project and public egress are permitted.</summary>
    Relaxed,

    /// <summary>Reading inside the project and computing are permitted, the rest is by lease. The default.</summary>
    Standard,

    /// <summary>Reading is by lease too, and every effect is staged.</summary>
    Strict,
}

/// <summary>Which actions wait for a person before they run, although they are permitted.</summary>
public enum StagingMode
{
    /// <summary>None. The default.</summary>
    Auto,

    /// <summary>Those with effects outside this machine.</summary>
    Ask,

    /// <summary>All that have effects.</summary>
    Always,
}

/// <summary>Payload of <c>policy.posture.set</c>.</summary>
public sealed record PostureSet(Posture Posture, string? Reason = null);

/// <summary>Payload of <c>policy.staging.set</c>.</summary>
public sealed record StagingSet(StagingMode Mode);

/// <summary>Payload of <c>kill.switch.set</c>. Project: the one that is stopped; null = the whole home.</summary>
public sealed record KillSwitchSet(bool On, string? Project = null, string? Reason = null);

/// <summary>Payload of <c>policy.recipe.forbids</c>: replaces what was said before for that episode. It is forgotten when the episode ends.</summary>
public sealed record RecipeForbids(string CorrId, IReadOnlyList<string> Capabilities)
{
    /// <summary>The recipe that says so; null = not said.</summary>
    public string? Recipe { get; init; }
}

/// <summary>Payload of <c>policy.decision</c>.</summary>
/// <param name="Decision">The decision in words.</param>
/// <param name="Principal">Who asked: <c>agent:NAME</c>.</param>
public sealed record PolicyDecided(DecisionReport Decision, string Principal)
{
    /// <summary>The action that asked; null = none.</summary>
    public string? Action { get; init; }

    /// <summary>The recipe that ran it; null = none.</summary>
    public string? Recipe { get; init; }
}
