using System.Diagnostics;
using Arw.Bench.Report;

namespace Arw.Bench.Home;

/// <summary>From the start of the process until <c>/healthz</c> answers, on a long journal.</summary>
internal static class StartBench
{
    private const int Repeats = 5;

    // Documents are checkpointed every 5,000 events: this is about the most that a killed home has to fold again.
    private const int SinceCheckpoint = 4900;

    public static async Task<Table> RunAsync(BenchOptions options, int size)
    {
        var events = options.Size(size);
        var home = await PublishedHome.FolderAsync(options);
        using var empty = new WorkFolder();
        using var folder = new WorkFolder();
        var began = Stopwatch.GetTimestamp();
        await LongJournal.WriteAsync(folder.Path, events, "long");
        var written = Stopwatch.GetElapsedTime(began).TotalSeconds;

        double[] cold = [await StartAsync(home, folder.Path)];
        await StartAsync(home, empty.Path);
        double[] fresh = [await StartAsync(home, empty.Path), await StartAsync(home, empty.Path), await StartAsync(home, empty.Path)];
        var warm = new List<double>();
        var behind = new List<double>();
        for (var i = 0; i < Repeats; i++)
        {
            warm.Add(await StartAsync(home, folder.Path));
            await LongJournal.WriteAsync(folder.Path, SinceCheckpoint, $"since-{i}");
            behind.Add(await StartAsync(home, folder.Path));
        }

        return new Table(
            ["journal", "starts", "median, s", "slowest, s"],
            [
                Row("almost empty", fresh),
                Row($"{events:N0} events, after a clean stop", warm),
                Row($"{events:N0} events, {SinceCheckpoint:N0} of them since the last checkpoint", behind),
                Row($"{events:N0} events, `views.db` deleted: everything folded anew", cold),
            ],
            $"From the publish output, process start included. The journal was written through the journal in {Figures.Number(written)} s: episodes with actions and beliefs.");
    }

    private static async Task<double> StartAsync(string home, string data)
    {
        using var process = await HomeProcess.StartAsync(home, data, demo: false);
        await process.StopAsync();
        return process.Seconds;
    }

    private static string[] Row(string journal, IReadOnlyList<double> seconds) =>
        [journal, $"{seconds.Count}", $"**{Figures.Ratio(Figures.Median(seconds))}**", Figures.Ratio(seconds.Max())];
}
