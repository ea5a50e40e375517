namespace Arw.Core.Journal;

/// <summary>Some events in order, and how far the journal was scanned for them.</summary>
/// <param name="Events">Matching events, oldest first; may be empty.</param>
/// <param name="ScannedTo">Every event up to this seq has been looked at: the seq to resume from.</param>
public sealed record EventPage(IReadOnlyList<JournalEvent> Events, long ScannedTo)
{
    /// <summary>A range that retention removed before these events; null for none.</summary>
    public (long From, long To)? Gap { get; init; }
}

/// <summary>Counters of the bus since start: a meter, never journaled.</summary>
public sealed class JournalCounters
{
    private long _published;
    private long _delivered;
    private long _groups;
    private long _refills;
    private long _receivers;

    /// <summary>Events made durable and handed out.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Sum of events given to all subscribers.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Transactions: published by groups is the mean group.</summary>
    public long Groups => Volatile.Read(ref _groups);

    /// <summary>Pages that a subscriber read from disk because it had fallen behind memory.</summary>
    public long Refills => Volatile.Read(ref _refills);

    /// <summary>Subscribers now.</summary>
    public long Receivers => Volatile.Read(ref _receivers);

    internal void Wrote(int events)
    {
        Interlocked.Add(ref _published, events);
        Interlocked.Increment(ref _groups);
    }

    internal void Deliver(int events) => Interlocked.Add(ref _delivered, events);

    internal void Refilled() => Interlocked.Increment(ref _refills);

    internal void Subscribed(int by) => Interlocked.Add(ref _receivers, by);
}
