using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Bench.Report;

namespace Arw.Bench.Home;

/// <summary>How soon an acknowledged event stands on a page in a real browser, and how soon pages answer a click and a typed letter meanwhile.</summary>
internal static class PageBench
{
    private const int PerSecond = 100;
    private const int Batch = 10;
    private const int Circuits = 20;
    private const int Drawn = 5;
    private const string Marks = "/journal?prefix=ext.page.mark";
    private const string Asked = "/episodes";
    private static readonly string[] Paths = ["/", Marks, Asked, "/map", "/egress"];

    // The newest rows are looked at whenever the page changes; the clock is the machine's. Nothing that makes the browser lay out the page on its own.
    private const string Watch = """
        window.__seen = {};
        new MutationObserver(() => {
          const now = performance.timeOrigin + performance.now();
          for (const row of [...document.querySelectorAll('main tbody tr.link')].slice(0, 20)) {
            const m = /mark-(\d+)/.exec(row.textContent);
            if (m && !(m[1] in window.__seen)) { window.__seen[m[1]] = now; }
          }
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
        """;

    // On the page that is drawn: a letter into the search box, taken away again, each until the list that the home renders has changed.
    private const string Ask = """
        window.__typed = []; window.__clicked = [];
        const until = (what, act) => new Promise(done => {
          const began = performance.now();
          new MutationObserver((_, o) => { o.disconnect(); done(performance.now() - began); }).observe(what, { subtree: true, childList: true, characterData: true, attributes: true });
          act();
        });
        document.visibilityState === 'visible' && (async () => {
          const box = document.getElementById('goto'), list = document.getElementById('goto-list');
          for (let i = 0; ; i++) {
            box.focus(); box.value = i % 2 ? '' : 'e';
            window.__typed.push(await until(list, () => box.dispatchEvent(new Event('input', { bubbles: true }))));
            await new Promise(r => setTimeout(r, 50));
            const chip = document.querySelector('.top button.chip') ?? document.querySelector('.top .stop .quiet');
            window.__clicked.push(await until(document.querySelector('.top'), () => chip.click()));
            await new Promise(r => setTimeout(r, 50));
          }
        })();
        """;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var marks = options.Size(600);
        var folder = await PublishedHome.FolderAsync(options);
        using var data = new WorkFolder();
        using var home = await HomeProcess.StartAsync(folder, data.Path, demo: true);
        using var browser = await Browser.StartAsync(await home.SignInLinkAsync());
        await browser.LoadedAsync(1);
        for (var i = 1; i < Circuits; i++)
        {
            await browser.OpenAsync(Paths[i % Paths.Length], drawn: i < Drawn);
            await browser.LoadedAsync(i + 1);
        }

        // What is compiled and drawn for the first time is not what the budget is about.
        await SendAsync(home, 10 * PerSecond / Batch, -1_000_000);
        await browser.EvaluateAsync(Watch, "/journal");
        await browser.EvaluateAsync(Ask, Asked);
        var acknowledged = await SendAsync(home, marks, 0);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);

        // Behind another tab nothing is drawn, and so nothing seen.
        var seen = (await browser.EvaluateAsync("JSON.stringify(window.__seen)", "/journal")).Select(v => JsonNode.Parse(v.Value)!.AsObject()).Where(p => p.Count > 0).ToList();
        var shown = seen.SelectMany(page => acknowledged.Select((at, n) => page[n.ToString(CultureInfo.InvariantCulture)] is { } there ? Math.Max(0, (double)there - at) : double.PositiveInfinity)).ToList();
        var (typed, clicked) = (await TimesAsync(browser, "__typed"), await TimesAsync(browser, "__clicked"));
        await home.StopAsync();
        return new Table(
            ["what", "times", "p50, ms", "p95, ms", "p99, ms"],
            [
                Row($"acknowledged → stands on the page of events", shown),
                Row("a letter typed into the search box → its list is there", typed),
                Row("a click in the frame → the frame has changed", clicked),
            ],
            $"{PerSecond} events a second in requests of {Batch}, each request with an episode and a mark of its own; {Circuits} pages in one Chromium on the same two cores, four each of `{string.Join("`, `", Paths)}`, one of each drawn in a window of its own ({seen.Count} page of events) and the others tabs behind. An event that a page never showed would count as endless.");
    }

    private static async Task<List<double>> SendAsync(HomeProcess home, int requests, int from)
    {
        var acknowledged = new List<double>();
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds((double)Batch / PerSecond), TimeProvider.System);
        for (var n = from; n < from + requests && await tick.WaitForNextTickAsync(); n++)
        {
            var corrId = $"mark-{n.ToString(CultureInfo.InvariantCulture)}";
            await home.SendAsync([.. Enumerable.Range(0, Batch).Select(i => new JsonObject
            {
                ["kind"] = i == 0 ? "ext.page.mark" : "ext.page.noise",
                ["corr_id"] = corrId,
                ["payload"] = new JsonObject { ["title"] = corrId, ["text"] = new string('x', 200) },
            })]);
            acknowledged.Add((TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds);
        }

        return acknowledged;
    }

    private static async Task<List<double>> TimesAsync(Browser browser, string name) =>
        [.. (await browser.EvaluateAsync($"JSON.stringify(window.{name})", Asked)).SelectMany(v => JsonNode.Parse(v.Value)!.AsArray()).Select(t => (double)t!)];

    private static string[] Row(string what, IReadOnlyCollection<double> times) =>
        [what, times.Count.ToString("N0", CultureInfo.InvariantCulture), Figures.Number(Figures.Median(times)), $"**{Figures.Number(Figures.Percentile(times, 0.95))}**", Figures.Number(Figures.Percentile(times, 0.99))];
}
