using System.Diagnostics;
using Arw.Bench.Home;
using Arw.Bench.Report;
using Arw.Core.Journal;
using Arw.Core.Journal.Portable;
using Arw.Core.Journal.Verification;

namespace Arw.Bench.Integrity;

/// <summary>Verifying, exporting and importing a long journal, and what memory that takes.</summary>
internal static class IntegrityBench
{
    private const int Repeats = 3;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var events = options.Size(1_000_000);
        using var folder = new WorkFolder();
        await LongJournal.WriteAsync(folder.Path, events, "long");
        var journal = new JournalOptions { DataDir = folder.Path };
        Verify(journal);
        GC.Collect();
        var before = Environment.WorkingSet;
        var most = before;
        var runs = Enumerable.Range(0, Repeats).Select(_ => Verify(journal, () => most = Math.Max(most, Environment.WorkingSet))).ToList();

        var file = Path.Combine(folder.Path, "export.ndjson.gz");
        var clock = Clock.Start();
        _ = new JournalExporter(journal, TimeProvider.System).Run(file).Value;
        var export = clock.Taken();
        using var target = new WorkFolder();
        clock = Clock.Start();
        _ = (await new JournalImporter(new JournalOptions { DataDir = target.Path }).RunAsync(file)).Value;
        var import = clock.Taken();
        return new Table(
            ["what", "s", "processor s", "events per processor s"],
            [
                Row("`journal verify`, all of it", [.. runs.Select(r => r.All)], events),
                Row("of it SQLite's `integrity_check` and the schema", [.. runs.Select(r => r.Structure)], events),
                Row("of it every event: order, types, payload digest, chain", [.. runs.Select(r => r.Walk)], events),
                Row($"`journal export`, verifying, {Figures.Mebibytes(new FileInfo(file).Length)} from {Figures.Mebibytes(new FileInfo(journal.JournalPath).Length)}", [export], events),
                Row("`journal import`, verifying", [import], events),
            ],
            $"{events:N0} events as in the start bench, no large payloads, the file in the page cache. Medians of {Repeats}; export and import once. The processor's time is what this process took, so that others on the machine do not count. The resident set grew by {Figures.Mebibytes(most - before)} during verification.");
    }

    private static (Taken All, Taken Structure, Taken Walk) Verify(JournalOptions journal, Action? look = null)
    {
        var start = Clock.Start();
        Clock? walking = null;
        var structure = default(Taken);
        var report = new JournalVerifier(journal).Run(progress: p =>
        {
            look?.Invoke();
            if (p.Step == VerifyStep.Events && walking is null)
            {
                structure = start.Taken();
                walking = Clock.Start();
            }
        });
        return report.Holds ? (start.Taken(), structure, walking!.Value.Taken()) : throw new InvalidOperationException(report.Faults[0].Message);
    }

    private static string[] Row(string what, Taken[] taken, int events)
    {
        var processor = Figures.Median(taken.Select(t => t.Processor));
        return [what, Figures.Ratio(Figures.Median(taken.Select(t => t.Seconds))), Figures.Ratio(processor), $"**{Figures.Number(events / processor)}**"];
    }

    private readonly record struct Taken(double Seconds, double Processor);

    private readonly record struct Clock(long Wall, TimeSpan Processor)
    {
        public static Clock Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

        public Taken Taken() => new(Stopwatch.GetElapsedTime(Wall).TotalSeconds, (Environment.CpuUsage.TotalTime - Processor).TotalSeconds);
    }
}
