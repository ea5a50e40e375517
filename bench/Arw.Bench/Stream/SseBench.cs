using System.Diagnostics;
using System.Net.Http.Headers;
using Arw.Bench.Append;
using Arw.Bench.Home;
using Arw.Bench.Report;
using Arw.Core.Journal;
using Arw.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Bench.Stream;

/// <summary>From the acknowledgement of an append to its arrival at a client of <c>/events</c>, over real HTTP on loopback, at a steady rate.</summary>
internal static class SseBench
{
    private const int Rate = 1000;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        using var folder = new WorkFolder();
        await using var home = await BenchHost.StartAsync(folder.Path);
        await MeasureAsync(home, Rate * options.Size(20) / 10);
        var (acknowledged, appended) = await MeasureAsync(home, Rate * options.Size(100) / 10);
        return new Table(
            ["from", "events", "p50, ms", "p95, ms", "p99, ms", "max, ms"],
            [Row("acknowledgement", acknowledged), Row("call of append", appended)],
            $"{Rate:N0} single events a second, all read models folding, one client filtering by prefix. An event that arrives before its writer resumes counts as 0.");
    }

    private static async Task<(double[] Acknowledged, double[] Appended)> MeasureAsync(ArwHost home, int count)
    {
        var journal = home.Services.GetRequiredService<EventJournal>();
        using var client = new HttpClient { BaseAddress = home.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BenchHost.Token);
        await using var stream = await client.GetStreamAsync(new Uri("/events?prefix=ext.bench.", UriKind.Relative));
        using var reader = new StreamReader(stream);
        await ReadFrameAsync(reader);
        var seen = ReadAsync(reader, count);
        var writes = await WriteAsync(journal, count);
        var arrivals = await seen;
        return (
            [.. writes.Select(w => Math.Max(0, Figures.Milliseconds(arrivals[w.Seq] - w.Acknowledged)))],
            [.. writes.Select(w => Figures.Milliseconds(arrivals[w.Seq] - w.Called))]);
    }

    private static async Task<(long Seq, long Called, long Acknowledged)[]> WriteAsync(EventJournal journal, int count)
    {
        var writes = new List<Task<(long Seq, long Called, long Acknowledged)>>(count);
        var start = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        while (writes.Count < count && await tick.WaitForNextTickAsync())
        {
            var due = Math.Min(count, (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * Rate));
            while (writes.Count < due)
            {
                writes.Add(AppendAsync(journal));
            }
        }

        return await Task.WhenAll(writes);
    }

    private static async Task<(long Seq, long Called, long Acknowledged)> AppendAsync(EventJournal journal)
    {
        var called = Stopwatch.GetTimestamp();
        var appended = await journal.AppendAsync(SampleRow.Draft(0));
        return (appended.LastSeq, called, Stopwatch.GetTimestamp());
    }

    private static async Task<Dictionary<long, long>> ReadAsync(StreamReader reader, int count)
    {
        var arrivals = new Dictionary<long, long>(count);
        while (arrivals.Count < count)
        {
            var (seq, isEvent) = await ReadFrameAsync(reader);
            if (isEvent)
            {
                arrivals.Add(seq, Stopwatch.GetTimestamp());
            }
        }

        return arrivals;
    }

    private static async Task<(long Seq, bool IsEvent)> ReadFrameAsync(StreamReader reader)
    {
        var (seq, isEvent) = (0L, false);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("id:", StringComparison.Ordinal))
            {
                seq = long.Parse(line.AsSpan(3), provider: System.Globalization.CultureInfo.InvariantCulture);
            }

            isEvent |= line.StartsWith("event:", StringComparison.Ordinal) && line.EndsWith(SampleRow.Kind, StringComparison.Ordinal);
        }

        return (seq, isEvent);
    }

    private static string[] Row(string from, double[] taken) =>
    [
        from,
        taken.Length.ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
        Figures.Number(Figures.Percentile(taken, 0.5)),
        $"**{Figures.Number(Figures.Percentile(taken, 0.95))}**",
        Figures.Number(Figures.Percentile(taken, 0.99)),
        Figures.Number(taken.Max()),
    ];
}
