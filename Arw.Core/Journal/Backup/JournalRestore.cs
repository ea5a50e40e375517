using System.Globalization;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Verification;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Backup;

/// <summary>Puts a backup into a data folder. It is copied aside and verified there before it takes the place; a journal that is there is moved aside, never deleted.</summary>
/// <param name="options">Where to; the caller holds the data folder's lock.</param>
/// <param name="time">Clock.</param>
public sealed class JournalRestore(JournalOptions options, TimeProvider time)
{
    private string Staging => Path.Combine(options.DataDir, "restore.partial");

    // The journal's own file comes last: until it is there, the folder holds no journal.
    private static readonly string[] Parts = ["blobs", "segments", "checkpoints", "journal.db"];

    // What belongs to a journal that is replaced: it goes aside with it.
    private static readonly string[] Derived = ["journal.db-wal", "journal.db-shm", "views.db", "views.db-wal", "views.db-shm"];

    /// <summary>Restores.</summary>
    /// <param name="backup">Folder of the backup.</param>
    /// <param name="replace">Whether a journal that is there already may be moved aside.</param>
    /// <param name="progress">Told what is done, how much of it, of how much (0 = not known); null for nobody.</param>
    /// <param name="cancel">Gives up and leaves everything as it was.</param>
    /// <returns>What was restored, and where the journal that was there is now; null for none.</returns>
    public Result<(BackupNote Note, string? Aside)> Run(string backup, bool replace, Action<string, long, long>? progress = null, CancellationToken cancel = default)
    {
        if (BackupNote.Read(Path.Combine(backup, BackupNote.FileName)) is not { } note)
        {
            return new Refusal("no_backup", $"\"{backup}\" is no backup: it has no {BackupNote.FileName}.", "Name a folder that \"journal backup\" wrote.", 404);
        }

        var there = Parts.Concat(Derived).Where(p => Path.Exists(Path.Combine(options.DataDir, p))).ToList();
        if (there.Count > 0 && !replace)
        {
            return Refusal.Conflict($"The data folder \"{options.DataDir}\" holds a journal already: \"{there[0]}\".", "Restore into an empty folder, or say --replace: then the one that is there is moved aside.");
        }

        try
        {
            Clear();
            Copy(backup, progress, cancel);
            var staged = options with { DataDir = Staging };
            var report = new JournalVerifier(staged).Run(null, p => progress?.Invoke("Verifying the copy", p.Done, p.Total), cancel);
            if (!report.Holds || report.Head != note.Head || report.HeadHash != note.HeadHash)
            {
                return new Refusal(
                    "backup_damaged", $"The backup does not hold: {(report.Holds ? $"it promises to end with event {note.Head}, and ends with event {report.Head}." : report.Faults[0].Message)}", "Nothing was restored. Take another backup.", 422);
            }

            return (note, Adopt(there));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            return new Refusal("restore_failed", $"\"{backup}\" cannot be restored: {e.Message}", null, 422);
        }
        finally
        {
            Clear();
        }
    }

    private void Copy(string backup, Action<string, long, long>? progress, CancellationToken cancel)
    {
        var files = Parts.Append(JournalKeys.FileName).Select(p => Path.Combine(backup, p))
            .SelectMany(p => Directory.Exists(p) ? Directory.GetFiles(p, "*", SearchOption.AllDirectories) : File.Exists(p) ? [p] : []).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Invoke("Copying files", i, files.Count);
            CopiedFolder.Copy(files[i], Path.Combine(Staging, Path.GetRelativePath(backup, files[i])));
        }
    }

    private string? Adopt(List<string> there)
    {
        string? aside = null;
        if (there.Count > 0)
        {
            aside = Path.Combine(options.DataDir, string.Create(CultureInfo.InvariantCulture, $"replaced-{time.GetUtcNow():yyyyMMdd-HHmmss}"));
            Directory.CreateDirectory(aside);
            foreach (var part in there.AsEnumerable().Reverse())
            {
                Directory.Move(Path.Combine(options.DataDir, part), Path.Combine(aside, part));
            }
        }

        // The keys that signed the backup count here too; those that counted go on doing so.
        CopiedFolder.Write(Path.Combine(options.DataDir, JournalKeys.FileName), JournalKeys.ToFile([.. JournalKeys.Of(Staging), .. JournalKeys.Of(options.DataDir)]));

        CopiedFolder.Sync(Staging);
        foreach (var part in Parts.Where(p => Path.Exists(Path.Combine(Staging, p))))
        {
            Directory.Move(Path.Combine(Staging, part), Path.Combine(options.DataDir, part));
        }

        DurableFolder.Sync(options.DataDir);
        return aside;
    }

    private void Clear()
    {
        if (Directory.Exists(Staging))
        {
            Directory.Delete(Staging, recursive: true);
        }
    }
}
