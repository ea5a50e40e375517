using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Arw.Bench.Report;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;
using Arw.Tests.Policy.Cedar.Reference;

namespace Arw.Bench.Cedar;

/// <summary>The policy language's engine, beside the reference engine in the same run: that one inside Wasmtime, fetched from npm.</summary>
internal static class CedarBench
{
    private const int Rounds = 30;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var module = await ReferenceModule.GetAsync();
        var rows = new List<IReadOnlyList<string>>();
        foreach (var policies in new[] { 10, 100, 1_000, 10_000 })
        {
            rows.Add(Decide($"decision, {policies:N0} policies", new CedarScene(policies), module, options));
        }

        rows.Add(Decide("decision, 1,000 policies without a scope", new CedarScene(1_000, scoped: false), module, options));
        rows.AddRange(Texts(new CedarScene(1_000), module));
        return new Table(
            ["what", "p50, µs", "p99, µs", "bytes", "reference prepared, p50, µs", "×", "reference from texts, p50, µs", "×"],
            rows,
            $"{CedarScene.PerTeam} policies a team with ten kinds of conditions, 500 different requests in turn, each timed alone (the clock's own {Figures.Number(ClockCost())} ns included), answers into the caller's buffers. "
            + (module is null
                ? "The reference engine could not be fetched."
                : $"Reference: {ReferencePackage.Version} inside Wasmtime, given only the entities of the team, as text, since it has no other way; prepared = policies parsed before; both engines answered the same."));
    }

    private static string[] Decide(string what, CedarScene scene, ReferenceModule? module, BenchOptions options)
    {
        var (determining, failing) = (new CompiledPolicy[8], new CompiledPolicy[8]);
        var requests = scene.Questions.Select(q => q.Request).ToArray();
        var taken = new double[options.Size(1_000_000)];
        for (var i = 0; i < Rounds * requests.Length; i++)
        {
            scene.Set.Decide(requests[i % requests.Length], scene.Entities, determining, failing);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < taken.Length; i++)
        {
            var request = requests[i % requests.Length];
            var start = Stopwatch.GetTimestamp();
            scene.Set.Decide(request, scene.Entities, determining, failing);
            taken[i] = Stopwatch.GetTimestamp() - start;
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / taken.Length;
        var p50 = Figures.Percentile(taken, 0.5);
        string[] figures = [what, $"**{Micro(p50)}**", $"**{Micro(Figures.Percentile(taken, 0.99))}**", bytes.ToString(CultureInfo.InvariantCulture)];
        if (module is null)
        {
            return [.. figures, "", "", "", ""];
        }

        using var engine = new ReferenceEngine(module);
        var policies = $"{{\"staticPolicies\": {JsonSerializer.Serialize(scene.Text)}}}";
        engine.Preparse("bench", policies);
        var few = options.Size(Math.Clamp(2_000_000 / scene.Set.Count, 200, 2_000));
        var prepared = Ask(engine, scene, "statefulIsAuthorized", "\"preparsedPolicySetId\": \"bench\"", few);
        var stateless = Ask(engine, scene, "isAuthorized", $"\"policies\": {policies}", Math.Clamp(few / 20, 3, 100));
        return [.. figures, Micro(prepared), $"**{prepared / p50:N0}**", Micro(stateless), $"{stateless / p50:N0}"];
    }

    // The median, with the answers compared first.
    private static double Ask(ReferenceEngine engine, CedarScene scene, string function, string policies, int count)
    {
        var questions = scene.Questions.Select(q => $"{{{q.Json}, {policies}, \"validateRequest\": false}}").Take(count).ToArray();
        var taken = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var json = engine.Call(function, questions[i % questions.Length]);
            taken[i] = Stopwatch.GetTimestamp() - start;
            if (i < Math.Min(questions.Length, 50))
            {
                using var answer = JsonDocument.Parse(json);
                var ours = scene.Set.Decide(scene.Questions[i].Request, scene.Entities);
                var theirs = answer.RootElement.GetProperty("response").GetProperty("diagnostics").GetProperty("reason").EnumerateArray().Select(r => r.GetString()!);
                if (!theirs.Order(StringComparer.Ordinal).SequenceEqual(ours.Determining.Order(StringComparer.Ordinal)))
                {
                    throw new InvalidOperationException($"The engines differ: {scene.Questions[i].Json} → {json}");
                }
            }
        }

        return Figures.Median(taken);
    }

    private static IEnumerable<string[]> Texts(CedarScene scene, ReferenceModule? module)
    {
        var schema = Schema.Parse(CedarScene.Schema).OrThrow();
        var policies = CedarParser.ParsePolicies(scene.Text).OrThrow();
        var each = scene.Set.Count;
        var (json, schemaJson) = ($"{{\"staticPolicies\": {JsonSerializer.Serialize(scene.Text)}}}", JsonSerializer.Serialize(CedarScene.Schema));
        using var engine = module is null ? null : new ReferenceEngine(module);
        var request = scene.Questions[0].Request;
        yield return Text("parse, each policy", each, () => CedarParser.ParsePolicies(scene.Text).OrThrow(), engine is null ? null : () => engine.Call("checkParsePolicySet", json));
        yield return Text("parse, compile and index, each policy", each, () => CedarPolicySet.Parse(scene.Text).OrThrow(), engine is null ? null : () => engine.Preparse("texts", json));
        yield return Text("validate, each policy (reference: parse and validate)", each, () => new PolicyValidator(schema).Validate(policies), engine is null ? null : () => engine.Call("validate", $"{{\"schema\": {schemaJson}, \"policies\": {json}}}"));
        yield return Text("decision in words", 1, () => scene.Set.Decide(request, scene.Entities), null);
    }

    private static string[] Text(string what, int each, Action ours, Func<string>? theirs)
    {
        var mine = Time(ours, Rounds) / each;
        if (theirs is null)
        {
            return [what, $"**{Micro(mine)}**", "", "", "", "", "", ""];
        }

        var other = Time(() => theirs(), Rounds / 5) / each;
        return [what, $"**{Micro(mine)}**", "", "", "", "", Micro(other), $"{other / mine:N1}"];
    }

    private static double Time(Action action, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            action();
        }

        return Figures.Median(Enumerable.Range(0, rounds).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            action();
            return (double)(Stopwatch.GetTimestamp() - start);
        }));
    }

    private static string Micro(double ticks) => Figures.Number(ticks * 1e6 / Stopwatch.Frequency);

    private static double ClockCost()
    {
        const int Calls = 1_000_000;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls;
    }
}
