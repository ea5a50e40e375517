using System.IO.Compression;
using System.Text.Json;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Portable;

/// <summary>Restores an exported journal, bit for bit, into a data folder that has none. Everything is written aside and checked first; only a file that holds to its last line becomes the journal.</summary>
/// <param name="options">Where to; the caller holds the data folder's lock.</param>
public sealed class JournalImporter(JournalOptions options)
{
    private const int RowsPerTransaction = 4096;

    private string Staging => Path.Combine(options.DataDir, "import.partial");

    /// <summary>Imports.</summary>
    /// <param name="path">The exported file.</param>
    /// <param name="progress">Told how many of how many events are written; null for nobody.</param>
    /// <param name="cancel">Gives up and leaves nothing.</param>
    public async Task<Result<PortableReport>> RunAsync(string path, Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        foreach (var there in new[] { options.JournalPath, options.ViewsPath, options.BlobsPath })
        {
            if (Path.Exists(there))
            {
                return Refusal.Conflict($"The data folder \"{options.DataDir}\" holds a journal already: \"{Path.GetFileName(there)}\".", "Import into an empty folder.");
            }
        }

        try
        {
            Clear();
            Directory.CreateDirectory(Staging);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var zip = new GZipStream(file, CompressionMode.Decompress);
            var answer = await ReadAsync(new LineReader(zip, PortableManifest.LongestLine), progress, cancel);
            if (answer.Ok)
            {
                Adopt();
            }

            return answer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException or InvalidDataException)
        {
            return new Refusal("import_failed", $"\"{path}\" cannot be imported: {e.Message}", null, 422);
        }
        finally
        {
            Clear();
        }
    }

    private static Refusal Bad(string message) =>
        new("export_damaged", message, "Nothing was imported. Export the journal again, or take another copy of the file.", 422);

    private static Result<PortableManifest> Manifest(LineReader lines)
    {
        try
        {
            if (lines.TryRead(out var first) && ArwJson.FromUtf8<PortableManifest>(first.Span) is { ArwJournal: > 0 } manifest)
            {
                return manifest.ArwJournal == PortableManifest.Version && string.CompareOrdinal(manifest.Schema, JournalSchema.Newest) <= 0
                    ? manifest
                    : Bad("The file is of a newer program.");
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        return Bad("The file is no exported journal: its first line is no manifest.");
    }

    private async Task<Result<PortableReport>> ReadAsync(LineReader lines, Action<long, long>? progress, CancellationToken cancel)
    {
        if (!Manifest(lines).TryGet(out var manifest, out var refusal))
        {
            return refusal;
        }

        using var rows = new ImportedRows(Path.Combine(Staging, "journal.db"), new BlobStore(Path.Combine(Staging, "blobs")));
        for (long line = 2; lines.TryRead(out var text); line++)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                var (row, blob, bytes) = PortableEvent.Read(text);
                refusal = row is null ? await rows.KeepAsync(blob, bytes!, cancel) : await rows.AddAsync(row, cancel);
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
            {
                refusal = Bad($"It cannot be read: {e.Message}");
            }

            if (refusal is not null)
            {
                return refusal with { Message = $"Line {line}: {refusal.Message}" };
            }

            if (rows.Events % RowsPerTransaction == 0)
            {
                rows.Commit();
                progress?.Invoke(rows.Events, manifest.Head);
            }
        }

        if (rows.Head != manifest.Head || rows.HeadHash != manifest.HeadHash)
        {
            return Bad($"The file promises to end with event {manifest.Head}, hash {manifest.HeadHash}, and ends with event {rows.Head}, hash {rows.HeadHash}.");
        }

        if (rows.Missing() is { } missing)
        {
            return missing;
        }

        rows.Commit();
        progress?.Invoke(rows.Events, manifest.Head);
        return new PortableReport(rows.Events, rows.Blobs, rows.Head, rows.HeadHash);
    }

    // The journal's own file comes last: until it is there, the folder holds no journal.
    private void Adopt()
    {
        if (Directory.Exists(Path.Combine(Staging, "blobs")))
        {
            Directory.Move(Path.Combine(Staging, "blobs"), options.BlobsPath);
        }

        File.Move(Path.Combine(Staging, "journal.db"), options.JournalPath);
    }

    private void Clear()
    {
        if (Directory.Exists(Staging))
        {
            Directory.Delete(Staging, recursive: true);
        }
    }
}
