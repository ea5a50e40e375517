namespace Arw.Core.Journal;

/// <summary>A row of table <c>events</c> as EF Core maps it.</summary>
public sealed class EventRow
{
    /// <summary>Gapless sequence number from 1.</summary>
    public long Seq { get; set; }

    /// <summary>Home clock, Unix milliseconds.</summary>
    public long Recorded { get; set; }

    /// <summary>Claimed time, Unix milliseconds.</summary>
    public long Time { get; set; }

    /// <summary>Kind.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Subject; null for none.</summary>
    public string? Subject { get; set; }

    /// <summary>Actor.</summary>
    public string Actor { get; set; } = "";

    /// <summary>Project; null for none.</summary>
    public string? Project { get; set; }

    /// <summary>Correlation id; null for none.</summary>
    public string? CorrId { get; set; }

    /// <summary>Span; null for none.</summary>
    public string? SpanId { get; set; }

    /// <summary>Parent; null for none.</summary>
    public string? ParentId { get; set; }

    /// <summary>Compact UTF-8 JSON; null when it is a blob, archived or erased.</summary>
    public byte[]? Payload { get; set; }

    /// <summary>Digest of the blob that holds the payload; null when the row does.</summary>
    public string? PayloadRef { get; set; }

    /// <summary>Length of the payload in bytes.</summary>
    public long PayloadBytes { get; set; }

    /// <summary>16 random bytes that make <see cref="PayloadDigest"/> unguessable; erased together with the payload.</summary>
    public byte[]? Salt { get; set; }

    /// <summary>SHA-256 of salt and payload.</summary>
    public byte[] PayloadDigest { get; set; } = [];

    /// <summary>Seq of the event that this one erases; null for none. No column: the payload says it too.</summary>
    internal long? Erases { get; init; }

    /// <summary>Written only while its subject has no event yet. No column: it is about the writing.</summary>
    internal bool Once { get; init; }

    /// <summary>The chain: see <see cref="ChainHash"/>.</summary>
    public byte[] Hash { get; set; } = [];
}
