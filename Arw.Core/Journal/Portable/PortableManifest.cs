namespace Arw.Core.Journal.Portable;

/// <summary>The first line of an exported journal: what follows, so that a file that was cut short is known by it.</summary>
/// <param name="ArwJournal">Version of the format: 1.</param>
/// <param name="Schema">The newest migration of the journal that was exported.</param>
/// <param name="Head">Seq of the last event in the file.</param>
/// <param name="HeadHash">Its chain hash, 64 lower-case hex digits.</param>
/// <param name="Exported">When (home clock).</param>
public sealed record PortableManifest(int ArwJournal, string Schema, long Head, string HeadHash, DateTimeOffset Exported)
{
    /// <summary>The format that this program writes and reads.</summary>
    public const int Version = 1;

    /// <summary>Bytes that a line may have: a payload of the largest size that the home accepts, in base64, and room.</summary>
    public const int LongestLine = 64 * 1024 * 1024;
}

/// <summary>What was exported or imported.</summary>
/// <param name="Events">Events.</param>
/// <param name="Blobs">Large payloads, each once.</param>
/// <param name="Head">Seq of the last event.</param>
/// <param name="HeadHash">Its chain hash: the same on both sides.</param>
public sealed record PortableReport(long Events, long Blobs, long Head, string HeadHash);
