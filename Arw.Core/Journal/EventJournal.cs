using System.Runtime.CompilerServices;
using Arw.Core.Journal.Archive;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Journal;

/// <summary>The one journal: append durably, read, follow. An append completes only when its events are on disk; events are handed out in journal order, after that.</summary>
public sealed class EventJournal : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly DraftIntake _intake;
    private readonly BlobStore _blobs;
    private readonly JournalTail _tail = new();
    private readonly JournalReader _reader;
    private readonly GroupCommit _commit;

    /// <summary>Opens the journal, creating or migrating it where needed, and starts the writer.</summary>
    public EventJournal(JournalOptions options, TimeProvider time, Redactor redactor, BlobStore blobs, ILogger<EventJournal> log)
    {
        (_time, _blobs) = (time, blobs);
        Directory.CreateDirectory(options.DataDir);
        Archive = new JournalArchive(options, time, this);
        _reader = new JournalReader(ConnectionString(options, SqliteOpenMode.ReadOnly), Archive.Shelf);
        _commit = new GroupCommit(options, ConnectionString(options, SqliteOpenMode.ReadWriteCreate), time, Publish, (after, upTo) => _reader.Read(after, upTo, EventFilter.All, int.MaxValue), log)
        {
            Committed = Counters.Committed,
        };
        _intake = new DraftIntake(options, redactor, blobs, _commit.Recovery.Raise);
        _tail.Start(_commit.Head);
        Archive.Load();
    }

    /// <summary>What lies outside the database, and how it gets there.</summary>
    public JournalArchive Archive { get; }

    /// <summary>Seq of the newest durable event; 0 = empty.</summary>
    public long Head => _tail.Head;

    /// <summary>Why the journal does not acknowledge now; null when it does.</summary>
    public JournalFault? Fault => _commit.Recovery.Standing;

    /// <summary>Faults since start.</summary>
    public long Faults => _commit.Recovery.Count;

    /// <summary>Counters since start.</summary>
    public JournalCounters Counters { get; } = new();

    /// <summary>Writes events, all or none, and completes when they are durable.</summary>
    /// <param name="drafts">One or more events.</param>
    /// <param name="preconditions">All must hold inside the writer's turn; a miss is a refusal <c>conflict</c> with the subject's current seq.</param>
    /// <param name="cancel">Gives up waiting before the events are queued; once queued, the append runs to its end.</param>
    /// <exception cref="JournalFaultException">The events could not be made durable: nothing was acknowledged.</exception>
    public ValueTask<Result<Appended>> AppendAsync(IReadOnlyList<EventDraft> drafts, IReadOnlyList<Precondition>? preconditions = null, CancellationToken cancel = default)
    {
        if (drafts.Count == 0)
        {
            return new(Refusal.Invalid("There are no events to append.", "Send at least one."));
        }

        for (var i = 0; i < drafts.Count; i++)
        {
            if (drafts[i].Erases is not null)
            {
                return new(Archive.EraseAsync(drafts, preconditions, cancel));
            }
        }

        return AppendAsync(drafts, preconditions, null, null, cancel);
    }

    /// <summary>As the public one, and does more in the same transaction. Without events it does only that.</summary>
    internal async ValueTask<Result<Appended>> AppendAsync(IReadOnlyList<EventDraft> drafts, IReadOnlyList<Precondition>? preconditions, Action<SqliteConnection>? also, Action? durable, CancellationToken cancel)
    {
        if (!(await _intake.TakeAsync(drafts, cancel)).TryGet(out var rows, out var refusal))
        {
            return refusal;
        }

        try
        {
            var began = _time.GetTimestamp();
            var answer = await _commit.WriteAsync(new PendingAppend(rows, preconditions ?? []) { Also = also, Durable = durable }, cancel);
            if (!answer.Ok)
            {
                return answer;
            }

            Counters.Appended(_time.GetElapsedTime(began));

            // Rows beyond the drafts are alarms, which nobody asked for.
            return answer.Value with { LastSeq = answer.Value.LastSeq - (rows.Length - drafts.Count) };
        }
        finally
        {
            _intake.Release(rows);
        }
    }

    /// <summary>Writes one event of the home itself; a refusal would be a fault of the caller.</summary>
    public async ValueTask<Appended> AppendAsync(EventDraft draft, CancellationToken cancel = default) =>
        (await AppendAsync([draft], null, cancel)).Value;

    /// <summary>Matching events with <c>after &lt; seq</c>, oldest first, at most <paramref name="max"/> (1,000 by default).</summary>
    public IReadOnlyList<JournalEvent> Read(long after, EventFilter? filter = null, int max = 1000, long upTo = long.MaxValue) =>
        _reader.Read(after, Math.Min(upTo, Head), filter ?? EventFilter.All, max);

    /// <summary>The newest matching events, oldest first.</summary>
    public IReadOnlyList<JournalEvent> Newest(int max, EventFilter? filter = null) => _reader.Newest(Head, filter ?? EventFilter.All, max);

    /// <summary>All events of one subject, oldest first.</summary>
    public IReadOnlyList<JournalEvent> OfSubject(string subject) => _reader.OfSubject(subject);

    /// <summary>Seq of the last event of a subject up to a seq, as a <see cref="Precondition"/> takes it; 0 when there is none.</summary>
    public long LastOf(string subject, long upTo = long.MaxValue) => _reader.LastOf(subject, upTo);

    /// <summary>The event with its payload, loaded from the blob store where it is large; without one, when it was erased.</summary>
    public async ValueTask<JournalEvent> HydrateAsync(JournalEvent e, CancellationToken cancel)
    {
        if (e.PayloadRef is not { } reference || !e.Payload.IsEmpty)
        {
            return e;
        }

        var payload = await _blobs.GetAsync(reference.Digest, cancel);

        // Erased since it was read: then its blob is gone, and the event says so.
        return !payload.Ok && Read(e.Seq - 1, max: 1) is [{ Erased: true } erased] ? erased : e with { Payload = payload.Value };
    }

    /// <summary>Removes a blob that no event refers to any more. False when one does.</summary>
    internal bool TryRemoveBlob(string digest, long after = 0) => _blobs.TryRemove(digest, d => _reader.RefersTo(d, after));

    /// <summary>Every matching event after a seq, once and in order, and then live, for as long as the reader reads. Constant memory however far behind it starts; pages may be empty and only tell how far was scanned.</summary>
    /// <param name="subscriber">Who reads, as <see cref="SubscriberLag"/> tells it.</param>
    /// <param name="after">Seq of the last event that the reader has; 0 = none.</param>
    /// <param name="filter">What it wants.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<EventPage> FollowAsync(string subscriber, long after, EventFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        const int Max = 256;
        var cursor = after;
        var me = Counters.Subscribe(subscriber, after);
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var changed = _tail.Changed;
                var head = _tail.Head;
                if (cursor >= head)
                {
                    await changed.WaitAsync(cancel);
                    continue;
                }

                EventPage page;
                if (Archive.Now.DroppedTo is var dropped && cursor < dropped)
                {
                    page = new EventPage([], dropped) { Gap = (cursor + 1, dropped) };
                }
                else if (_tail.Read(cursor, Max) is { } recent)
                {
                    me.Behind = false;
                    page = new EventPage(filter.IsAll ? recent : Array.FindAll(recent, filter.Matches), recent[^1].Seq);
                }
                else
                {
                    Counters.Refilled(me);
                    var events = _reader.Read(cursor, head, filter, Max);
                    if (Archive.Now.DroppedTo > cursor)
                    {
                        // Dropped while it read: the gap is told first.
                        continue;
                    }

                    page = new EventPage(events, events.Count == Max ? events[^1].Seq : head);
                }

                me.At = cursor = page.ScannedTo;
                Counters.Deliver(page.Events.Count);
                yield return page;
            }
        }
        finally
        {
            Counters.Unsubscribe(me);
        }
    }

    /// <summary>Completes when the event with this seq is durable.</summary>
    public async Task ReachAsync(long seq, CancellationToken cancel)
    {
        while (true)
        {
            var changed = _tail.Changed;
            if (_tail.Head >= seq)
            {
                return;
            }

            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>Finishes what is queued and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _commit.DisposeAsync();
        _reader.Dispose();
        Archive.Dispose();
    }

    private static string ConnectionString(JournalOptions options, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = options.JournalPath, Pooling = false, Mode = mode }.ToString();

    private void Publish(IReadOnlyList<JournalEvent> events)
    {
        Counters.Wrote(events.Count);
        foreach (var e in events)
        {
            if (JournalEvents.Erased.Is(e))
            {
                _tail.Erase(JournalEvents.Erased.Read(e).Seq);
            }
            else if (JournalEvents.Expired.Is(e) && JournalEvents.Expired.Read(e) is { Done: true } expired)
            {
                _tail.Forget(expired.UpTo);
            }
        }

        _tail.Publish(events);
    }
}
