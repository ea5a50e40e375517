using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;
using Arw.Core.Journal.Verification;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Backup;

/// <summary>Copies a journal as it is at one moment, with its segments, large payloads and the public part of its keys, into a folder of its own, and verifies the copy. Runs beside a live home. Projects' files, tokens and the private key are not in it.</summary>
/// <param name="options">Where the journal is.</param>
/// <param name="time">Clock.</param>
public sealed class JournalBackup(JournalOptions options, TimeProvider time)
{
    // A live home may drop or rewrite a file between the copy of the database that names it and its own.
    private const int Tries = 3;

    /// <summary>Told before a file is copied; null but in tests.</summary>
    internal Action? Copying { get; init; }

    /// <summary>Backs up.</summary>
    /// <param name="folder">Folder of the backup, which appears only when it is whole and verified.</param>
    /// <param name="progress">Told what is done, how much of it, of how much (0 = not known); null for nobody.</param>
    /// <param name="cancel">Gives up and leaves nothing.</param>
    public Result<BackupNote> Run(string folder, Action<string, long, long>? progress = null, CancellationToken cancel = default)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            return Refusal.Conflict($"There is something in \"{folder}\" already.", "Name a new folder: a backup is never written over another.");
        }

        if (!JournalFile.Open(options).TryGet(out var source, out var refusal))
        {
            return refusal;
        }

        source.Dispose();
        var partial = folder + ".partial";
        try
        {
            Clear(partial);
            DurableFolder.Create(partial);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            for (var left = Tries; !TryCopy(partial, left == 1, progress, cancel); left--)
            {
                progress?.Invoke("Copying again: the home archived meanwhile", 0, 0);
            }

            var answer = Verified(partial, progress, cancel);
            if (answer.TryGet(out var note, out _))
            {
                CopiedFolder.Sync(partial);
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder);
                }

                Directory.Move(partial, folder);
                DurableFolder.Sync(Path.GetDirectoryName(folder)!);
                Note(note);
            }

            return answer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            return new Refusal("backup_failed", $"The journal cannot be backed up to \"{folder}\": {e.Message}", null, 500);
        }
        finally
        {
            Clear(partial);
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // False where a file that the copied database names went meanwhile.
    private bool TryCopy(string partial, bool last, Action<string, long, long>? progress, CancellationToken cancel)
    {
        var to = options with { DataDir = partial };
        File.Delete(to.JournalPath);
        progress?.Invoke("Copying the database", 0, 0);
        using (var live = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.JournalPath, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString()))
        {
            live.Open();
            using var command = live.CreateCommand();
            // One moment of the journal, without pages that were freed: what was erased is in none of them.
            command.CommandText = "VACUUM INTO $path";
            command.CommandTimeout = 0;
            command.Parameters.AddWithValue("$path", to.JournalPath);
            command.ExecuteNonQuery();
        }

        using (var database = new FileStream(to.JournalPath, FileMode.Open, FileAccess.ReadWrite))
        {
            DurableFolder.Flush(database.SafeFileHandle, to.JournalPath);
        }

        CopiedFolder.Write(Path.Combine(partial, JournalKeys.FileName), JournalKeys.ToFile(JournalKeys.Of(options.DataDir)));
        var files = Files(to);
        for (var i = 0; i < files.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Invoke("Copying files", i, files.Count);
            Copying?.Invoke();
            try
            {
                CopiedFolder.Copy(Path.Combine(options.DataDir, files[i]), Path.Combine(partial, files[i]));
            }
            catch (Exception e) when (!last && e is FileNotFoundException or DirectoryNotFoundException)
            {
                return false;
            }
        }

        return true;
    }

    private static List<string> Files(JournalOptions to)
    {
        using var copy = JournalFile.Connect(to);
        var archived = copy.Archived;
        var blobs = new BlobStore(to.BlobsPath);
        List<string> files =
        [
            .. archived.Segments.Select(s => SegmentFile.PathOf(to.SegmentsPath, s)),
            .. archived.Cut is { } cut ? [CheckpointFile.PathOf(to.CheckpointsPath, cut.UpTo, cut.Checkpoint)] : (string[])[],
            .. copy.Blobs(archived).Where(Digest.IsWellFormed).Select(blobs.PathOf),
        ];
        return [.. files.Select(f => Path.GetRelativePath(to.DataDir, f))];
    }

    private Result<BackupNote> Verified(string partial, Action<string, long, long>? progress, CancellationToken cancel)
    {
        var to = options with { DataDir = partial };
        var report = new JournalVerifier(to).Run(null, p => progress?.Invoke("Verifying the copy", p.Done, p.Total), cancel);
        if (!report.Holds)
        {
            return new Refusal("journal_damaged", $"The journal does not hold, and is not backed up: {report.Faults[0].Message}", "\"journal verify\" says all that is wrong with it.", 409);
        }

        var note = new BackupNote(BackupNote.Version, report.Head, report.HeadHash, report.Events, report.Segments, report.Blobs, Rfc3339.Truncate(time.GetUtcNow()));
        CopiedFolder.Write(Path.Combine(partial, BackupNote.FileName), ArwJson.ToUtf8(note));
        return note;
    }

    // Shown on the page; a data folder that cannot be written is backed up all the same.
    private void Note(BackupNote note)
    {
        try
        {
            File.WriteAllBytes(Path.Combine(options.DataDir, BackupNote.LastFileName), ArwJson.ToUtf8(note));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Said above.
        }
    }
}
