using Arw.Core.Journal;

namespace Arw.Core.Egress.Dns;

/// <summary>One name of one asker: what was written of it, and what came since.</summary>
internal sealed class NamedLookup(string id, string name)
{
    public string Id => id;

    public string Name => name;

    public DnsOutcome Outcome { get; set; }

    public string Code { get; set; } = "";

    public string? Reason { get; set; }

    public long Count { get; set; }

    public SortedSet<string> Types { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Addresses { get; set; } = [];

    public DateTimeOffset Last { get; set; }

    /// <summary>Something came that is not written.</summary>
    public bool Unwritten { get; set; }

    /// <summary>When that is to be written: soon for the first answer, and then once a minute.</summary>
    public DateTimeOffset Due { get; set; }

    /// <summary>Ends with true when its first event is durable, with false when it could not be written. Who asks for the same name meanwhile waits for it.</summary>
    public TaskCompletionSource<bool> Recorded { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DnsLookedUp ToEvent() => new(id, name, Outcome, Code, Count) { Types = [.. Types], Addresses = Addresses, Reason = Reason, Domain = NameShape.Domain(name) };
}

/// <summary>What one asker has looked up lately: bounded, and only of the last minute. Not for several threads at a time.</summary>
internal sealed class AskerHistory(DnsAsker asker)
{
    private const int MaxSeen = 1024;
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(10);

    // What goes on is told again after a minute; new domains sooner, since each is another.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuietForNew = TimeSpan.FromSeconds(15);

    private readonly Queue<SeenLookup> _seen = new();
    private readonly Queue<DateTimeOffset> _fresh = new();
    private readonly Queue<DateTimeOffset> _asked = new();
    private readonly Dictionary<DnsReason, DateTimeOffset> _told = [];
    private readonly HashSet<string> _newDomains = new(StringComparer.Ordinal);

    public DnsAsker Asker => asker;

    public Dictionary<string, NamedLookup> Names { get; } = new(StringComparer.Ordinal);

    public DateTimeOffset Last { get; private set; }

    /// <summary>Counts a lookup; false when there were too many in ten seconds.</summary>
    public bool Ask(DateTimeOffset now, int most)
    {
        Last = now;
        Drop(_asked, now - RateWindow);
        if (_asked.Count >= most)
        {
            return false;
        }

        _asked.Enqueue(now);
        return true;
    }

    /// <summary>Counts a name that has no line yet; false when there were too many in a minute.</summary>
    public bool Begin(DateTimeOffset now, int most)
    {
        Drop(_fresh, now - DnsAnomalies.Window);
        if (_fresh.Count >= most)
        {
            return false;
        }

        _fresh.Enqueue(now);
        return true;
    }

    public void See(SeenLookup lookup)
    {
        _seen.Enqueue(lookup);
        if (lookup.NewDomain)
        {
            _newDomains.Add(NameShape.Domain(lookup.Name));
        }

        while (_seen.Count > MaxSeen || lookup.At - _seen.Peek().At >= DnsAnomalies.Window)
        {
            _seen.Dequeue();
        }
    }

    /// <summary>What is unusual and was not told lately.</summary>
    public IReadOnlyList<DnsAnomaly> Unusual(DateTimeOffset now)
    {
        // A new domain is told once; what goes on is told again.
        var found = new List<DnsAnomaly>();
        foreach (var anomaly in DnsAnomalies.Find([.. _seen.Select(l => l with { NewDomain = l.NewDomain && _newDomains.Contains(NameShape.Domain(l.Name)) })], now))
        {
            var quiet = anomaly.Reason == DnsReason.NewDomain ? QuietForNew : Quiet;
            if (!_told.TryGetValue(anomaly.Reason, out var last) || now - last >= quiet)
            {
                _told[anomaly.Reason] = now;
                found.Add(anomaly);
                if (anomaly.Reason == DnsReason.NewDomain)
                {
                    _newDomains.Clear();
                }
            }
        }

        return found;
    }

    /// <summary>Forgets names that were not asked for in the last minute and have nothing to be written.</summary>
    public void Forget(DateTimeOffset now)
    {
        foreach (var name in Names.Values.Where(n => !n.Unwritten && n.Recorded.Task.IsCompleted && now - n.Last >= DnsAnomalies.Window).ToList())
        {
            Names.Remove(name.Name);
        }
    }

    public EventDraft Draft(DnsAnomaly anomaly, string id) =>
        Draft(DnsEvents.Anomaly, anomaly with { Id = id, Action = asker.Context?.ParentId }, id);

    public EventDraft Draft(NamedLookup name) => Draft(DnsEvents.LookedUp, name.ToEvent(), name.Id);

    private EventDraft Draft<T>(EventKind<T> kind, T payload, string id) =>
        kind.Draft(payload, asker.Asking.Principal.Actor, DnsEvents.Subject(id), asker.Context?.Project, asker.Context?.CorrId, asker.Context?.ParentId);

    private static void Drop(Queue<DateTimeOffset> times, DateTimeOffset before)
    {
        while (times.Count > 0 && times.Peek() <= before)
        {
            times.Dequeue();
        }
    }
}
