using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Egress.Dns;
using Arw.Core.Journal;
using Arw.Tests.Egress.Dns;
using Arw.Web.Streaming;

namespace Arw.Tests.Http;

/// <summary>The figures are those of <c>docs/metrics.md</c>, and they move.</summary>
public sealed partial class MetricsTests
{
    // These move only when something is wrong, which the tests of the disk see to, or when retention has removed something.
    private static readonly string[] Still = ["arw_journal_fault", "arw_journal_faults_total", "arw_bus_lag_events", "arw_state_lag_events", "arw_state_checkpoints_total", "arw_journal_first", "arw_journal_segments"];

    [Fact]
    public async Task Metrics_AfterSomeWork_AreTheDocumentedOnesAndHaveMoved()
    {
        await using var home = await TestHome.StartAsync();
        var before = await ReadAsync(home);

        var events = new JsonArray([.. Enumerable.Range(0, 1000).Select(i => new JsonObject { ["kind"] = "ext.metrics.tick", ["payload"] = new JsonObject { ["n"] = i } })]);
        for (var i = 0; i < 9; i++)
        {
            (await home.Owner.PostAsync("/events", TestHome.Json(events))).EnsureSuccessStatusCode();
        }

        var blob = new JsonObject { ["kind"] = "ext.metrics.blob", ["payload"] = new string('b', 40_000) };
        (await home.Owner.PostAsync("/events", TestHome.Json(blob))).EnsureSuccessStatusCode();
        home.Service<StreamMeters>().Gap();
        await home.Service<DnsGuard>().AnswerAsync(DnsWire.Question("dns.google"), DnsAsker.Anybody, default);
        Assert.Equal(400, (int)(await home.Owner.GetAsync("/events?after=x")).StatusCode);

        // From the beginning, which is no longer in memory.
        await using var stream = await SseReader.OpenAsync(home.Owner, "?after=0");
        while ((await stream.NextAsync())?.Name != "ext.metrics.blob")
        {
        }

        var after = await ReadAsync(home);
        var own = after.Keys.Where(n => n.StartsWith("arw_", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Documented().Order(StringComparer.Ordinal), own);
        Assert.All(own.Except(Still), name => Assert.True(after[name] > before.GetValueOrDefault(name), $"{name} was {before.GetValueOrDefault(name)} and is {after[name]}."));
    }

    [Fact]
    public async Task Lag_OfASubscriberThatDoesNotRead_IsCounted()
    {
        await using var f = new Journal.JournalFixture();
        using var stop = new CancellationTokenSource();
        await f.Journal.AppendAsync(Journal.JournalFixture.Draft());
        await using var pages = f.Journal.FollowAsync("stream:agent:slow", 0, EventFilter.All, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await pages.MoveNextAsync());
        Assert.Equal([new SubscriberLag("stream:agent:slow", 1, 0)], f.Journal.Counters.Lags(f.Journal.Head));

        await f.Journal.AppendAsync([Journal.JournalFixture.Draft(), Journal.JournalFixture.Draft()]);

        Assert.Equal([new SubscriberLag("stream:agent:slow", 1, 2)], f.Journal.Counters.Lags(f.Journal.Head));
    }

    private static IEnumerable<string> Documented()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Arw.Web.sln")))
        {
            folder = folder.Parent;
        }

        return DocumentedName().Matches(File.ReadAllText(Path.Combine(folder.FullName, "docs", "metrics.md"))).Select(m => m.Groups["name"].Value);
    }

    // Each family by its name, with the sum of its values: of a histogram its observations.
    private static async Task<Dictionary<string, double>> ReadAsync(TestHome home)
    {
        var text = await home.Stranger.GetStringAsync("/metrics");
        var values = Family().Matches(text).ToDictionary(m => m.Groups["name"].Value, _ => 0.0, StringComparer.Ordinal);
        foreach (Match sample in Sample().Matches(text))
        {
            var name = sample.Groups["name"].Value;
            var family = values.ContainsKey(name) ? name : name.EndsWith("_count", StringComparison.Ordinal) ? name[..^"_count".Length] : null;
            if (family is not null)
            {
                values[family] += double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture);
            }
        }

        return values;
    }

    [GeneratedRegex(@"^\| `(?<name>arw_[a-z_]+)`", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DocumentedName();

    [GeneratedRegex(@"^# TYPE (?<name>[a-z_]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Family();

    [GeneratedRegex(@"^(?<name>[a-z_]+)(\{[^}]*\})? (?<value>[0-9.eE+-]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
