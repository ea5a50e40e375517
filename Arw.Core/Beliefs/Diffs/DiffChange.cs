using System.ComponentModel;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>What a change of a diff does.</summary>
public enum DiffOp
{
    /// <summary>The source holds this.</summary>
    Add,

    /// <summary>The source holds this instead of what it held before.</summary>
    Change,

    /// <summary>The source no longer holds this.</summary>
    Retract,
}

/// <summary>One change of a diff, as its source says it.</summary>
public sealed record DiffChange(
    [property: Description("add, change (value instead of was) or retract.")] DiffOp Op,
    [property: Description("What the source says, as a sentence; at most 2,000 characters.")] string Value)
{
    /// <summary>What it is about.</summary>
    [Description("What it is about; needed to find conflicts.")]
    public string? Subject { get; init; }

    /// <summary>Which property of the subject.</summary>
    [Description("Which property of the subject; two different values of one subject and predicate contradict each other, unless the predicate may have many.")]
    public string? Predicate { get; init; }

    /// <summary>What the source said before; for <see cref="DiffOp.Change"/> only.</summary>
    [Description("What the source said before; for change only, and needed there.")]
    public string? Was { get; init; }

    /// <summary>How sure the source is, 0 to 1; null for a retraction.</summary>
    [Description("How sure the source is, 0 to 1; needed for add and change.")]
    public double? Confidence { get; init; }

    /// <summary>The topic it belongs to.</summary>
    [Description("The topic it belongs to.")]
    public string? Topic { get; init; }

    /// <summary>How the source came to hold it, in words.</summary>
    [Description("How the source came to hold it, in words; at most 500 characters.")]
    public string? Provenance { get; init; }

    /// <summary>Where it comes from.</summary>
    [Description("Where it comes from, at most 32 places.")]
    public IReadOnlyList<BeliefEvidence> Evidence { get; init; } = [];

    /// <summary>Id of the belief that the change is about, in a project.</summary>
    public string BeliefIn(string? project) => BeliefIdentity.Of(project, Subject, Predicate, Value);

    /// <summary>Id of the belief that it replaces, in a project; null when it replaces none.</summary>
    public string? ReplacedIn(string? project) => Op == DiffOp.Change && Was is { } was ? BeliefIdentity.Of(project, Subject, Predicate, was) : null;
}
