using System.Diagnostics;
using System.Globalization;
using Arw.Bench.Home;
using Arw.Bench.Report;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Bench.Answers;

/// <summary>One decision among 10,000 leases of which twenty belong to who asks.</summary>
internal static class DecideBench
{
    private const int Leases = 10_000;
    private const int Relevant = 20;
    private const int WarmUp = 200_000;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        using var folder = new WorkFolder();
        await using var home = await BenchHost.StartAsync(folder.Path);
        await GrantAsync(home.Services);
        var engine = home.Services.GetRequiredService<PolicyEngine>();
        var samples = options.Size(1_000_000);
        return new Table(
            ["question", "answer", "p50, ns", "p99, ns", "bytes"],
            [
                Measure(engine, "permitted by the posture", "text.embed", samples),
                Measure(engine, "permitted by the last of twenty leases", Scope(Relevant - 1) + "/feed.xml", samples),
                Measure(engine, "no lease covers it", "net.http:GET https://elsewhere.example.net/feed.xml", samples),
                Measure(engine, "a file beside the leased ones", "file.write project://elsewhere/a.md", samples),
            ],
            $"{Leases:N0} leases, {Relevant} of them the asking agent's; posture Standard, warm. Each decision is timed alone, the clock's own {Figures.Number(ClockCost())} ns included.");
    }

    private static async Task GrantAsync(IServiceProvider services)
    {
        var until = TimeProvider.System.GetUtcNow().AddHours(12);
        var drafts = Enumerable.Range(0, Leases).Select(i =>
        {
            var holder = i < Relevant ? "agent:bench" : $"agent:other-{i / Relevant}";
            var id = $"lease-{i.ToString("D5", CultureInfo.InvariantCulture)}";
            return LeaseEvents.Granted.Draft(new LeaseGranted(id, Scope(i) + "/*", holder) { Until = until, Project = "demo" }, "person:owner", LeaseEvents.Subject(id));
        }).ToArray();
        var appended = (await services.GetRequiredService<EventJournal>().AppendAsync(drafts)).Value;
        await services.GetRequiredService<StateHost>().WaitForAsync(appended.LastSeq);
    }

    private static string Scope(int number) => $"net.http:GET https://host-{number}.example.org";

    private static string[] Measure(PolicyEngine engine, string question, string capability, int samples)
    {
        var request = new AccessRequest
        {
            Principal = new Principal(PrincipalKind.Agent, "bench") { Projects = ["demo"] },
            ActionKind = "http.fetch",
            Effects = Effects.External,
            Capability = Capability.Parse(capability).Value,
            Project = "demo",
            CorrId = "bench-1",
            Now = TimeProvider.System.GetUtcNow(),
        };
        var taken = new double[samples];
        var decision = engine.Decide(request);
        for (var i = 0; i < WarmUp; i++)
        {
            engine.Decide(request);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            engine.Decide(request);
            taken[i] = Stopwatch.GetTimestamp() - start;
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / samples;
        return [question, decision.Effect.ToString(), $"**{Nanoseconds(taken, 0.5)}**", $"**{Nanoseconds(taken, 0.99)}**", bytes.ToString(CultureInfo.InvariantCulture)];
    }

    private static string Nanoseconds(double[] ticks, double share) =>
        Figures.Number(Figures.Percentile(ticks, share) * 1e9 / Stopwatch.Frequency);

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
