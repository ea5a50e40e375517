using System.ComponentModel;

namespace Arw.Core.Memory;

/// <summary>What sort of thing is remembered.</summary>
public enum MemoryKind
{
    /// <summary>Something that is so.</summary>
    Fact,

    /// <summary>What somebody prefers.</summary>
    Pref,

    /// <summary>What somebody means to do.</summary>
    Plan,

    /// <summary>A longer text in short.</summary>
    Summary,

    /// <summary>What came of some work.</summary>
    Result,
}

/// <summary>What a piece of provenance names.</summary>
public enum ProvenanceKind
{
    /// <summary>An address on the web.</summary>
    Url,

    /// <summary>A file of the project, <c>project://…</c>.</summary>
    File,

    /// <summary>An episode of this home.</summary>
    Episode,

    /// <summary>An entry of a feed, or another thing with an id.</summary>
    Item,

    /// <summary>Somebody who said it.</summary>
    Person,

    /// <summary>A file or system that it was imported from.</summary>
    Import,
}

/// <summary>Where something comes from.</summary>
/// <param name="Kind">What the reference names.</param>
/// <param name="Ref">The reference: an address, a path, an id, a name.</param>
public sealed record MemoryProvenance(
    [property: Description("What ref names.")] ProvenanceKind Kind,
    [property: Description("The address, path, id or name, at most 2,048 characters.")] string Ref)
{
    /// <summary>Its title.</summary>
    [Description("Title of the source.")]
    public string? Title { get; init; }

    /// <summary>The words of the source that support it.</summary>
    [Description("The words of the source that support it, copied exactly.")]
    public string? Quote { get; init; }

    /// <summary>Whether it lies outside the home.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOutside => Kind is ProvenanceKind.Url or ProvenanceKind.Import or ProvenanceKind.Item;
}

/// <summary>One thing that is remembered.</summary>
/// <param name="Id">Its id, the same for the same text of the same kind in the same project.</param>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Text">What is remembered.</param>
public sealed record MemoryItem(string Id, MemoryKind Kind, string Text)
{
    /// <summary>Project; things of no project are remembered for people only.</summary>
    public string? Project { get; init; }

    /// <summary>Tags, lower case.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where it comes from.</summary>
    public IReadOnlyList<MemoryProvenance> Provenance { get; init; } = [];

    /// <summary>How well its sources speak for it, −1 to 1; null for what a person said.</summary>
    public double? EvidenceScore { get; init; }

    /// <summary>How far it is trusted by the way it came in, 0 to 1: a person's word 1, admitted by a person 0.8, an agent that had read nothing from outside 0.6, admitted by the rule of Relaxed 0.5.</summary>
    public double Trust { get; init; }

    /// <summary>Who remembered it.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The episode in which it was remembered.</summary>
    public string? CorrId { get; init; }

    /// <summary>Who let it in from the review queue, a person or the rule; null when it did not wait there.</summary>
    public string? AdmittedBy { get; init; }

    /// <summary>Its entry in the review queue; null when it did not wait there.</summary>
    public string? Entry { get; init; }

    /// <summary>When it was remembered.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset Updated { get; init; }
}
