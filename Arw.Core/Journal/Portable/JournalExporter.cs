using System.Buffers;
using System.IO.Compression;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;
using Arw.Core.Journal.Verification;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Portable;

/// <summary>Writes a journal with its large payloads into one portable file: gzip over lines of JSON. It verifies what it writes, and runs beside a live home.</summary>
/// <param name="options">Where the journal is.</param>
/// <param name="time">Clock of the manifest.</param>
public sealed class JournalExporter(JournalOptions options, TimeProvider time)
{
    private const int FlushAt = 256 * 1024;
    private const int RowsPerReport = 4096;

    /// <summary>Exports everything up to the head of this moment.</summary>
    /// <param name="path">The file, which appears only when it is whole.</param>
    /// <param name="overwrite">Whether a file that is there already may go.</param>
    /// <param name="progress">Told how many of how many events are written; null for nobody.</param>
    /// <param name="cancel">Gives up.</param>
    public Result<PortableReport> Run(string path, bool overwrite = false, Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        if (File.Exists(path) && !overwrite)
        {
            return Refusal.Conflict($"There is a file \"{path}\" already.", "Name another one, or say --force.");
        }

        if (!JournalFile.Open(options).TryGet(out var journal, out var refusal))
        {
            return refusal;
        }

        var partial = path + ".partial";
        try
        {
            using (journal)
            {
                if (journal.Archived.DroppedTo is > 0 and var dropped)
                {
                    return Refusal.Conflict($"Retention dropped the events up to {dropped}, and a journal without its beginning cannot be imported.", "Take a backup instead: \"journal backup\" also copies what a rebuild begins with.");
                }

                if (!Write(journal, partial, progress, cancel).TryGet(out var report, out refusal))
                {
                    return refusal;
                }

                File.Move(partial, path, overwrite);
                return report;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException or SegmentDamagedException)
        {
            return new Refusal("export_failed", $"The journal cannot be exported to \"{path}\": {e.Message}", null, 500);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private Result<PortableReport> Write(JournalFile journal, string partial, Action<long, long>? progress, CancellationToken cancel)
    {
        var (head, hash) = journal.Head();
        var manifest = new PortableManifest(PortableManifest.Version, JournalSchema.Newest, head, Convert.ToHexStringLower(hash), time.GetUtcNow());
        var faults = new FaultList();
        var written = new HashSet<string>(StringComparer.Ordinal);
        var lines = new ArrayBufferWriter<byte>(FlushAt * 2);
        using var large = new MemoryStream();
        using var blobs = new BlobCheck(new BlobStore(options.BlobsPath), faults, large);
        var tombstones = new Tombstones(journal);
        using var walk = new RowWalk(journal);
        using var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        using (var zip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            lines.Write(ArwJson.ToUtf8(manifest));
            lines.Write("\n"u8);
            var check = new RowCheck(faults, blobs, tombstones, 0, ChainHash.Genesis);
            walk.Run(
                long.MinValue,
                head,
                row =>
                {
                    check.Check(row);
                    if (faults.Count > 0)
                    {
                        return false;
                    }

                    if (row.HasPayloadRef && written.Add(row.PayloadRef))
                    {
                        PortableEvent.WriteBlob(row.PayloadRef, large.GetBuffer().AsSpan(0, (int)large.Length), lines);
                    }

                    PortableEvent.Write(row, lines);
                    if (lines.WrittenCount >= FlushAt)
                    {
                        zip.Write(lines.WrittenSpan);
                        lines.ResetWrittenCount();
                    }

                    if (check.Events % RowsPerReport == 0)
                    {
                        progress?.Invoke(check.Events, head);
                    }

                    return true;
                },
                cancel);
            if (faults.Count > 0 || check.LastSeq != head)
            {
                return new Refusal(
                    "journal_damaged", $"The journal does not hold, and is not exported: {(faults.Count > 0 ? faults.Items[0].Message : $"it breaks off after event {check.LastSeq}.")}", "\"journal verify\" says all that is wrong with it.", 409);
            }

            zip.Write(lines.WrittenSpan);
        }

        file.Flush(flushToDisk: true);
        progress?.Invoke(head, head);
        return new PortableReport(head, written.Count, head, manifest.HeadHash);
    }
}
