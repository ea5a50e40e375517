namespace Arw.Core.Beliefs;

/// <summary>What is held about a belief.</summary>
public enum BeliefStatus
{
    /// <summary>Claimed, not judged.</summary>
    Proposed,

    /// <summary>Claimed, and another claim says otherwise.</summary>
    Conflict,

    /// <summary>A person holds it true.</summary>
    Accepted,

    /// <summary>A person holds it false.</summary>
    Rejected,

    /// <summary>Taken back; claiming it again revives it.</summary>
    Retracted,
}

/// <summary>A source of a belief and what it adds.</summary>
/// <param name="Key">Names the source; one entry per source.</param>
/// <param name="Weight">Its part in the confidence, 0 to 1.</param>
/// <param name="Evidence">The evidence; null for a bare statement of the actor that the key names.</param>
public sealed record BeliefSource(string Key, double Weight, BeliefEvidence? Evidence = null);

/// <summary>A belief that says otherwise.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Support">How well supported it is, 0 to 1; 0 once it is rejected or retracted.</param>
public sealed record BeliefConflict(string Id, double Support);

/// <summary>One belief.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The claim.</param>
public sealed record BeliefRow(string Id, string Text)
{
    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>What it is about.</summary>
    public string? Subject { get; init; }

    /// <summary>Which property.</summary>
    public string? Predicate { get; init; }

    /// <summary>Its topic.</summary>
    public string? Topic { get; init; }

    /// <summary>What is held about it.</summary>
    public BeliefStatus Status { get; init; }

    /// <summary>How sure: <see cref="Support"/> less what contradicts it. 0 to 0.99.</summary>
    public double Confidence { get; init; }

    /// <summary>How sure by its own sources alone. 0 to 0.99.</summary>
    public double Support { get; init; }

    /// <summary>Its sources by key, at most 64: the weightiest.</summary>
    public IReadOnlyList<BeliefSource> Sources { get; init; } = [];

    /// <summary>Its relations, at most 64.</summary>
    public IReadOnlyList<BeliefRelation> Relations { get; init; } = [];

    /// <summary>What says otherwise, by id, at most 64.</summary>
    public IReadOnlyList<BeliefConflict> Conflicts { get; init; } = [];

    /// <summary>A person's or the claimant's last word; null for none.</summary>
    public BeliefStatus? Judgement { get; init; }

    /// <summary>Why it was judged so.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was first claimed.</summary>
    public DateTimeOffset Proposed { get; init; }

    /// <summary>When it last changed or was claimed again.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Who last claimed it.</summary>
    public string? Actor { get; init; }

    /// <summary>The episode that last claimed it.</summary>
    public string? CorrId { get; init; }

    /// <summary>The diff that changed it last; null when none did.</summary>
    public string? Diff { get; init; }

    /// <summary>How it stood before that diff; null once anything else was said about it since.</summary>
    public BeliefBefore? Before { get; init; }

    /// <summary>True unless it was rejected or retracted.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Stands => Judgement is not (BeliefStatus.Rejected or BeliefStatus.Retracted);
}
