using Arw.Core.Journal;
using Arw.Core.Journal.Archive;

namespace Arw.Core.State;

/// <summary>
/// Folds the read models up to an event that is about to be the last one dropped, into a file of its own: from the checkpoint before it and the events since,
/// beside the home's own models and without holding them up. So a later rebuild knows exactly what the dropped events led to, and nothing of those that are kept.
/// </summary>
/// <param name="journal">Whose events.</param>
/// <param name="fresh">Makes every read model anew.</param>
public sealed class CheckpointBuilder(EventJournal journal, Func<IReadOnlyList<ReadModel>> fresh)
{
    private const int Page = 1024;

    /// <summary>Builds the checkpoint and leaves it, durable, in the folder of checkpoints.</summary>
    /// <param name="upTo">Seq of the last event in it.</param>
    /// <param name="folder">Folder of the checkpoints.</param>
    /// <param name="cancel">Gives up; what was begun is removed at the next try.</param>
    /// <returns>Its digest.</returns>
    public async Task<string> BuildAsync(long upTo, string folder, CancellationToken cancel = default)
    {
        DurableFolder.Create(folder);
        var work = Path.Combine(folder, "building.db");
        foreach (var left in Directory.GetFiles(folder, "building.db*"))
        {
            File.Delete(left);
        }

        using (var database = new ViewsDatabase(work))
        {
            var models = new FoldedModels(database, fresh());
            var from = models.Open(upTo, null, journal.Archive.Checkpoint);
            while (from < upTo)
            {
                cancel.ThrowIfCancellationRequested();
                var events = new List<JournalEvent>();
                foreach (var e in journal.Read(from, max: Page, upTo: upTo))
                {
                    events.Add(await journal.HydrateAsync(e, cancel));
                }

                models.Fold(events, checkpointEvery: int.MaxValue);
                from = events[^1].Seq;
            }

            models.Checkpoint();
            // One file, without what was written over: it is read where nothing can be written beside it.
            database.Execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM;");
        }

        using (var file = new FileStream(work, FileMode.Open, FileAccess.ReadWrite))
        {
            DurableFolder.Flush(file.SafeFileHandle, work);
        }

        var digest = CheckpointFile.DigestOf(work);
        File.Move(work, CheckpointFile.PathOf(folder, upTo, digest), overwrite: true);
        DurableFolder.Sync(folder);
        return digest;
    }
}
