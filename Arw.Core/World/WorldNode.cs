using Arw.Core.Beliefs;

namespace Arw.Core.World;

/// <summary>What a node of the map stands for.</summary>
public enum NodeKind
{
    /// <summary>A belief.</summary>
    Claim,

    /// <summary>A thing that beliefs are about.</summary>
    Entity,

    /// <summary>A topic that groups beliefs.</summary>
    Topic,

    /// <summary>Where a belief comes from.</summary>
    Source,

    /// <summary>A file of the project.</summary>
    File,

    /// <summary>An action that saw or made something.</summary>
    Task,

    /// <summary>Somebody who verified something.</summary>
    Actor,

    /// <summary>The project itself.</summary>
    Project,
}

/// <summary>One event that a node rests on.</summary>
/// <param name="Kind">Kind of the event.</param>
/// <param name="Seq">Its seq.</param>
/// <param name="Observed">When it was recorded.</param>
/// <param name="CorrId">Its episode; null for none.</param>
public sealed record WorldProvenance(string Kind, long Seq, DateTimeOffset Observed, string? CorrId = null);

/// <summary>A node of the map. Row of the read model <c>world_nodes</c>.</summary>
/// <param name="Id">Id, unique across projects: <c>belief:ID</c>, else <c>KIND:PROJECT/NAME</c>.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Label">What to show.</param>
/// <param name="Observed">When an event last mentioned it.</param>
public sealed record WorldNode(string Id, NodeKind Kind, string Label, DateTimeOffset Observed)
{
    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>The belief behind a claim; null for other nodes.</summary>
    public BeliefRow? Claim { get; init; }

    /// <summary>How sure, 0 to 1, for claims; null for other nodes.</summary>
    public double? Confidence { get; init; }

    /// <summary>Digest of a file's content; null for other nodes.</summary>
    public string? Digest { get; init; }

    /// <summary>How many events mentioned it.</summary>
    public long Mentions { get; init; }

    /// <summary>The newest events that it rests on, at most 5, newest first.</summary>
    public IReadOnlyList<WorldProvenance> Provenance { get; init; } = [];
}

/// <summary>An edge of the map. Row of the read model <c>world_edges</c>.</summary>
/// <param name="Src">Id of the node it starts from.</param>
/// <param name="Kind">How they relate.</param>
/// <param name="Dst">Id of the node it leads to.</param>
/// <param name="First">When it was first seen.</param>
/// <param name="Last">When it was last seen.</param>
public sealed record WorldEdge(string Src, RelationKind Kind, string Dst, DateTimeOffset First, DateTimeOffset Last)
{
    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>How sure its source was, 0 to 1; null when not said.</summary>
    public double? Confidence { get; init; }

    /// <summary>What it rests on; null for none.</summary>
    public BeliefEvidence? Evidence { get; init; }

    /// <summary>How often it was seen.</summary>
    public long Count { get; init; }

    /// <summary>The row's key.</summary>
    public static string Key(string src, RelationKind kind, string dst) => $"{src}|{kind}|{dst}";
}
