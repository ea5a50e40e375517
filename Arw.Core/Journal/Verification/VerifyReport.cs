namespace Arw.Core.Journal.Verification;

/// <summary>What a verification found.</summary>
public sealed record VerifyReport
{
    /// <summary>Events that were looked at.</summary>
    public required long Events { get; init; }

    /// <summary>Seq of the last event; 0 = the journal is empty or cannot be read.</summary>
    public required long Head { get; init; }

    /// <summary>Hash of the last event, 64 lower-case hex digits: two journals with the same one hold the same events.</summary>
    public required string HeadHash { get; init; }

    /// <summary>Events whose payload is a blob that was read and compared.</summary>
    public required long Blobs { get; init; }

    /// <summary>Archived segments among what was looked at.</summary>
    public long Segments { get; init; }

    /// <summary>Seq of the last event that retention dropped, by a signed record; 0 = none.</summary>
    public long DroppedTo { get; init; }

    /// <summary>What is wrong, in the order it was found: the first hundred.</summary>
    public required IReadOnlyList<JournalFault> Faults { get; init; }

    /// <summary>How much is wrong, those beyond the first hundred included.</summary>
    public required long FaultCount { get; init; }

    /// <summary>The first event that something is wrong with; null when none is.</summary>
    public required long? FirstBadSeq { get; init; }

    /// <summary>What the anchor says; null when none was asked for.</summary>
    public AnchorReport? Anchor { get; init; }

    /// <summary>True when nothing is wrong.</summary>
    public bool Holds => FaultCount == 0;
}

/// <summary>How an anchor compares with the journal.</summary>
/// <param name="Heads">Signed heads in it.</param>
/// <param name="LastSeq">The newest event that it vouches for; 0 = none.</param>
/// <param name="KeyId">The key that signed them; null when there is none.</param>
public sealed record AnchorReport(long Heads, long LastSeq, string? KeyId);

/// <summary>What a verification is doing.</summary>
public enum VerifyStep
{
    /// <summary>SQLite checks its pages and indexes; how far it is is not known.</summary>
    Structure,

    /// <summary>Events are walked in order.</summary>
    Events,

    /// <summary>Signed heads are compared.</summary>
    Anchor,
}

/// <summary>How far a verification is.</summary>
/// <param name="Step">What it is doing.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Total">Of how many; 0 = not known.</param>
public readonly record struct VerifyProgress(VerifyStep Step, long Done, long Total);
