using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Journal;

/// <summary>The one journal: append durably, read, follow. An append completes only when its events are on disk; events are handed out in journal order, after that.</summary>
public sealed class EventJournal : IAsyncDisposable
{
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly PayloadIntake _intake;
    private readonly BlobStore _blobs;
    private readonly ILogger<EventJournal> _log;
    private readonly JournalTail _tail = new();
    private readonly JournalReader _reader;
    private readonly string _connectionString;
    private readonly Channel<PendingAppend> _pending = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(16_384) { SingleReader = true });
    private readonly Task _writing;
    private JournalWriter _writer;
    private string? _fault;

    /// <summary>Opens the journal, creating or migrating it where needed, and starts the writer.</summary>
    public EventJournal(JournalOptions options, TimeProvider time, Redactor redactor, BlobStore blobs, ILogger<EventJournal> log)
    {
        (_options, _time, _blobs, _log) = (options, time, blobs, log);
        _intake = new PayloadIntake(redactor);
        Directory.CreateDirectory(options.DataDir);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = options.JournalPath, Pooling = false }.ToString();
        _writer = new JournalWriter(_connectionString);
        _reader = new JournalReader(new SqliteConnectionStringBuilder { DataSource = options.JournalPath, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        _tail.Start(_writer.Head);
        _writing = Task.Factory.StartNew(WriteLoop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Seq of the newest durable event; 0 = empty.</summary>
    public long Head => _tail.Head;

    /// <summary>Why the journal does not acknowledge now; null when it does.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Counters since start.</summary>
    public JournalCounters Counters { get; } = new();

    /// <summary>Writes events, all or none, and completes when they are durable.</summary>
    /// <param name="drafts">One or more events.</param>
    /// <param name="preconditions">All must hold inside the writer's turn; a miss is a refusal <c>conflict</c> with the subject's current seq.</param>
    /// <param name="cancel">Gives up waiting before the events are queued; once queued, the append runs to its end.</param>
    /// <exception cref="JournalFaultException">The events could not be made durable: nothing was acknowledged.</exception>
    public async ValueTask<Result<Appended>> AppendAsync(IReadOnlyList<EventDraft> drafts, IReadOnlyList<Precondition>? preconditions = null, CancellationToken cancel = default)
    {
        if (drafts.Count == 0)
        {
            return Refusal.Invalid("There are no events to append.", "Send at least one.");
        }

        var rows = new EventRow[drafts.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            if (!(await PrepareAsync(drafts[i], cancel)).TryGet(out var row, out var refusal))
            {
                return refusal with { Message = rows.Length == 1 ? refusal.Message : $"Event {i}: {refusal.Message}" };
            }

            rows[i] = row;
        }

        var pending = new PendingAppend(rows, preconditions ?? []);
        await _pending.Writer.WriteAsync(pending, cancel);
        return await pending.Done.Task;
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

    /// <summary>The event with its payload, loaded from the blob store where it is large.</summary>
    public async ValueTask<JournalEvent> HydrateAsync(JournalEvent e, CancellationToken cancel) =>
        e.PayloadRef is { } reference && e.Payload.IsEmpty
            ? e with { Payload = (await _blobs.GetAsync(reference.Digest, cancel)).Value }
            : e;

    /// <summary>Every matching event after a seq, once and in order, and then live, for as long as the reader reads. Constant memory however far behind it starts; pages may be empty and only tell how far was scanned.</summary>
    public async IAsyncEnumerable<EventPage> FollowAsync(long after, EventFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        const int Max = 256;
        var cursor = after;
        Counters.Subscribed(1);
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
                if (_tail.Read(cursor, Max) is { } recent)
                {
                    page = new EventPage(filter.IsAll ? recent : Array.FindAll(recent, filter.Matches), recent[^1].Seq);
                }
                else
                {
                    Counters.Refilled();
                    var events = _reader.Read(cursor, head, filter, Max);
                    page = new EventPage(events, events.Count == Max ? events[^1].Seq : head);
                }

                cursor = page.ScannedTo;
                Counters.Deliver(page.Events.Count);
                yield return page;
            }
        }
        finally
        {
            Counters.Subscribed(-1);
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
        _pending.Writer.TryComplete();
        await _writing;
        _writer.Dispose();
        _reader.Dispose();
    }

    private async ValueTask<Result<EventRow>> PrepareAsync(EventDraft draft, CancellationToken cancel)
    {
        if (EventNames.Check(draft) is { } bad)
        {
            return bad;
        }

        if (draft.Payload.Length > _options.MaxPayloadBytes)
        {
            return new Refusal("too_large", $"The payload of \"{draft.Kind}\" has {draft.Payload.Length:N0} bytes.", $"Send at most {_options.MaxPayloadBytes:N0}.", 413);
        }

        if (!_intake.Normalise(draft.Payload.IsEmpty ? "{}"u8 : draft.Payload.Span).TryGet(out var payload, out var refusal))
        {
            return refusal;
        }

        var salt = RandomNumberGenerator.GetBytes(16);
        var row = new EventRow
        {
            Time = draft.Time?.ToUnixTimeMilliseconds() ?? 0,
            Kind = draft.Kind,
            Subject = draft.Subject,
            Actor = draft.Actor,
            Project = draft.Project,
            CorrId = draft.CorrId,
            SpanId = draft.SpanId,
            ParentId = draft.ParentId,
            PayloadBytes = payload.Length,
            Salt = salt,
            PayloadDigest = ChainHash.PayloadDigest(salt, payload),
        };
        if (payload.Length > _options.InlinePayloadBytes)
        {
            row.PayloadRef = await _blobs.PutAsync(payload, cancel);
        }
        else
        {
            row.Payload = payload;
        }

        return row;
    }

    private void WriteLoop()
    {
        var group = new List<PendingAppend>();
        while (_pending.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            var count = 0;
            // Everything that waits goes into one transaction; nothing is waited for.
            while (count < _options.MaxGroup && _pending.Reader.TryRead(out var next))
            {
                group.Add(next);
                count += next.Rows.Length;
            }

            try
            {
                WriteGroup(group);
                Volatile.Write(ref _fault, null);
            }
            catch (Exception e)
            {
                _log.LogError(e, "The journal could not make {Count} events durable", count);
                Volatile.Write(ref _fault, e.Message);
                var fault = new JournalFaultException("The event could not be made durable.", e);
                foreach (var pending in group)
                {
                    pending.Done.TrySetException(fault);
                }

                Reopen();
            }
        }
    }

    private void WriteGroup(List<PendingAppend> group)
    {
        var seq = _writer.Head;
        var hash = _writer.Hash;
        var recorded = Rfc3339.Truncate(_time.GetUtcNow()).ToUnixTimeMilliseconds();
        var written = new List<JournalEvent>();
        var answers = new List<(PendingAppend Append, Result<Appended> Answer)>(group.Count);
        _writer.Begin();
        foreach (var append in group)
        {
            if (Miss(append) is { } refusal)
            {
                answers.Add((append, refusal));
                continue;
            }

            var first = seq + 1;
            foreach (var row in append.Rows)
            {
                row.Seq = ++seq;
                row.Recorded = recorded;
                row.Time = row.Time == 0 ? recorded : row.Time;
                _writer.Insert(row, hash);
                hash = row.Hash;
                written.Add(ToEvent(row));
            }

            answers.Add((append, new Appended(first, seq)));
        }

        _writer.Commit(seq, hash);
        Counters.Wrote(written.Count);
        if (written.Count > 0)
        {
            _tail.Publish(written);
        }

        foreach (var (append, answer) in answers)
        {
            append.Done.TrySetResult(answer);
        }
    }

    private Refusal? Miss(PendingAppend append)
    {
        foreach (var (subject, expected) in append.Preconditions)
        {
            var current = _writer.LastSeqOf(subject);
            if (current != expected)
            {
                return Refusal.Conflict($"\"{subject}\" has moved on: its last event is {current}, not {expected}.", "Read it again and decide anew.", new { subject, seq = current });
            }
        }

        return null;
    }

    // After a failed commit the outcome is unknown: only the file knows. Reopening reads its true end, and events that did
    // become durable without having been acknowledged are published like any others.
    private void Reopen()
    {
        try
        {
            _writer.Dispose();
            _writer = new JournalWriter(_connectionString);
            var missed = _reader.Read(_tail.Head, _writer.Head, EventFilter.All, int.MaxValue);
            if (missed.Count > 0)
            {
                _tail.Publish(missed);
            }
        }
        catch (Exception e)
        {
            // The next append tries again; until one succeeds the fault stands on /healthz and on every page.
            _log.LogError(e, "The journal could not be reopened");
        }
    }

    private static JournalEvent ToEvent(EventRow row) => new()
    {
        Seq = row.Seq,
        Recorded = DateTimeOffset.FromUnixTimeMilliseconds(row.Recorded),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(row.Time),
        Kind = row.Kind,
        Subject = row.Subject,
        Actor = row.Actor,
        Project = row.Project,
        CorrId = row.CorrId,
        SpanId = row.SpanId,
        ParentId = row.ParentId,
        Payload = row.Payload ?? default(ReadOnlyMemory<byte>),
        PayloadRef = row.PayloadRef is { } digest ? new PayloadRef(digest, row.PayloadBytes) : null,
    };

    private sealed record PendingAppend(EventRow[] Rows, IReadOnlyList<Precondition> Preconditions)
    {
        public TaskCompletionSource<Result<Appended>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
