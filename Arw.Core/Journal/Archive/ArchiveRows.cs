namespace Arw.Core.Journal.Archive;

/// <summary>A row of table <c>segments</c>: this row, and not the file, makes a segment part of the journal.</summary>
public sealed class SegmentRow
{
    /// <summary>Seq of its first event.</summary>
    public long First { get; set; }

    /// <summary>Seq of its last event.</summary>
    public long Last { get; set; }

    /// <summary>Digest of its file.</summary>
    public string Digest { get; set; } = "";

    /// <summary>Its signed <see cref="SegmentManifest"/> as JSON.</summary>
    public byte[] Manifest { get; set; } = [];
}

/// <summary>A row of table <c>archived</c>: between which events a subject or an episode occurs outside table <c>events</c>. Subjects stay when their events are dropped: an append may still be held to their last seq.</summary>
public sealed class ArchivedName
{
    /// <summary><see cref="Field"/> of a subject.</summary>
    public const long Subject = 0;

    /// <summary><see cref="Field"/> of a correlation id.</summary>
    public const long CorrId = 1;

    /// <summary>What the name is: <see cref="Subject"/> or <see cref="CorrId"/>.</summary>
    public long Field { get; set; }

    /// <summary>The subject or correlation id.</summary>
    public string Name { get; set; } = "";

    /// <summary>Seq of its first archived event.</summary>
    public long First { get; set; }

    /// <summary>Seq of its last archived event.</summary>
    public long Last { get; set; }
}

/// <summary>A row of table <c>cuts</c>: events up to here were dropped.</summary>
public sealed class CutRow
{
    /// <summary>Seq of the last event that was dropped.</summary>
    public long UpTo { get; set; }

    /// <summary>The signed <see cref="CutRecord"/> as JSON.</summary>
    public byte[] Record { get; set; } = [];
}
