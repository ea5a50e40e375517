using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Egress.Dns;

/// <summary>
/// Records lookups, and finds what is unusual about them. The first lookup of a name by an asker is an event before it is answered; what is asked again within a minute is added up and
/// written within ten seconds, and then once a minute. So a busy program makes as many events as it has names, a name that nobody recorded is not looked up, and memory is bounded whatever is asked.
/// </summary>
public sealed class LookupBook : IDisposable
{
    private const int MaxAskers = 256;
    private const int MaxDomains = 20_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly EventJournal _journal;
    private readonly DnsLimits _limits;
    private readonly Func<string?, string, bool> _knows;
    private readonly IdSource _ids;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, string?, string), AskerHistory> _askers = [];
    private readonly HashSet<(string? Project, string Domain)> _domains = [];
    private readonly ITimer _timer;
    private long _anomalies;

    /// <summary>A book.</summary>
    /// <param name="journal">Where events go.</param>
    /// <param name="limits">How much one asker may ask.</param>
    /// <param name="knows">Whether a project's lines have a domain already.</param>
    /// <param name="ids">Ids of lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For what could not be written.</param>
    public LookupBook(EventJournal journal, DnsLimits limits, Func<string?, string, bool> knows, IdSource ids, TimeProvider time, ILogger<LookupBook> log)
    {
        (_journal, _limits, _knows, _ids, _time, _log) = (journal, limits, knows, ids, time, log);
        _timer = time.CreateTimer(_ => _ = WriteInTimeAsync(), null, Every, Every);
    }

    /// <summary>Whether a table of lines has a domain of a project.</summary>
    public static Func<string?, string, bool> In(DnsLookups lookups) => (project, domain) =>
        lookups.Rows.Query(new TableQuery { Where = [new("domain", Op.Equal, domain), new("project", Op.Equal, project), new("outcome", Op.NotEqual, "refused")], Limit = 1 }).Count > 0;

    /// <summary>Anomalies found since the start.</summary>
    public long Anomalies => Interlocked.Read(ref _anomalies);

    /// <summary>Counts a lookup; the refusal <c>too_many_lookups</c> when its asker has made too many.</summary>
    internal Refusal? Admit(DnsAsker asker)
    {
        lock (_gate)
        {
            return Of(asker).Ask(_time.GetUtcNow(), _limits.MaxLookups)
                ? null
                : new Refusal("too_many_lookups", $"More than {_limits.MaxLookups} names were looked up in ten seconds.", "Ask less often.", 429);
        }
    }

    /// <summary>Records a lookup; returns when it is durable. A refusal where it is not recorded, and so must not be answered: <c>too_many_names</c>.</summary>
    /// <exception cref="JournalFaultException">It could not be made durable.</exception>
    internal async ValueTask<Refusal?> NoteAsync(DnsAsker asker, DnsQuery query, DnsOutcome outcome, string code, string? reason, CancellationToken cancel)
    {
        List<EventDraft> drafts = [];
        NamedLookup? named;
        var first = false;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var history = Of(asker);
            history.See(new SeenLookup(now, query.Name, code, outcome != DnsOutcome.Refused && IsNew(asker.Context?.Project, NameShape.Domain(query.Name))));
            if (!history.Names.TryGetValue(query.Name, out named) && history.Begin(now, _limits.MaxNames))
            {
                history.Names[query.Name] = named = new NamedLookup(_ids.New(), query.Name);
                first = true;
            }

            if (named is not null)
            {
                // Between refused and not refused lies a decision, which is not left for later.
                if (!first && named.Recorded.Task.IsCompleted && (named.Outcome == DnsOutcome.Refused) != (outcome == DnsOutcome.Refused))
                {
                    named.Recorded = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    first = true;
                }

                // A name that was answered stays so while it is asked for again.
                named.Outcome = !first && named.Outcome == DnsOutcome.Answered && outcome != DnsOutcome.Refused ? DnsOutcome.Answered : outcome;
                (named.Code, named.Reason, named.Last, named.Unwritten) = (code, reason, now, !first);
                named.Count++;
                named.Types.Add(DnsType.Word(query.Type));
                if (first)
                {
                    drafts.Add(history.Draft(named));
                }
            }

            drafts.AddRange(Unusual(history, now));
        }

        await WriteAsync(drafts, first ? named : null, asker, cancel);
        return named is null
            ? new Refusal("too_many_names", $"More than {_limits.MaxNames} different names were looked up in a minute.", "Ask for fewer names.", 429)
            : await named.Recorded.Task.WaitAsync(cancel) ? null : new Refusal("journal_fault", "The lookup could not be recorded, and so is not made.", "Look at /healthz.", 503);
    }

    /// <summary>Adds what came of a lookup to its line.</summary>
    internal void Answered(DnsAsker asker, DnsQuery query, DnsOutcome outcome, IReadOnlyList<string> addresses, Refusal? refusal = null)
    {
        lock (_gate)
        {
            if (Of(asker).Names.TryGetValue(query.Name, out var named))
            {
                // The two families of addresses are asked for side by side: that one has none says little.
                named.Outcome = outcome == DnsOutcome.Nothing && named.Outcome == DnsOutcome.Answered ? named.Outcome : outcome;
                named.Addresses = [.. named.Addresses.Concat(addresses).Distinct(StringComparer.Ordinal).TakeLast(DnsAnswer.MaxAddresses)];
                (named.Code, named.Reason, named.Unwritten) = (refusal?.Code ?? named.Code, refusal?.Message ?? named.Reason, true);
            }
        }
    }

    /// <summary>Writes what has been added up, and what is unusual by now.</summary>
    /// <param name="all">Also what is not due yet: the home stops.</param>
    /// <exception cref="JournalFaultException">It could not be made durable; it is tried again.</exception>
    public async ValueTask WriteAsync(bool all = false)
    {
        List<EventDraft> drafts = [];
        List<NamedLookup> written = [];
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var (key, history) in _askers.ToList())
            {
                foreach (var named in history.Names.Values.Where(n => n.Unwritten && n.Recorded.Task.IsCompleted && (all || now >= n.Due)))
                {
                    (named.Unwritten, named.Due) = (false, now + DnsAnomalies.Window);
                    drafts.Add(history.Draft(named));
                    written.Add(named);
                }

                drafts.AddRange(Unusual(history, now));
                history.Forget(now);
                if (history.Names.Count == 0 && now - history.Last >= DnsAnomalies.Window)
                {
                    _askers.Remove(key);
                }
            }
        }

        try
        {
            if (drafts.Count > 0)
            {
                await _journal.AppendAsync(drafts);
            }
        }
        catch (JournalFaultException)
        {
            lock (_gate)
            {
                written.ForEach(n => n.Unwritten = true);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private async Task WriteInTimeAsync()
    {
        try
        {
            await WriteAsync();
        }
        catch (Exception e) when (e is JournalFaultException or ObjectDisposedException)
        {
            _log.LogWarning("Lookups that were repeated could not be recorded: {Why}", e.Message);
        }
    }

    private async ValueTask WriteAsync(List<EventDraft> drafts, NamedLookup? first, DnsAsker asker, CancellationToken cancel)
    {
        if (drafts.Count == 0)
        {
            return;
        }

        var durable = false;
        try
        {
            await _journal.AppendAsync(drafts, null, cancel);
            durable = true;
        }
        finally
        {
            if (!durable && first is not null)
            {
                lock (_gate)
                {
                    Of(asker).Names.Remove(first.Name);
                }
            }

            first?.Recorded.TrySetResult(durable);
        }
    }

    private IEnumerable<EventDraft> Unusual(AskerHistory history, DateTimeOffset now)
    {
        foreach (var anomaly in history.Unusual(now))
        {
            Interlocked.Increment(ref _anomalies);
            yield return history.Draft(anomaly, _ids.New());
        }
    }

    private AskerHistory Of(DnsAsker asker)
    {
        if (!_askers.TryGetValue(asker.Key, out var history))
        {
            if (_askers.Count >= MaxAskers)
            {
                _askers.Remove(_askers.MinBy(a => a.Value.Last).Key);
            }

            _askers[asker.Key] = history = new AskerHistory(asker);
        }

        return history;
    }

    private bool IsNew(string? project, string domain)
    {
        if (_domains.Count >= MaxDomains)
        {
            _domains.Clear();
        }

        return _domains.Add((project, domain)) && !_knows(project, domain);
    }
}
