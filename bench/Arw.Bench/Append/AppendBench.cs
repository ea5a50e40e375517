using Arw.Bench.Report;

namespace Arw.Bench.Append;

/// <summary>Durable append through the journal against a bare loop, in interleaved pairs: what slows the machine for a while slows both.</summary>
internal static class AppendBench
{
    private const int Pairs = 7;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var seconds = TimeSpan.FromSeconds(options.Quick ? 0.5 : 3);
        return new Table(
            ["workload", "mean group", "journal, events/s", "bare loop, events/s", "ratio", "ratios of the pairs"],
            [
                await ManyAsync("8 producers, one event at a time", 8, 1, seconds),
                await ManyAsync("4 producers, 128 events at a time", 4, 128, seconds),
                await LoneAsync(options.Size(2000)),
            ],
            $"300-byte payloads, hash chain included, WAL, `synchronous=FULL`; the bare loop writes the same rows with the same columns, indexes and mean group. Medians of {Pairs} interleaved pairs.");
    }

    private static async Task<string[]> ManyAsync(string name, int producers, int batch, TimeSpan seconds)
    {
        var pairs = new List<(double Group, double Journal, double Bare)>();
        for (var i = 0; i <= Pairs; i++)
        {
            var (events, groups, taken) = await JournalLoop.RunAsync(producers, batch, seconds);
            using var bare = new BareLoop([.. Enumerable.Range(0, producers).Select(SampleRow.Draft)]);
            var pair = ((double)events / groups, events / taken, events / bare.Run(events, (double)events / groups));
            if (i > 0)
            {
                // The first pair warms up both.
                pairs.Add(pair);
            }
        }

        return Row(name, pairs);
    }

    private static async Task<string[]> LoneAsync(int count)
    {
        var pairs = new List<(double Group, double Journal, double Bare)>();
        for (var i = 0; i <= Pairs; i++)
        {
            var journal = Figures.Median(await JournalLoop.LoneAsync(count));
            using var bare = new BareLoop();
            var loop = Figures.Median(bare.Lone(count));
            if (i > 0)
            {
                pairs.Add((1, 1000 / journal, 1000 / loop));
            }
        }

        var row = Row("a lone event", pairs);
        return [$"{row[0]} (acknowledged in {Figures.Number(1_000_000 / Figures.Median(pairs.Select(p => p.Journal)))} µs, bare commit {Figures.Number(1_000_000 / Figures.Median(pairs.Select(p => p.Bare)))} µs)", .. row[1..]];
    }

    private static string[] Row(string name, List<(double Group, double Journal, double Bare)> pairs) =>
    [
        name,
        Figures.Number(Figures.Median(pairs.Select(p => p.Group))),
        Figures.Number(Figures.Median(pairs.Select(p => p.Journal))),
        Figures.Number(Figures.Median(pairs.Select(p => p.Bare))),
        $"**{Figures.Ratio(Figures.Median(pairs.Select(p => p.Journal / p.Bare)))}**",
        string.Join(" ", pairs.Select(p => Figures.Ratio(p.Journal / p.Bare))),
    ];
}
