using Arw.Bench.Report;

namespace Arw.Bench.Home;

/// <summary>What the home holds when nothing happens: after its demo, and with pages open in a real browser.</summary>
internal static class IdleBench
{
    private const int Pages = 10;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var folder = await PublishedHome.FolderAsync(options);
        using var data = new WorkFolder();
        using var home = await HomeProcess.StartAsync(folder, data.Path, demo: true);
        await DemoEndsAsync(home);
        var idle = await MemoryAsync(home);
        (long Resident, long Anonymous) one, many;
        using (var browser = await Browser.StartAsync(await home.SignInLinkAsync()))
        {
            await browser.LoadedAsync(1);
            one = await MemoryAsync(home);
            await OpenAsync(browser, from: 1);
            many = await MemoryAsync(home);
        }

        await home.StopAsync();
        return new Table(
            ["state", "resident", "of it private data"],
            [
                Row("no page open, after the demo", idle),
                Row("one page open (the first one compiles the pages' code)", one),
                Row($"{Pages} pages open", many),
                ["what each further page holds: live objects after a full collection", $"**{Figures.Mebibytes(await HeldByAPageAsync(data.Path))}**", ""],
            ],
            "The home process alone, as the kernel counts it (`VmRSS`), 20 s after the last thing happened; the inference worker is a process of its own. The last row: the same data in a home inside the bench, the first page with the demo's timeline beside it.");
    }

    private static async Task OpenAsync(Browser browser, int from)
    {
        for (var i = from; i < Pages; i++)
        {
            await browser.OpenAsync();
            await browser.LoadedAsync(i + 1);
        }
    }

    // A process from outside shows garbage too, which says when the collector last came by and not what a page costs.
    private static async Task<long> HeldByAPageAsync(string data)
    {
        const int Warm = 2;
        await using var home = await BenchHost.StartAsync(data);
        using var browser = await Browser.StartAsync(home.SignInLink);
        await browser.LoadedAsync(1);
        await browser.OpenAsync();
        await browser.LoadedAsync(Warm);
        var before = await HeldAsync();
        await OpenAsync(browser, from: Warm);
        return (await HeldAsync() - before) / (Pages - Warm);
    }

    private static async Task<long> HeldAsync()
    {
        await Task.Delay(Quiet, TimeProvider.System);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<(long Resident, long Anonymous)> MemoryAsync(HomeProcess home)
    {
        await Task.Delay(Quiet, TimeProvider.System);
        return home.Memory();
    }

    private static async Task DemoEndsAsync(HomeProcess home)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(0.5), TimeProvider.System);
        while (await tick.WaitForNextTickAsync())
        {
            var episodes = (await home.StateAsync("episodes"))["items"]!.AsArray();
            if (episodes.Count > 0 && episodes.All(e => (string?)e!["status"] is not ("running" or "waiting")))
            {
                return;
            }
        }
    }

    private static string[] Row(string state, (long Resident, long Anonymous) memory) =>
        [state, $"**{Figures.Mebibytes(memory.Resident)}**", Figures.Mebibytes(memory.Anonymous)];
}
