using System.Diagnostics;
using System.Globalization;
using Arw.Bench.Home;
using Arw.Bench.Report;
using Arw.Core.Beliefs;
using Arw.Core.Journal;
using Arw.Core.State;
using Arw.Core.World;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Bench.Answers;

/// <summary>Questions to a map of 100,000 beliefs whose words are as unevenly frequent as in prose.</summary>
internal static class WorldBench
{
    private const int Vocabulary = 20_000;
    private const string Project = "demo";

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var beliefs = options.Size(100_000);
        using var folder = new WorkFolder();
        await using var home = await BenchHost.StartAsync(folder.Path);
        var random = new Random(20261125);
        await ProposeAsync(home.Services, beliefs, random);
        var selector = home.Services.GetRequiredService<WorldSelector>();
        var count = options.Size(1000);
        return new Table(
            ["question", "asked", "p50, ms", "p95, ms", "p99, ms"],
            [
                Measure(selector, "3 to 6 words, common and rare", [.. Enumerable.Range(0, count).Select(_ => Text(random, 3 + random.Next(4)))]),
                Measure(selector, "one of the 50 commonest words", [.. Enumerable.Range(0, count).Select(_ => Word(random.Next(50)))]),
                Measure(selector, "no words: the surest", [.. Enumerable.Repeat("", count)]),
            ],
            $"{beliefs:N0} beliefs of 8 to 20 words in one project, k = 8, questions drawn like the texts (Zipf over {Vocabulary:N0} words), warm.");
    }

    private static async Task ProposeAsync(IServiceProvider services, int count, Random random)
    {
        var journal = services.GetRequiredService<EventJournal>();
        var last = 0L;
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1000))
        {
            var drafts = chunk.Select(i =>
            {
                var text = $"{Text(random, 8 + random.Next(13))} {i}";
                var claim = new BeliefProposed(BeliefIdentity.Of(Project, null, null, text), text, 0.3 + 0.6 * random.NextDouble())
                {
                    Evidence = [new BeliefEvidence { Url = $"https://example.org/{i % 500}" }],
                };
                return BeliefEvents.Proposed.Draft(claim, "agent:bench", BeliefEvents.Subject(claim.Id), Project, $"bench-{i / 100}");
            }).ToArray();
            last = (await journal.AppendAsync(drafts)).Value.LastSeq;
        }

        await services.GetRequiredService<StateHost>().WaitForAsync(last);
    }

    private static string[] Measure(WorldSelector selector, string name, string[] questions)
    {
        foreach (var question in questions.Take(50))
        {
            selector.Select(Project, question);
        }

        var taken = questions.Select(question =>
        {
            var start = Stopwatch.GetTimestamp();
            selector.Select(Project, question);
            return Figures.Milliseconds(Stopwatch.GetTimestamp() - start);
        }).ToArray();
        return
        [
            name,
            questions.Length.ToString("N0", CultureInfo.InvariantCulture),
            $"**{Figures.Number(Figures.Percentile(taken, 0.5))}**",
            $"**{Figures.Number(Figures.Percentile(taken, 0.95))}**",
            Figures.Number(Figures.Percentile(taken, 0.99)),
        ];
    }

    private static string Text(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(Zipf(random))));

    // The inverse of a Zipf law with exponent 1, near enough: ranks spread evenly over the logarithm.
    private static int Zipf(Random random) => (int)Math.Pow(Vocabulary, random.NextDouble()) - 1;

    private static string Word(int rank) => "w" + rank.ToString("x", CultureInfo.InvariantCulture) + "t";
}
