namespace Arw.Core.Journal;

/// <summary>Where the journal is and how it groups.</summary>
public sealed record JournalOptions
{
    /// <summary>The data folder: <c>journal.db</c>, <c>views.db</c>, <c>blobs/</c>, <c>segments/</c> and <c>checkpoints/</c> are in it.</summary>
    public required string DataDir { get; init; }

    /// <summary>Payloads above this many bytes become blobs; 32 KiB by default.</summary>
    public int InlinePayloadBytes { get; init; } = 32 * 1024;

    /// <summary>Largest payload that is accepted; 4 MiB by default.</summary>
    public int MaxPayloadBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most events in one transaction; 2,048 by default. A lone event is never delayed: a group is what waits when the writer is free.</summary>
    public int MaxGroup { get; init; } = 2048;

    /// <summary>Path of the database.</summary>
    public string JournalPath => Path.Combine(DataDir, "journal.db");

    /// <summary>Path of the read models' cache.</summary>
    public string ViewsPath => Path.Combine(DataDir, "views.db");

    /// <summary>Folder of the archived segments.</summary>
    public string SegmentsPath => Path.Combine(DataDir, "segments");

    /// <summary>Folder of the checkpoint from which read models are rebuilt once events were dropped.</summary>
    public string CheckpointsPath => Path.Combine(DataDir, "checkpoints");

    /// <summary>Folder of the blobs.</summary>
    public string BlobsPath => Path.Combine(DataDir, "blobs");
}
