using Arw.Core.Egress.Dns;
using Arw.Core.Journal;
using Arw.Core.State;
using Prometheus;

namespace Arw.Web.Api;

/// <summary>The home's figures for <c>/metrics</c>; <c>docs/metrics.md</c> lists them all. Labels have a handful of values each.</summary>
internal static class HomeMetrics
{
    // 0.1 ms to 1.6 s: a fast disk commits in 0.2 ms, a slow one in 30.
    private static readonly double[] Seconds = Histogram.ExponentialBuckets(0.0001, 2, 15);
    private static readonly double[] Events = Histogram.ExponentialBuckets(1, 2, 12);

    /// <summary>A registry for each host, so that several in one process do not mix their figures.</summary>
    public static CollectorRegistry Make(IServiceProvider services)
    {
        var registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(registry);
        var (journal, options) = (services.GetRequiredService<EventJournal>(), services.GetRequiredService<JournalOptions>());
        var (state, blobs) = (services.GetRequiredService<StateHost>(), services.GetRequiredService<BlobStore>());
        DotNetStats.Register(registry);
        Watch(factory, journal.Counters);
        List<Action> pulls = [.. Bus(factory, journal), .. State(factory, journal, state), .. Storage(factory, journal, options, blobs), .. Names(factory, services)];
        registry.AddBeforeCollectCallback(() => pulls.ForEach(pull => pull()));
        return registry;
    }

    private static void Watch(IMetricFactory factory, JournalCounters counters)
    {
        var append = factory.CreateHistogram("arw_journal_append_seconds", "From an append to its acknowledgement, its wait for the writer included.", new HistogramConfiguration { Buckets = Seconds });
        var commit = factory.CreateHistogram("arw_journal_commit_seconds", "Commit of a group, its sync to disk included.", new HistogramConfiguration { Buckets = Seconds });
        var group = factory.CreateHistogram("arw_journal_group_events", "Events written in one transaction.", new HistogramConfiguration { Buckets = Events });
        counters.OnAppend = took => append.Observe(took.TotalSeconds);
        counters.OnCommit = (events, took) =>
        {
            commit.Observe(took.TotalSeconds);
            group.Observe(events);
        };
    }

    private static IEnumerable<Action> Bus(IMetricFactory factory, EventJournal journal)
    {
        var counters = journal.Counters;
        yield return Count(factory.CreateCounter("arw_bus_published_total", "Events made durable and handed out."), () => counters.Published);
        yield return Count(factory.CreateCounter("arw_bus_delivered_total", "Events given to subscribers."), () => counters.Delivered);
        yield return Count(factory.CreateCounter("arw_bus_lagged_total", "Times that a subscriber fell behind what is in memory."), () => counters.Lagged);
        yield return Count(factory.CreateCounter("arw_bus_refills_total", "Pages that slow subscribers read from disk."), () => counters.Refills);
        yield return Show(factory.CreateGauge("arw_bus_receivers", "Subscribers now."), () => counters.Receivers);
        var lag = factory.CreateGauge("arw_bus_lag_events", "Events that the slowest subscriber is behind, by kind of subscriber: state, stream.", ["subscriber"]);
        yield return Show(lag.WithLabels("state"), () => Slowest("state"));
        yield return Show(lag.WithLabels("stream"), () => Slowest("stream:"));
        yield return Count(factory.CreateCounter("arw_journal_groups_total", "Transactions."), () => counters.Groups);
        yield return Show(factory.CreateGauge("arw_journal_head", "Sequence number of the newest event."), () => journal.Head);
        yield return Show(factory.CreateGauge("arw_journal_first", "Sequence number of the oldest event that is kept."), () => journal.Archive.Now.DroppedTo + 1);
        yield return Show(factory.CreateGauge("arw_journal_segments", "Archived segments."), () => journal.Archive.Now.Segments.Count);
        yield return Show(factory.CreateGauge("arw_journal_fault", "1 while nothing is acknowledged because the disk fails."), () => journal.Fault is null ? 0 : 1);
        yield return Count(factory.CreateCounter("arw_journal_faults_total", "Times that the journal stopped acknowledging."), () => journal.Faults);

        long Slowest(string kind) => counters.Lags(journal.Head).Where(l => l.Subscriber.StartsWith(kind, StringComparison.Ordinal)).Select(l => l.Events).FirstOrDefault();
    }

    private static IEnumerable<Action> State(IMetricFactory factory, EventJournal journal, StateHost state)
    {
        yield return Show(factory.CreateGauge("arw_state_folded", "Sequence number up to which the read models are folded."), () => state.Folded);
        yield return Show(factory.CreateGauge("arw_state_lag_events", "Events that the read models are behind."), () => Math.Max(0, journal.Head - state.Folded));
        yield return Count(factory.CreateCounter("arw_state_checkpoints_total", "Checkpoints of the read models."), () => state.Checkpoints);
    }

    private static IEnumerable<Action> Storage(IMetricFactory factory, EventJournal journal, JournalOptions options, BlobStore blobs)
    {
        var bytes = factory.CreateGauge("arw_storage_bytes", "Bytes on disk, by part: journal, wal, segments, blobs, views.", ["part"]);
        yield return Show(bytes.WithLabels("journal"), () => Length(options.JournalPath));
        yield return Show(bytes.WithLabels("wal"), () => Length(options.JournalPath + "-wal"));
        yield return Show(bytes.WithLabels("segments"), () => journal.Archive.Now.Segments.Sum(s => s.Bytes));
        yield return Show(bytes.WithLabels("blobs"), () => blobs.Bytes);
        yield return Show(bytes.WithLabels("views"), () => Length(options.ViewsPath) + Length(options.ViewsPath + "-wal"));
    }

    private static IEnumerable<Action> Names(IMetricFactory factory, IServiceProvider services)
    {
        var (guard, book) = (services.GetRequiredService<DnsGuard>(), services.GetRequiredService<LookupBook>());
        var lookups = factory.CreateCounter("arw_dns_lookups_total", "Names that programs asked the resolver for, by outcome: answered, refused, failed.", ["outcome"]);
        yield return Count(lookups.WithLabels("answered"), () => guard.Lookups.Answered);
        yield return Count(lookups.WithLabels("refused"), () => guard.Lookups.Refused);
        yield return Count(lookups.WithLabels("failed"), () => guard.Lookups.Failed);
        yield return Count(factory.CreateCounter("arw_dns_anomalies_total", "Times that lookups were unusual."), () => book.Anomalies);
    }

    private static Action Count(ICounter counter, Func<long> value) => () => counter.IncTo(value());

    private static Action Show(IGauge gauge, Func<long> value) => () => gauge.Set(value());

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
