using Arw.Core.Actions;
using Arw.Core.Erasure;
using Arw.Core.Journal;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;
using Arw.Core.State;

namespace Arw.Core.Retention;

/// <summary>What a turn did.</summary>
/// <param name="Segments">Segments written.</param>
/// <param name="Dropped">Events dropped.</param>
/// <param name="Expired">Projects whose older payloads were erased.</param>
/// <param name="Blobs">Large payloads removed that nothing refers to any more.</param>
public sealed record RetentionReport(int Segments, long Dropped, IReadOnlyList<string> Expired, int Blobs);

/// <summary>One turn of retention: projects' payloads that are past their time, then what is old enough to archive, then what is old or large enough to drop. The same in a home's background and in <c>journal prune</c>.</summary>
public sealed class RetentionTurn(
    EventJournal journal, StateHost state, CheckpointBuilder checkpoints, RetentionModel model, LiveActions live, BlobStore blobs, JournalOptions where, RetentionOptions options, TimeProvider time)
{
    // A segment that is not full is written only for events that wait for it this long: else every turn would write a small one.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private bool _swept;

    /// <summary>Runs one.</summary>
    /// <param name="progress">Told what is being done, and up to which event; null for nobody.</param>
    /// <param name="cancel">Stops between two steps; the next turn goes on.</param>
    /// <exception cref="IOException">The disk did not take something; nothing is lost.</exception>
    public async Task<RetentionReport> RunAsync(Action<string, long>? progress = null, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        var expired = await ExpireAsync(now, progress, cancel);
        var segments = 0;
        if (options.ArchiveAfter is { } after)
        {
            segments += await ArchiveAsync(now - after, progress, cancel);
        }

        var dropped = 0L;
        if (options.Age is { } age)
        {
            segments += await ArchiveAsync(now - age, progress, cancel);
            var old = journal.Archive.Now.Segments.LastOrDefault(s => s.Until < now - age);
            dropped += old is null ? 0 : await DropAsync(old.Last, $"They are older than {age.TotalDays:0.##} days.", progress, cancel);
        }

        if (options.Size is { } size)
        {
            var (written, gone) = await ShrinkAsync(size, progress, cancel);
            segments += written;
            dropped += gone;
        }

        // The first turn of a process also ends what a death interrupted.
        var sweep = !_swept || dropped > 0 || expired.Count > 0;
        var blobsRemoved = sweep ? SweepBlobs() : 0;
        _swept = true;
        return new RetentionReport(segments, dropped, expired, blobsRemoved);
    }

    private async Task<int> ArchiveAsync(DateTimeOffset before, Action<string, long>? progress, CancellationToken cancel)
    {
        var written = 0;
        while (true)
        {
            var done = journal.Archive.Now.ArchivedTo;
            var last = LastBefore(before, done);
            if (last - done < SegmentFile.MostEvents && LastBefore(before - Patience, done) == done)
            {
                return written;
            }

            progress?.Invoke("Archiving events", last);
            if (await journal.Archive.ArchiveAsync(last, cancel) is null)
            {
                return written;
            }

            written++;
        }
    }

    // By size: packing comes before dropping, oldest first.
    private async Task<(int Written, long Dropped)> ShrinkAsync(long size, Action<string, long>? progress, CancellationToken cancel)
    {
        var (written, dropTo) = (0, 0L);
        var total = Size();
        while (total > size)
        {
            var archived = journal.Archive.Now.ArchivedTo;
            progress?.Invoke("Archiving events", archived);
            if (await journal.Archive.ArchiveAsync(archived + SegmentFile.MostEvents, cancel) is null)
            {
                break;
            }

            written++;
            total = Size();
        }

        foreach (var segment in journal.Archive.Now.Segments)
        {
            if (total <= size)
            {
                break;
            }

            dropTo = segment.Last;
            // A large payload that a later event shares stays: then the next turn drops more.
            total -= segment.Bytes + segment.Blobs.Sum(blobs.BytesOf);
        }

        return (written, dropTo == 0 ? 0 : await DropAsync(dropTo, $"The journal is larger than {size:N0} bytes.", progress, cancel));
    }

    private async Task<long> DropAsync(long to, string reason, Action<string, long>? progress, CancellationToken cancel)
    {
        // What is dropped must have led to all that it leads to.
        await state.WaitForAsync(to, cancel);
        var from = journal.Archive.Now.DroppedTo;
        progress?.Invoke("Folding what is dropped", to);
        var checkpoint = await checkpoints.BuildAsync(to, where.CheckpointsPath, cancel);
        await journal.Archive.DropAsync(to, checkpoint, reason, cancel);
        return to - from;
    }

    private async Task<IReadOnlyList<string>> ExpireAsync(DateTimeOffset now, Action<string, long>? progress, CancellationToken cancel)
    {
        var expired = new List<string>();
        foreach (var (project, days, _, expiredTo) in model.Current.Items.Values.Where(p => p.Days is not null))
        {
            var before = now.AddDays(-days!.Value);
            var from = Math.Max(expiredTo, journal.Archive.Now.DroppedTo);
            var upTo = Math.Min(LastBefore(before, from), FirstLive(project) - 1);
            // At most once a day: what was derived from them is forgotten by building all read models anew.
            if (upTo <= from || !journal.Archive.HasPayloads(project, from, Math.Min(upTo, LastBefore(before - Patience, from)), ErasePayload.KeptKinds))
            {
                continue;
            }

            progress?.Invoke($"Erasing payloads of {project}", upTo);
            // Said first, so that no payload is gone without a word; and again when all are, so that what was derived from them goes too.
            var word = new PayloadsExpired(project, upTo, before, $"The project keeps its payloads for {days} days.", Done: false);
            await journal.AppendAsync(JournalEvents.Expired.Draft(word, "system:retention", JournalEvents.ProjectSubject(project), project), cancel);
            await journal.Archive.ExpireAsync(project, from, upTo, ErasePayload.KeptKinds, cancel);
            await journal.AppendAsync(JournalEvents.Expired.Draft(word with { Done = true }, "system:retention", JournalEvents.ProjectSubject(project), project), cancel);
            expired.Add(project);
        }

        return expired;
    }

    // An action that has not ended still needs what it was given: nothing from it on expires.
    private long FirstLive(string project) => live.Current.Actions.Values.Where(a => a.Project == project).Select(a => a.SubmittedSeq).DefaultIfEmpty(long.MaxValue).Min();

    // Seq of the last event recorded before a moment, at least the given one. The home's clock may have gone back: then it is one of the last.
    private long LastBefore(DateTimeOffset before, long low)
    {
        var high = journal.Head;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (journal.Read(middle - 1, max: 1) is [var e] && e.Recorded < before)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>Bytes in use by events, segments and large payloads: what <see cref="RetentionOptions.Size"/> limits. Free pages of the database, which new events take, do not count.</summary>
    public long Size() => journal.Archive.DatabaseBytes() + journal.Archive.Now.Segments.Sum(s => s.Bytes) + blobs.Bytes;

    private int SweepBlobs()
    {
        if (!Directory.Exists(where.BlobsPath))
        {
            return 0;
        }

        // The head is read first: what refers to a blob later is looked for one by one.
        var head = journal.Head;
        HashSet<string> referred;
        using (var file = JournalFile.Connect(where))
        {
            referred = file.Blobs(file.Archived);
        }

        return blobs.All().Where(d => !referred.Contains(d)).Count(d => journal.TryRemoveBlob(d, head));
    }
}
