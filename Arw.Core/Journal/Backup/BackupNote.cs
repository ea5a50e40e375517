using System.Text.Json;
using Arw.Core.Primitives;

namespace Arw.Core.Journal.Backup;

/// <summary>What a backup holds: written into it, and into the data folder it was taken from as a note of the last one.</summary>
/// <param name="ArwBackup">Version of the format: 1.</param>
/// <param name="Head">Seq of the last event.</param>
/// <param name="HeadHash">Its chain hash, 64 lower-case hex digits.</param>
/// <param name="Events">Events in it.</param>
/// <param name="Segments">Archived segments in it.</param>
/// <param name="Blobs">Large payloads in it.</param>
/// <param name="Time">When it was taken (clock of the machine).</param>
public sealed record BackupNote(int ArwBackup, long Head, string HeadHash, long Events, long Segments, long Blobs, DateTimeOffset Time)
{
    /// <summary>The format that this program writes and reads.</summary>
    public const int Version = 1;

    /// <summary>Name of the file in a backup.</summary>
    public const string FileName = "backup.json";

    /// <summary>Name of the note in the data folder.</summary>
    public const string LastFileName = "last-backup.json";

    /// <summary>The note in a file; null where there is none that can be read.</summary>
    /// <param name="path">The file.</param>
    public static BackupNote? Read(string path)
    {
        try
        {
            return ArwJson.FromUtf8<BackupNote>(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
