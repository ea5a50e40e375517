using System.Diagnostics;
using System.Globalization;
using Arw.Bench.Home;
using Arw.Bench.Report;

namespace Arw.Bench.Stream;

/// <summary>A client that missed everything: a long journal over <c>/events</c> from its beginning, and what the home's memory does meanwhile.</summary>
internal static class ResumeBench
{
    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var published = await PublishedHome.FolderAsync(options);
        var events = options.Size(1_000_000);
        using var data = new WorkFolder();
        await LongJournal.WriteAsync(data.Path, events, "long");
        using var home = await HomeProcess.StartAsync(published, data.Path, demo: false);
        var (before, peak) = (home.Memory().Resident, 0L);
        await using var client = await SseClient.OpenAsync(home.Url, BenchHost.Token, "?after=0");
        var start = Stopwatch.GetTimestamp();
        for (var read = 0L; read < events; read = client.Events)
        {
            await client.ReadAsync(Math.Min(events, read + 10_000));
            peak = Math.Max(peak, home.Memory().Resident);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Table(
            ["events missed", "seen once and in order", "s", "events/s", "resident before", "most while it read"],
            [[
                events.ToString("N0", CultureInfo.InvariantCulture), client.InOrder ? "yes" : "**no**", Figures.Number(seconds), $"**{Figures.Number(events / seconds)}**",
                Figures.Mebibytes(before), $"**{Figures.Mebibytes(peak)}**",
            ]],
            "One client on loopback reads from the first event on. From the publish output.");
    }
}
