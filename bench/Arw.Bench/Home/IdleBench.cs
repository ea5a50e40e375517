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
        using var browser = await Browser.StartAsync(await home.SignInLinkAsync());
        await browser.LoadedAsync(1);
        var one = await MemoryAsync(home);
        for (var i = 1; i < Pages; i++)
        {
            await browser.OpenAsync();
            await browser.LoadedAsync(i + 1);
        }

        var many = await MemoryAsync(home);
        var each = (many.Resident - one.Resident) / (Pages - 1);
        return new Table(
            ["state", "resident", "of it private data"],
            [
                Row("no page open, after the demo", idle),
                Row("one page open (the first one compiles the pages' code)", one),
                Row($"{Pages} pages open: {Figures.Mebibytes(each)} for each further one", many),
            ],
            "The home process alone, as the kernel counts it (`VmRSS`), 20 s after the last thing happened; the inference worker is a process of its own.");
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
