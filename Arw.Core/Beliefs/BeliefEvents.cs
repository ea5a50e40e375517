using Arw.Core.Journal;

namespace Arw.Core.Beliefs;

/// <summary>Kinds of events about beliefs. Subject: <c>belief:ID</c>.</summary>
public static class BeliefEvents
{
    /// <summary>Somebody claims something, with evidence; claiming it again adds evidence.</summary>
    public static readonly EventKind<BeliefProposed> Proposed = new("beliefs.proposed", "A claim was made, or got further evidence.");

    /// <summary>A person holds it true.</summary>
    public static readonly EventKind<BeliefJudged> Accepted = new("beliefs.accepted", "A person accepted a belief.");

    /// <summary>A person holds it false.</summary>
    public static readonly EventKind<BeliefJudged> Rejected = new("beliefs.rejected", "A person rejected a belief.");

    /// <summary>It was taken back.</summary>
    public static readonly EventKind<BeliefJudged> Retracted = new("beliefs.retracted", "A belief was taken back.");

    /// <summary>What a diff changed about a belief was undone: it stands as it did before.</summary>
    public static readonly EventKind<BeliefRestored> Restored = new("beliefs.restored", "What a diff had changed about a belief was undone.");

    /// <summary>Subject of a belief's events, and id of its node on the map.</summary>
    public static string Subject(string beliefId) => $"belief:{beliefId}";
}

/// <summary>Where a claim comes from. At least one field is set.</summary>
public sealed record BeliefEvidence
{
    /// <summary>Address of the source: http, https or project.</summary>
    public string? Url { get; init; }

    /// <summary>Its title.</summary>
    public string? Title { get; init; }

    /// <summary>The words that support the claim.</summary>
    public string? Quote { get; init; }

    /// <summary>Id of a feed item or the like.</summary>
    public string? ItemId { get; init; }
}

/// <summary>How two things on the map relate.</summary>
public enum RelationKind
{
    /// <summary>Makes it likelier.</summary>
    Supports,

    /// <summary>Both cannot be true.</summary>
    Contradicts,

    /// <summary>Holds only if the other does.</summary>
    DependsOn,

    /// <summary>Was made from it.</summary>
    DerivedFrom,

    /// <summary>Was seen there.</summary>
    ObservedAt,

    /// <summary>Was checked by it.</summary>
    VerifiedBy,

    /// <summary>Is about it.</summary>
    Mentions,

    /// <summary>Says why.</summary>
    Explains,
}

/// <summary>A relation of a claim to something else.</summary>
/// <param name="Kind">How.</param>
/// <param name="Target">To what: <c>belief:ID</c>, or the name of an entity.</param>
public sealed record BeliefRelation(RelationKind Kind, string Target);

/// <summary>Payload of <c>beliefs.proposed</c>.</summary>
/// <param name="Id">Id, the same for the same claim in the same project.</param>
/// <param name="Text">The claim as a sentence.</param>
/// <param name="Confidence">How sure its source is, 0 to 1.</param>
public sealed record BeliefProposed(string Id, string Text, double Confidence)
{
    /// <summary>What it is about; null when not said.</summary>
    public string? Subject { get; init; }

    /// <summary>Which property of the subject; null when not said.</summary>
    public string? Predicate { get; init; }

    /// <summary>The topic it belongs to; null for none.</summary>
    public string? Topic { get; init; }

    /// <summary>Where it comes from.</summary>
    public IReadOnlyList<BeliefEvidence> Evidence { get; init; } = [];

    /// <summary>Relations to other things.</summary>
    public IReadOnlyList<BeliefRelation> Relations { get; init; } = [];

    /// <summary>Ids of beliefs that say something else about the same subject and predicate, as found when it was proposed.</summary>
    public IReadOnlyList<string> Conflicts { get; init; } = [];

    /// <summary>The diff that brought it; null when it was claimed here.</summary>
    public string? Diff { get; init; }

    /// <summary>Who made the claim, when somebody else let it onto the map; null = the event's own actor.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>The episode in which it was made, when it was let onto the map in another; null = the event's own.</summary>
    public string? ClaimedIn { get; init; }

    /// <summary>The action that made it, when another let it onto the map; null = the event's own parent.</summary>
    public string? ClaimedByAction { get; init; }
}

/// <summary>Payload of <c>beliefs.accepted</c>, <c>beliefs.rejected</c> and <c>beliefs.retracted</c>.</summary>
/// <param name="Id">The belief.</param>
/// <param name="Reason">Why; null when not said.</param>
public sealed record BeliefJudged(string Id, string? Reason = null)
{
    /// <summary>The diff whose application judged it; null when it was judged by itself.</summary>
    public string? Diff { get; init; }
}

/// <summary>Payload of <c>beliefs.restored</c>.</summary>
/// <param name="Id">The belief.</param>
/// <param name="Diff">The diff that had changed it last.</param>
/// <param name="Claim">What the diff had claimed, which is as if it had not been said; null when the diff had only judged it.</param>
public sealed record BeliefRestored(string Id, string Diff, BeliefProposed? Claim = null)
{
    /// <summary>The action by which the diff had claimed it; null when it had not.</summary>
    public string? Action { get; init; }

    /// <summary>Who had accepted it by applying the diff; null when that was not so.</summary>
    public string? VerifiedBy { get; init; }
}
