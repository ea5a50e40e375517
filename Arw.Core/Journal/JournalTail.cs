namespace Arw.Core.Journal;

/// <summary>The newest events in memory, for everybody who follows. Bounded by count and bytes; who falls behind it reads the database instead, so a slow subscriber costs nobody anything and loses nothing.</summary>
internal sealed class JournalTail
{
    private const int Capacity = 8192;
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly JournalEvent?[] _ring = new JournalEvent?[Capacity];
    private long _low = 1;
    private long _bytes;
    private long _head;
    private TaskCompletionSource _changed = New();

    /// <summary>Seq of the newest durable event; 0 = none.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>Completes at the next publication. Take it before reading <see cref="Head"/>: then no change is missed.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Sets the head at start, before any publication.</summary>
    public void Start(long head)
    {
        lock (_gate)
        {
            _head = head;
            _low = head + 1;
        }
    }

    /// <summary>Adds durable events, in order and without a gap, and wakes everybody who waits.</summary>
    public void Publish(IReadOnlyList<JournalEvent> events)
    {
        TaskCompletionSource wake;
        lock (_gate)
        {
            foreach (var e in events)
            {
                if (e.Seq - _low >= Capacity)
                {
                    DropOldest();
                }

                _ring[e.Seq % Capacity] = e;
                _bytes += Weight(e);
                while (_bytes > MaxBytes && _low < e.Seq)
                {
                    DropOldest();
                }
            }

            Volatile.Write(ref _head, events[^1].Seq);
            wake = _changed;
            Volatile.Write(ref _changed, New());
        }

        wake.SetResult();
    }

    /// <summary>Forgets a payload that was erased, where it is in memory.</summary>
    public void Erase(long seq)
    {
        lock (_gate)
        {
            if (seq >= _low && seq <= _head && _ring[seq % Capacity] is { } e)
            {
                var erased = e.Erase();
                _bytes += Weight(erased) - Weight(e);
                _ring[seq % Capacity] = erased;
            }
        }
    }

    /// <summary>Forgets all events up to a seq: who asks for them reads them from disk, as they are there now.</summary>
    public void Forget(long upTo)
    {
        lock (_gate)
        {
            while (_low <= upTo && _low <= _head)
            {
                DropOldest();
            }
        }
    }

    /// <summary>Up to <paramref name="max"/> events after a seq; null when some of them are no longer in memory.</summary>
    public JournalEvent[]? Read(long after, int max)
    {
        lock (_gate)
        {
            if (after + 1 < _low)
            {
                return null;
            }

            var count = (int)Math.Clamp(_head - after, 0, max);
            var events = new JournalEvent[count];
            for (var i = 0; i < count; i++)
            {
                events[i] = _ring[(after + 1 + i) % Capacity]!;
            }

            return events;
        }
    }

    private static long Weight(JournalEvent e) => e.Payload.Length + 256;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void DropOldest()
    {
        ref var slot = ref _ring[_low % Capacity];
        _bytes -= Weight(slot!);
        slot = null;
        _low++;
    }
}
