using System.Collections.Concurrent;

namespace Arw.Core.Journal;

/// <summary>Counters of the journal and its bus since start: a meter, never journaled.</summary>
public sealed class JournalCounters
{
    private readonly ConcurrentDictionary<Cursor, byte> _subscribers = new();
    private long _published;
    private long _delivered;
    private long _groups;
    private long _refills;
    private long _lagged;

    /// <summary>Told of each transaction: its events and how long its commit took, the sync included. Called in the writer's turn, so it must only count; null for nobody.</summary>
    public Action<int, TimeSpan>? OnCommit { get; set; }

    /// <summary>Told of each acknowledged append: how long it took from the call, its wait for the turn included. Must only count; null for nobody.</summary>
    public Action<TimeSpan>? OnAppend { get; set; }

    /// <summary>Events made durable and handed out.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Sum of events given to all subscribers.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Transactions: published by groups is the mean group.</summary>
    public long Groups => Volatile.Read(ref _groups);

    /// <summary>Pages that a subscriber read from disk because it had fallen behind memory.</summary>
    public long Refills => Volatile.Read(ref _refills);

    /// <summary>How often a subscriber fell behind what is in memory.</summary>
    public long Lagged => Volatile.Read(ref _lagged);

    /// <summary>Subscribers now.</summary>
    public long Receivers => _subscribers.Count;

    /// <summary>How many events each subscriber is behind, the slowest first.</summary>
    /// <param name="head">Seq of the newest event.</param>
    public IReadOnlyList<SubscriberLag> Lags(long head) =>
        [.. _subscribers.Keys.Select(s => new SubscriberLag(s.Name, s.At, Math.Max(0, head - s.At))).OrderByDescending(s => s.Events)];

    internal void Wrote(int events) => Interlocked.Add(ref _published, events);

    internal void Committed(int events, TimeSpan commit)
    {
        Interlocked.Increment(ref _groups);
        OnCommit?.Invoke(events, commit);
    }

    internal void Appended(TimeSpan took) => OnAppend?.Invoke(took);

    internal void Deliver(int events) => Interlocked.Add(ref _delivered, events);

    internal Cursor Subscribe(string name, long at)
    {
        var cursor = new Cursor(name) { At = at };
        _subscribers[cursor] = 0;
        return cursor;
    }

    internal void Unsubscribe(Cursor cursor) => _subscribers.TryRemove(cursor, out _);

    internal void Refilled(Cursor cursor)
    {
        Interlocked.Increment(ref _refills);
        if (!cursor.Behind)
        {
            cursor.Behind = true;
            Interlocked.Increment(ref _lagged);
        }
    }

    /// <summary>How far a subscriber has read.</summary>
    internal sealed class Cursor(string name)
    {
        private long _at;

        /// <summary>Who reads.</summary>
        public string Name => name;

        /// <summary>Seq of the last event that it was given or that its filter passed over.</summary>
        public long At
        {
            get => Volatile.Read(ref _at);
            set => Volatile.Write(ref _at, value);
        }

        /// <summary>True while it reads from disk.</summary>
        public bool Behind { get; set; }
    }
}

/// <summary>How far a subscriber of the journal is behind.</summary>
/// <param name="Subscriber">Who reads: <c>state</c> for the read models, <c>stream:ACTOR</c> for a stream.</param>
/// <param name="At">Seq of the last event that it was given or that its filter passed over.</param>
/// <param name="Events">How many events have come since.</param>
public readonly record struct SubscriberLag(string Subscriber, long At, long Events);
