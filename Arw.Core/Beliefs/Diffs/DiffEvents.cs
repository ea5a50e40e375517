using Arw.Core.Journal;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>Kinds of events about diffs of the map that come in. Subject: <c>diff:ID</c>.</summary>
public static class DiffEvents
{
    /// <summary>A diff came in and waits for a person.</summary>
    public static readonly EventKind<DiffQueued> Queued = new("world.diff.queued", "A diff of the project map came in and waits for a person.");

    /// <summary>A person puts it off.</summary>
    public static readonly EventKind<DiffDecided> Deferred = new("world.diff.deferred", "A person put a diff off.");

    /// <summary>A person does not want it.</summary>
    public static readonly EventKind<DiffDecided> Rejected = new("world.diff.rejected", "A person rejected a diff; the map stays as it is.");

    /// <summary>A person applied it: the beliefs' own events stand before this one, in the same append.</summary>
    public static readonly EventKind<DiffApplied> Applied = new("world.diff.applied", "A person applied a diff: the map has changed.");

    /// <summary>A person undid its application.</summary>
    public static readonly EventKind<DiffDecided> Reverted = new("world.diff.reverted", "A person undid what a diff had changed.");

    /// <summary>Subject of a diff's events.</summary>
    public static string Subject(string diffId) => $"diff:{diffId}";
}

/// <summary>Payload of <c>world.diff.queued</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="From">The source that it names: another home, an agent, a file. Who brought it is the event's actor.</param>
/// <param name="Changes">The changes, at most 200.</param>
/// <param name="Digest">Digest of project, source and changes: the same diff again is known by it.</param>
public sealed record DiffQueued(string Id, string From, IReadOnlyList<DiffChange> Changes, string Digest)
{
    /// <summary>What it is about, in words; null when not said.</summary>
    public string? Summary { get; init; }
}

/// <summary>Payload of <c>world.diff.deferred</c>, <c>world.diff.rejected</c> and <c>world.diff.reverted</c>.</summary>
/// <param name="Id">The diff.</param>
/// <param name="Note">Why; null when not said.</param>
public sealed record DiffDecided(string Id, string? Note = null);

/// <summary>Payload of <c>world.diff.applied</c>.</summary>
/// <param name="Id">The diff.</param>
/// <param name="Counts">What it changed.</param>
/// <param name="Touched">The beliefs that it changed, in the order of their events.</param>
public sealed record DiffApplied(string Id, DiffCounts Counts, IReadOnlyList<DiffTouched> Touched)
{
    /// <summary>How its conflicts were settled.</summary>
    public IReadOnlyList<ChangeChoice> Choices { get; init; } = [];

    /// <summary>Why; null when not said.</summary>
    public string? Note { get; init; }
}

/// <summary>A belief that a diff changed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Contradicts">Ids of the beliefs that it was said to contradict.</param>
public sealed record DiffTouched(string Id, IReadOnlyList<string> Contradicts)
{
    /// <summary>True when the diff claimed it, false when it took it back.</summary>
    public bool Claimed { get; init; }

    /// <summary>True when it was accepted against an earlier rejection.</summary>
    public bool Accepted { get; init; }
}

/// <summary>What applying a diff comes to.</summary>
/// <param name="Added">Beliefs that become new on the map, or come back to it.</param>
/// <param name="Strengthened">Beliefs that get further evidence.</param>
/// <param name="TakenBack">Beliefs that are taken back.</param>
/// <param name="Contradictions">Pairs of beliefs that then stand against each other because of it.</param>
/// <param name="LeftOut">Changes that change nothing: kept ours, or nothing to do.</param>
public sealed record DiffCounts(int Added, int Strengthened, int TakenBack, int Contradictions, int LeftOut);

/// <summary>How a conflict is settled.</summary>
public enum DiffChoice
{
    /// <summary>What is held here stays, the change is left out.</summary>
    KeepOurs,

    /// <summary>The incoming value replaces what is held here.</summary>
    TakeTheirs,

    /// <summary>Both stand, as a contradiction on the map.</summary>
    KeepBoth,
}

/// <summary>How the conflict of one change is settled.</summary>
/// <param name="Index">Which change, from 0.</param>
/// <param name="Choice">How.</param>
public sealed record ChangeChoice(int Index, DiffChoice Choice);
