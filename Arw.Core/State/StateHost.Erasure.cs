using System.Runtime.CompilerServices;
using Arw.Core.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Arw.Core.State;

/// <content>Forgetting what was derived from a payload that is erased.</content>
public sealed partial class StateHost
{
    // What the models contain: events up to the first were folded in an earlier life, all later ones when the journal ended at the second or later.
    private long _loadedTo;
    private long _readAt;

    // Whether the models may have taken in what this event erases: those that were folded earlier than it was written.
    private bool Forgets(JournalEvent e) =>
        (JournalEvents.Erased.Is(e) && (e.Seq > _readAt || JournalEvents.Erased.Read(e).Seq <= _loadedTo))
        || (JournalEvents.Expired.Is(e) && JournalEvents.Expired.Read(e).Done && (e.Seq > _readAt || _loadedTo > 0));

    // Nothing that was derived from an erased payload may stay, and what a model would be without it only the whole journal tells.
    private async Task<List<ModelChange>> RebuildAsync(long upTo, CancellationToken cancel)
    {
        var head = _journal.Head;
        var checkpoint = _journal.Archive.Checkpoint;
        var changes = await _models.RebuildAsync(PagesAsync(checkpoint?.UpTo ?? 0, upTo, cancel), checkpoint);
        (_loadedTo, _readAt) = (0, head);
        try
        {
            _models.Scrub();
        }
        catch (SqliteException e)
        {
            _log.LogWarning(e, "The cache of the read models could not be rewritten after an erasure; traces of the payload may be in its unused pages until the file is deleted");
        }

        return changes;
    }

    private async IAsyncEnumerable<IReadOnlyList<JournalEvent>> PagesAsync(long from, long upTo, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var after = from; after < upTo;)
        {
            var events = _journal.Read(after, max: 1024, upTo: upTo);
            after = events[^1].Seq;
            yield return await HydrateAsync(events, cancel);
        }
    }
}
