using System.Threading.Channels;
using Arw.Core.Primitives;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Journal;

/// <summary>
/// The one writer's turn: everything that waits when it begins goes into one transaction, and nothing is waited for. There is no thread between an append
/// and its commit: whoever finds the turn free takes it, writes what waits, and leaves; so a lone event costs one commit. What came in meanwhile is left to
/// the next in line, a thread that sleeps until then.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<IReadOnlyList<JournalEvent>> _publish;
    private readonly Func<long, long, IReadOnlyList<JournalEvent>> _read;
    private readonly Channel<PendingAppend> _pending = Channel.CreateBounded<PendingAppend>(16_384);
    private readonly List<PendingAppend> _group = [];
    private readonly SemaphoreSlim _next = new(0, 1);
    private readonly Thread _standby;
    private readonly JournalRecovery _recovery;
    private JournalWriter _writer;
    private long _published;
    private int _turn;
    private volatile bool _closing;

    /// <summary>Opens the database.</summary>
    /// <param name="options">Where it is and how it groups.</param>
    /// <param name="connectionString">How to open it.</param>
    /// <param name="time">Home clock.</param>
    /// <param name="publish">Told of durable events, in order, once.</param>
    /// <param name="read">Reads events of the file after one seq up to another.</param>
    /// <param name="log">Where faults are told.</param>
    public GroupCommit(
        JournalOptions options, string connectionString, TimeProvider time, Action<IReadOnlyList<JournalEvent>> publish, Func<long, long, IReadOnlyList<JournalEvent>> read, ILogger log)
    {
        (_options, _time, _publish, _read) = (options, time, publish, read);
        _writer = new JournalWriter(connectionString);
        _recovery = new JournalRecovery(options, connectionString, time, Recover, log);
        _published = Head;
        _standby = new Thread(StandBy) { IsBackground = true, Name = "journal" };
        _standby.Start();
    }

    /// <summary>Seq of the last durable event.</summary>
    public long Head => _writer.Head;

    /// <summary>Told of each transaction: its events and how long its commit took.</summary>
    public Action<int, TimeSpan>? Committed { get; init; }

    /// <summary>Why nothing can be made durable now, and how to get over it.</summary>
    public JournalRecovery Recovery => _recovery;

    /// <summary>Completes when the events are durable, or refused. Waits while too many others wait.</summary>
    public async ValueTask<Result<Appended>> WriteAsync(PendingAppend append, CancellationToken cancel)
    {
        await _pending.Writer.WriteAsync(append, cancel);
        TakeTurn();
        return await append.Done.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        _recovery.Dispose();
        _closing = true;
        Wake();
        await Task.Run(_standby.Join);
        SpinWait.SpinUntil(() => Interlocked.CompareExchange(ref _turn, 1, 0) == 0);
        _writer.Dispose();
        _next.Dispose();
    }

    // Everybody who adds to the queue comes here afterwards, and whoever leaves looks at the queue again: nothing is left waiting.
    private void TakeTurn()
    {
        if (_pending.Reader.Count > 0 && Interlocked.CompareExchange(ref _turn, 1, 0) == 0)
        {
            Turn();
            Leave();
            if (_pending.Reader.Count > 0)
            {
                Wake();
            }
        }
    }

    // A full fence: the queue is looked at after the turn is free, or an append that came between would wait for nobody.
    private void Leave() => Interlocked.Exchange(ref _turn, 0);

    private void StandBy()
    {
        while (!_closing || _pending.Reader.Count > 0)
        {
            _next.Wait();
            while (_pending.Reader.Count > 0)
            {
                if (Interlocked.CompareExchange(ref _turn, 1, 0) != 0)
                {
                    // Somebody else writes, and wakes this thread if anything is left.
                    break;
                }

                Turn();
                Leave();
            }
        }
    }

    private void Wake()
    {
        try
        {
            _next.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already and looks at the queue before it sleeps.
        }
    }

    private void Turn()
    {
        _group.Clear();
        var count = 0;
        while (count < _options.MaxGroup && _pending.Reader.TryRead(out var next))
        {
            _group.Add(next);
            count += next.Rows.Length;
        }

        if (_group.Count == 0)
        {
            return;
        }

        if (_recovery.Standing is not null && !TryRecover())
        {
            Refuse(new JournalFaultException(_recovery.Standing!));
            return;
        }

        try
        {
            WriteGroup();
        }
        catch (Exception e)
        {
            var fault = _recovery.Raise(e);
            _recovery.Abandon(_writer);
            Refuse(new JournalFaultException(fault, e));
        }
    }

    private void Refuse(JournalFaultException fault)
    {
        foreach (var pending in _group)
        {
            pending.Done.TrySetException(fault);
        }
    }

    // When nobody appends. Where somebody has the turn, his append is what tries.
    private void Recover()
    {
        if (!_closing && _recovery.Standing is not null && Interlocked.CompareExchange(ref _turn, 1, 0) == 0)
        {
            TryRecover();
            Leave();
            if (_pending.Reader.Count > 0)
            {
                Wake();
            }
        }
    }

    // Events that became durable without having been acknowledged are published like any others.
    private bool TryRecover()
    {
        if (_recovery.TryReopen(_writer) is not { } writer)
        {
            return false;
        }

        _writer = writer;
        if (_writer.Head > _published)
        {
            Publish(_read(_published, _writer.Head));
        }

        return true;
    }

    private void WriteGroup()
    {
        var seq = _writer.Head;
        var hash = _writer.Hash;
        var recorded = Rfc3339.Truncate(_time.GetUtcNow()).ToUnixTimeMilliseconds();
        var written = new List<JournalEvent>();
        var answers = new List<Result<Appended>>(_group.Count);
        _writer.Begin();
        foreach (var append in _group)
        {
            if (Miss(append) is { } refusal)
            {
                answers.Add(refusal);
                continue;
            }

            var first = seq + 1;
            foreach (var row in append.Rows)
            {
                if (row.Once && _writer.LastSeqOf(row.Subject!) != 0)
                {
                    continue;
                }

                row.Seq = ++seq;
                row.Recorded = recorded;
                row.Time = row.Time == 0 ? recorded : row.Time;
                _writer.Insert(row, hash);
                if (row.Erases is { } erased)
                {
                    _writer.Erase(erased);
                }

                hash = row.Hash;
                written.Add(ToEvent(row));
            }

            if (append.Also is { } also)
            {
                _writer.Also(also);
            }

            answers.Add(new Appended(first, seq));
        }

        var began = _time.GetTimestamp();
        _writer.Commit(seq, hash);
        Committed?.Invoke(written.Count, _time.GetElapsedTime(began));
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Ok)
            {
                _group[i].Durable?.Invoke();
            }
        }

        if (written.Count > 0)
        {
            Publish(written);
        }

        for (var i = 0; i < answers.Count; i++)
        {
            _group[i].Done.TrySetResult(answers[i]);
        }

        if (_group.Exists(g => Array.Exists(g.Rows, r => r.Erases is not null)))
        {
            // The log file still has the page as it was.
            _writer.WriteOut();
        }
    }

    private void Publish(IReadOnlyList<JournalEvent> events)
    {
        _publish(events);
        _published = events[^1].Seq;
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
}
