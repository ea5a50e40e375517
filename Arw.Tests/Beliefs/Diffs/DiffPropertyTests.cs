using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using CsCheck;

namespace Arw.Tests.Beliefs.Diffs;

/// <summary>What holds for any beliefs, any diff and any choices.</summary>
public sealed class DiffPropertyTests
{
    private static readonly string?[] Predicates = ["colour", "depth", "tag", null];
    private static readonly string[] Values = ["red", "green", "blue", "old"];
    private static readonly string[] Judgements = ["belief.accept", "belief.reject", "beliefs.retract"];

    [Fact]
    public async Task Apply_ThenRevert_LeavesBeliefsAndMapAsTheyWere()
    {
        await using var home = await DiffHome.StartAsync();
        var run = 0;
        await Gen.Int[0, int.MaxValue].SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var project = $"p{++run}";
                await FillAsync(home, project, random);
                var (beliefs, map) = (home.Dump(), home.Map());
                for (var round = 0; round < 2; round++)
                {
                    var diff = await home.QueueAsync(project, [.. Diff(random)]);
                    if (home.Diffs.Rows.Find(diff)!.State == DiffState.Reverted)
                    {
                        Assert.True((await home.DecideAsync(diff, DiffDecision.Defer)).Ok);
                    }

                    await home.ApplyAsync(diff, c => c.Choices[random.Next(c.Choices.Count)]);
                    var undone = await home.RevertAsync(diff);
                    Assert.True(undone.Ok, undone.Refusal?.ToString());
                    Assert.Equal(beliefs, home.Dump());
                    Assert.Equal(map.Nodes, home.Map().Nodes);
                    Assert.Equal(map.Edges, home.Map().Edges);
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task Apply_ThreeOnTopOfEachOther_AreUndoneFromTheNewestOn()
    {
        await using var home = await DiffHome.StartAsync();
        var run = 0;
        await Gen.Int[0, int.MaxValue].SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var project = $"p{++run}";
                await FillAsync(home, project, random);
                var stack = new Stack<(string Diff, string Before)>();
                for (var i = 0; i < 3; i++)
                {
                    var before = home.Dump();
                    var diff = await home.QueueAsync(project, [.. Diff(random)]);
                    if (stack.All(s => s.Diff != diff))
                    {
                        await home.ApplyAsync(diff, c => c.Choices[random.Next(c.Choices.Count)]);
                        stack.Push((diff, before));
                    }
                }

                while (stack.TryPop(out var top))
                {
                    var undone = await home.RevertAsync(top.Diff);
                    Assert.True(undone.Ok, undone.Refusal?.ToString());
                    Assert.Equal(top.Before, home.Dump());
                }
            },
            iter: 15,
            threads: 1);
    }

    [Fact]
    public async Task Conflict_IsTheSameFromBothSides()
    {
        await using var home = await DiffHome.StartAsync();
        var run = 0;
        await Gen.Int[0, int.MaxValue].SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var (here, there) = ($"h{++run}", $"t{run}");
                var (a, b) = (Pick(random), Pick(random));
                await home.ProposeAsync(a.Value, a.Subject, a.Predicate, project: here);
                await home.ProposeAsync(b.Value, b.Subject, b.Predicate, project: there);
                var one = home.Desk.Compare(here, [DiffHome.Add(b.Value, b.Subject, b.Predicate)]);
                var other = home.Desk.Compare(there, [DiffHome.Add(a.Value, a.Subject, a.Predicate)]);
                Assert.Equal(one.Conflicts, other.Conflicts);
                Assert.Equal(a with { Value = "" } == b with { Value = "" } && a.Predicate is "colour" or "depth" && a.Value != b.Value, one.Conflicts == 1);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task Apply_InAnyOrderOfItsChanges_ComesToTheSame()
    {
        await using var home = await DiffHome.StartAsync();
        var run = 0;
        await Gen.Int[0, int.MaxValue].SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var (one, other) = ($"a{++run}", $"b{run}");
                await FillAsync(home, one, new Random(seed));
                await FillAsync(home, other, new Random(seed));
                var changes = Diff(random).ToArray();
                var shuffled = changes.ToArray();
                random.Shuffle(shuffled);
                DiffChoice Choose(ComparedChange c) => c.Choices[(int)((uint)HashCode.Combine(seed, c.Change.Value, c.Change.Subject, c.Change.Predicate) % c.Choices.Count)];
                await home.ApplyAsync(await home.QueueAsync(one, changes), Choose);
                await home.ApplyAsync(await home.QueueAsync(other, shuffled), Choose);
                Assert.Equal(Told(home, one), Told(home, other));
            },
            iter: 25,
            threads: 1);
    }

    // Without ids, which differ from project to project.
    private static IEnumerable<string> Told(DiffHome home, string project)
    {
        var rows = home.Beliefs.Rows.Query(new Core.State.TableQuery { Where = [new("project", Core.State.Op.Equal, project)], Limit = 1000 });
        var names = rows.ToDictionary(r => r.Id, r => $"{r.Subject}/{r.Predicate}/{r.Text}", StringComparer.Ordinal);
        return rows.Select(r => $"{names[r.Id]}: {r.Status} {r.Confidence} {r.Support} [{string.Join(' ', r.Sources.Select(s => s.Key))}] against [{string.Join(' ', r.Conflicts.Select(c => names[c.Id] + c.Support).Order(StringComparer.Ordinal))}]").Order(StringComparer.Ordinal);
    }

    private static async Task FillAsync(DiffHome home, string project, Random random)
    {
        for (var i = random.Next(6); i > 0; i--)
        {
            var (subject, predicate, value) = Pick(random);
            var id = await home.ProposeAsync(value, subject, predicate, random.Next(1, 10) / 10.0, project);
            if (random.Next(3) == 0)
            {
                await home.JudgeAsync(Judgements[random.Next(Judgements.Length)], id, project);
            }
        }
    }

    private static IEnumerable<DiffChange> Diff(Random random)
    {
        var left = new HashSet<(string Subject, string? Predicate, string Value)>();
        for (var i = random.Next(1, 7); i > 0; i--)
        {
            var named = Pick(random);
            if (!left.Add(named))
            {
                continue;
            }

            var was = named with { Value = Values[random.Next(Values.Length)] };
            yield return random.Next(4) switch
            {
                0 => DiffHome.Retract(named.Value, named.Subject, named.Predicate),
                1 when left.Add(was) => DiffHome.Change(was.Value, named.Value, named.Subject, named.Predicate),
                2 => DiffHome.Add(named.Value, named.Subject, named.Predicate) with { Evidence = [new BeliefEvidence { Url = "https://there.example/1", Title = "There" }, new BeliefEvidence { Url = $"https://here.example/{named.Subject}" }] },
                _ => DiffHome.Add(named.Value, named.Subject, named.Predicate, random.Next(1, 10) / 10.0) with { Topic = random.Next(2) == 0 ? "Elsewhere" : null },
            };
        }
    }

    private static (string Subject, string? Predicate, string Value) Pick(Random random) =>
        (random.Next(2) == 0 ? "Lake" : "Bridge", Predicates[random.Next(Predicates.Length)], Values[random.Next(Values.Length)]);
}
