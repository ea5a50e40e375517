using System.Diagnostics;
using System.Globalization;
using Arw.Bench.Report;
using Arw.Core.Policy.Cedar;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;

namespace Arw.Bench.Cedar;

/// <summary>Single additions to a large set and removals from it, with the edits' own time and the collector's told apart.</summary>
internal static class CedarEdits
{
    private const int Policies = 10_000;
    private const int More = 1_000;
    private const int Tries = 3;
    private const double Budget = 1_000;

    public static Task<Table> RunAsync(BenchOptions options)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var scoped in new[] { true, false })
        {
            // The set alone stays: the rest of the scene is nothing that a collection should walk.
            var (adds, removes) = Measure(new CedarScene(Policies, scoped).Set, scoped, options.Size(10));
            var scope = scoped ? "" : " without a scope";
            rows.Add(Row($"add to {Policies:N0} policies{scope}", adds));
            rows.Add(Row($"remove from {Policies:N0} policies{scope}", removes));
        }

        return Task.FromResult(new Table(
            ["what", "edits", "p50, µs", "p99, µs", "longest, least of three, µs", "longest, µs", "of it the collector, µs", "over 1 ms", "of those with a collection", "collections of generation 0, 1, 2", "bytes"],
            rows,
            $"One policy each: {More:N0} are added, then {More:N0} removed from anywhere, again and again. Each edit is tried three times, which its set does not notice: the first time counts, whatever came in between (the collector, other work on the machine and its host); the least of the three is the edit's own time."));
    }

    private static (List<Edit> Adds, List<Edit> Removes) Measure(CedarPolicySet set, bool scoped, int rounds)
    {
        var random = new Random(3);
        var added = Enumerable.Range(0, More).Select(i => CedarParser.ParsePolicy(CedarScene.Policy(i * 7 % Policies, scoped), $"new{i}").OrThrow()).ToArray();
        var (adds, removes) = (new List<Edit>((rounds + 1) * More), new List<Edit>((rounds + 1) * More));
        for (var round = -1; round < rounds; round++)
        {
            // The policies that were just made, and the garbage of that, are not the edits'.
            GC.Collect();
            foreach (var policy in added)
            {
                adds.Add(Time(ref set, s => s.Add(policy)));
            }

            var gone = set.Policies.Select(p => p.Source).OrderBy(_ => random.Next()).Take(More).ToArray();
            foreach (var policy in gone)
            {
                removes.Add(Time(ref set, s => s.Remove(policy.Id)));
            }

            set = set.Edit(edit => Restore(edit, gone, added)).OrThrow();
            if (round < 0)
            {
                // The first round only warms up.
                adds.Clear();
                removes.Clear();
            }
        }

        return (adds, removes);
    }

    // Unmeasured, so that all rounds start with the same policies.
    private static void Restore(PolicySetEdit edit, CedarPolicy[] gone, CedarPolicy[] added)
    {
        edit.Add(gone.Except(added));
        foreach (var policy in added.Except(gone))
        {
            edit.Remove(policy.Id);
        }
    }

    private static Edit Time(ref CedarPolicySet set, Func<CedarPolicySet, CedarResult<CedarPolicySet>> change)
    {
        var before = set;
        var (first, second, third) = (GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2));
        var (bytes, paused, start) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalPauseDuration(), Stopwatch.GetTimestamp());
        set = change(before).OrThrow();
        var took = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        var edit = new Edit(
            took,
            took,
            (GC.GetTotalPauseDuration() - paused).TotalMicroseconds,
            GC.CollectionCount(0) - first,
            GC.CollectionCount(1) - second,
            GC.CollectionCount(2) - third,
            GC.GetAllocatedBytesForCurrentThread() - bytes);
        for (var i = 1; i < Tries; i++)
        {
            start = Stopwatch.GetTimestamp();
            change(before).OrThrow();
            edit = edit with { Least = Math.Min(edit.Least, Stopwatch.GetElapsedTime(start).TotalMicroseconds) };
        }

        return edit;
    }

    private static string[] Row(string what, List<Edit> edits)
    {
        var longest = edits.MaxBy(e => e.Took);
        var over = edits.Where(e => e.Took > Budget).ToArray();

        // A collection of a higher generation counts as one of the lower ones too.
        var (first, second, third) = (edits.Sum(e => e.First), edits.Sum(e => e.Second), edits.Sum(e => e.Third));
        return
        [
            what,
            Whole(edits.Count),
            $"**{Figures.Number(Figures.Percentile(edits.Select(e => e.Took), 0.5))}**",
            $"**{Figures.Number(Figures.Percentile(edits.Select(e => e.Took), 0.99))}**",
            $"**{Figures.Number(edits.Max(e => e.Least))}**",
            $"**{Figures.Number(longest.Took)}**",
            Figures.Number(longest.Paused),
            Whole(over.Length),
            Whole(over.Count(e => e.First > 0)),
            $"{first - second}, {second - third}, {third}",
            Whole(edits.Average(e => e.Bytes)),
        ];
    }

    private static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    // A struct, in lists of their full length from the start: the measuring gives the collector nothing new to keep.
    private readonly record struct Edit(double Took, double Least, double Paused, int First, int Second, int Third, long Bytes);
}
