using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Bench.Report;

namespace Arw.Bench.Home;

/// <summary>As many updates as 48 hours have seconds, sent within half an hour while pages are open: what the home's memory does, and whether the pages still live.</summary>
internal static class SoakBench
{
    private const int Batch = 12;
    private const int PerSecond = 8;
    private const int EventsOfAnEpisode = 24;
    private const double WarmUp = 1.0 / 6;
    private static readonly string[] Paths = ["/", "/episodes", "/journal", "/map", "/egress"];

    // Counts what the browser was told to change, a batch of changes once.
    private const string Watch = "window.__updates = 0; new MutationObserver(() => window.__updates++).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });";
    private const string Updates = "String(window.__updates)";
    private const string Connection = "[...document.querySelectorAll('.conn > *')].filter(e => getComputedStyle(e).display !== 'none').map(e => e.textContent.replace('●', '').trim()).join(' ')";

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var updates = options.Size(172_800);
        var folder = await PublishedHome.FolderAsync(options);
        using var data = new WorkFolder();
        using var home = await HomeProcess.StartAsync(folder, data.Path, demo: true);
        using var browser = await Browser.StartAsync(await home.SignInLinkAsync());
        await browser.LoadedAsync(1);
        foreach (var path in Paths[1..])
        {
            await browser.OpenAsync(path);
        }

        await browser.LoadedAsync(Paths.Length);
        await browser.EvaluateAsync(Watch);
        var samples = await SendAsync(home, updates);
        var seen = await browser.EvaluateAsync(Updates);
        await SendAsync(home, Batch * PerSecond * 5);
        var after = await browser.EvaluateAsync(Updates);
        var live = await browser.EvaluateAsync(Connection);
        await home.StopAsync();
        return Report(updates, samples, [.. seen.Zip(after, (s, a) => (s.Path, Before: Number(s.Value), After: Number(a.Value))).Zip(live, (p, l) => (p.Path, p.Before, Updated: p.After > p.Before, l.Value))]);
    }

    private static async Task<List<(long Updates, double Heap, double Resident)>> SendAsync(HomeProcess home, int updates)
    {
        var samples = new List<(long, double, double)>();
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond), TimeProvider.System);
        for (var sent = 0; sent < updates && await tick.WaitForNextTickAsync();)
        {
            await home.SendAsync([.. Enumerable.Range(sent, Batch).Select(Event)]);
            sent += Batch;
            if (sent % (Batch * PerSecond * 2) == 0)
            {
                samples.Add((sent, await home.MetricAsync("dotnet_total_memory_bytes"), home.Memory().Resident));
            }
        }

        return samples;
    }

    private static JsonObject Event(int number) => new()
    {
        ["kind"] = "ext.soak.update",
        ["corr_id"] = $"soak-{number / EventsOfAnEpisode}",
        ["payload"] = new JsonObject { ["number"] = number, ["text"] = new string('x', 200) },
    };

    private static Table Report(int updates, List<(long Updates, double Heap, double Resident)> samples, List<(string Path, long Updates, bool Moved, string Connection)> pages)
    {
        var warm = samples.Where(s => s.Updates >= updates * WarmUp).ToList();
        return new Table(
            ["what", "after warm-up", "at the end", "growth per 10,000 updates"],
            [
                Row("managed heap, lowest of a minute", [.. Lowest(warm, s => s.Heap)]),
                Row("resident, lowest of a minute", [.. Lowest(warm, s => s.Resident)]),
                .. pages.Select(p => (string[])[$"page `{p.Path}`", $"{p.Updates:N0} updates of the page", $"{p.Connection}, {(p.Moved ? "still updating" : "**stands still**")}", ""]),
            ],
            $"{updates:N0} events over HTTP, {Batch} in each of {PerSecond} requests a second, {EventsOfAnEpisode} to an episode, five pages open in Chromium on the same two cores. The first sixth is warm-up. The growth is the slope of the line through all minutes after it (least squares): what garbage waits for the collector moves single figures by tens of MiB.");
    }

    private static IEnumerable<(double Updates, double Bytes)> Lowest(IReadOnlyList<(long Updates, double Heap, double Resident)> samples, Func<(long Updates, double Heap, double Resident), double> of) =>
        samples.Chunk(30).Select(minute => (minute.Average(s => s.Updates), minute.Min(of)));

    private static string[] Row(string what, IReadOnlyList<(double Updates, double Bytes)> minutes)
    {
        var (x, y) = (minutes.Average(m => m.Updates), minutes.Average(m => m.Bytes));
        var slope = minutes.Sum(m => (m.Updates - x) * (m.Bytes - y)) / minutes.Sum(m => (m.Updates - x) * (m.Updates - x));
        return [what, Figures.Mebibytes((long)minutes[0].Bytes), Figures.Mebibytes((long)minutes[^1].Bytes), $"**{Figures.Ratio(slope * 10_000 / 1024 / 1024)} MiB**"];
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
