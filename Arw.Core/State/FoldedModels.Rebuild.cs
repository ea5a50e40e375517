using Arw.Core.Journal;
using Arw.Core.Journal.Archive;

namespace Arw.Core.State;

/// <content>Building everything anew while the home runs.</content>
internal sealed partial class FoldedModels
{
    /// <summary>Builds every model from nothing, or from the checkpoint, in one transaction: readers see the old content until all of the new is there.</summary>
    /// <param name="pages">All events after that up to where the models are to stand.</param>
    /// <param name="checkpoint">What the events that were dropped led to; null while none were.</param>
    public async Task<List<ModelChange>> RebuildAsync(IAsyncEnumerable<IReadOnlyList<JournalEvent>> pages, ModelsCheckpoint? checkpoint)
    {
        Attach(checkpoint);
        try
        {
            return await RebuildAttachedAsync(pages, checkpoint);
        }
        finally
        {
            Detach(checkpoint);
        }
    }

    private async Task<List<ModelChange>> RebuildAttachedAsync(IAsyncEnumerable<IReadOnlyList<JournalEvent>> pages, ModelsCheckpoint? checkpoint)
    {
        var before = _entries.Select(e => (Entry: e, e.Folded, e.Model.Version)).ToList();
        try
        {
            _database.Execute("BEGIN IMMEDIATE");
            foreach (var entry in _entries)
            {
                BeginAside(entry, checkpoint);
            }

            JournalEvent? last = null;
            await foreach (var events in pages)
            {
                foreach (var entry in _entries)
                {
                    foreach (var e in events)
                    {
                        (entry.Model as DocumentModel)?.ApplyAside(e);
                        (entry.Model as TableModel)?.Apply(e);
                    }

                    entry.Table?.Flush();
                }

                last = events[^1];
            }

            foreach (var entry in _entries)
            {
                (entry.Model as DocumentModel)?.PublishAside();
                entry.Folded = last!.Seq;
                if (entry.Table is not null)
                {
                    entry.Model.Version = last.Seq;
                }
            }

            SaveDocuments();
            SaveProgress(last!, []);
            _database.Execute("COMMIT");
        }
        catch
        {
            foreach (var (entry, folded, version) in before.Where(b => b.Entry.Table is not null))
            {
                entry.Table!.Discard();
                (entry.Folded, entry.Model.Version) = (folded, version);
            }

            _database.TryRollback();
            throw;
        }

        // From its own version to itself: nobody has what came before it, so everybody reads anew.
        var changes = _entries.Select(e => new ModelChange(e.Model.Id, e.Table is null ? e.Announced : e.Model.Version, e.Model.Version, e.Table is null ? null : [])).ToList();
        foreach (var entry in _entries)
        {
            entry.Announced = entry.Model.Version;
        }

        return changes;
    }

    /// <summary>Overwrites what the cache file held before.</summary>
    public void Scrub() => _database.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
}
