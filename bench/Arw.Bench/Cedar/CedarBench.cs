using System.Diagnostics;
using System.Globalization;
using Arw.Bench.Report;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Tests.Policy.Cedar.Reference;

namespace Arw.Bench.Cedar;

/// <summary>The policy language's engine, beside the reference engine in the same run.</summary>
internal static class CedarBench
{
    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var module = await ReferenceModule.GetAsync();
        var rows = new List<IReadOnlyList<string>>();
        foreach (var policies in new[] { 10, 100, 1_000, 10_000 })
        {
            rows.Add(Decide($"{policies:N0} policies", new CedarScene(policies), module, options));
        }

        rows.Add(Decide("1,000 policies without a scope", new CedarScene(1_000, scoped: false), module, options));
        return new Table(["what", "p50", "p99", "bytes"], rows, "x");
    }

    private static string[] Decide(string what, CedarScene scene, ReferenceModule? module, BenchOptions options)
    {
        _ = module;
        var (determining, failing) = (new CompiledPolicy[8], new CompiledPolicy[8]);
        var questions = scene.Questions;
        var taken = new double[options.Size(1_000_000)];
        foreach (var q in Enumerable.Repeat(questions, 30).SelectMany(x => x))
        {
            scene.Set.Decide(q.Request, scene.Entities, determining, failing);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (det, fail, allow) = (0L, 0L, 0L);
        for (var i = 0; i < taken.Length; i++)
        {
            var request = questions[i % questions.Count].Request;
            var start = Stopwatch.GetTimestamp();
            var d = scene.Set.Decide(request, scene.Entities, determining, failing);
            taken[i] = Stopwatch.GetTimestamp() - start;
            det += d.Determining; fail += d.Failing; allow += d.Allowed ? 1 : 0;
        }
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine($"{what}: det {det / (double)taken.Length} fail {fail / (double)taken.Length} allow {allow / (double)taken.Length}");
        return [what, Figures.Number(Figures.Percentile(taken, 0.5)), Figures.Number(Figures.Percentile(taken, 0.99)), bytes.ToString(CultureInfo.InvariantCulture)];
    }
}
