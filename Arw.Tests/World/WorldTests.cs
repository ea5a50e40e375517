using Arw.Core.Beliefs;
using Arw.Core.Files;
using Arw.Core.Journal;
using Arw.Core.Projects;
using Arw.Core.State;
using Arw.Core.World;
using Arw.Tests.Journal;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;

namespace Arw.Tests.World;

public sealed class WorldTests : IAsyncLifetime
{
    private readonly JournalFixture _journal = new();
    private readonly BeliefsModel _beliefs = new();
    private readonly WorldNodesModel _nodes = new();
    private readonly WorldEdgesModel _edges = new();
    private ViewsDatabase _views = null!;
    private StateHost _state = null!;

    public async Task InitializeAsync()
    {
        _views = new ViewsDatabase(_journal.Options.ViewsPath);
        _state = new StateHost(_journal.Journal, _views, [_beliefs, _nodes, _edges], NullLogger<StateHost>.Instance);
        await _state.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _state.DisposeAsync();
        _views.Dispose();
        await _journal.DisposeAsync();
    }

    [Fact]
    public async Task Claim_WithSubjectTopicAndSource_IsAGraph()
    {
        await Append(BeliefEvents.Proposed.Draft(
            new BeliefProposed("b1", "Model X has 7 layers", 0.8)
            {
                Subject = "Model X",
                Predicate = "layers",
                Topic = "Architecture",
                Evidence = [new() { Url = "project://demo/feeds/a.xml", Title = "Feed A", Quote = "seven layers" }],
                Relations = [new(RelationKind.DependsOn, "Library Y")],
            },
            "agent:test",
            project: "demo",
            parentId: "A1"));

        Assert.Equal(0.8, _nodes.Rows.Find("belief:b1")!.Confidence);
        Assert.Equal("Model X", _nodes.Rows.Find("entity:demo/model x")!.Label);
        Assert.Equal(NodeKind.File, _nodes.Rows.Find("file:demo/demo/feeds/a.xml")!.Kind);
        var edges = _edges.Rows.Query(new TableQuery { Where = [new("src", Op.Equal, "belief:b1")] }).Select(e => $"{e.Kind} {e.Dst}").Order(StringComparer.Ordinal);
        Assert.Equal(
            ["DependsOn entity:demo/library y", "DerivedFrom file:demo/demo/feeds/a.xml", "Mentions entity:demo/model x", "Mentions topic:demo/architecture", "ObservedAt task:demo/A1"],
            edges);
        Assert.Equal("seven layers", _edges.Rows.Find(WorldEdge.Key("belief:b1", RelationKind.DerivedFrom, "file:demo/demo/feeds/a.xml"))!.Evidence!.Quote);
    }

    [Fact]
    public async Task Map_ShowsContradictionsAndStaleClaims_OfItsProjectOnly()
    {
        await Append(
            ProjectEvents.Created.Draft(new ProjectCreated("demo", "Demo"), "system:demo", project: "demo"),
            Proposed("old", "an old claim", 0.5),
            BeliefEvents.Proposed.Draft(new BeliefProposed("x", "elsewhere", 0.5), "agent:test", project: "other"));
        _journal.Time.Advance(TimeSpan.FromHours(2));
        await Append(
            Proposed("a", "seven", 0.8),
            BeliefEvents.Proposed.Draft(new BeliefProposed("b", "nine", 0.5) { Conflicts = ["a"], Subject = "Model X" }, "agent:test", project: "demo"),
            FileEvents.Written.Draft(new FileWritten("project://digests/d.md", "A1", "sha256:0", 3), "agent:test", project: "demo"));

        var map = new WorldMap(_nodes, _edges, _beliefs, _journal.Time).Read("demo");
        Assert.Equal(["a", "old", "b"], map.Claims.Select(n => n.Claim!.Id));
        Assert.Equal(["Model X"], map.Entities.Select(n => n.Label));
        Assert.Equal(("a", "b"), (map.Contradictions.Single().A.Id, map.Contradictions.Single().B.Id));
        Assert.Equal(["belief:old"], map.Stale.Select(n => n.Id));
        Assert.Equal(3, map.Coverage.Claims);
        Assert.Contains(NodeKind.File, map.Coverage.Kinds);
        Assert.NotNull(_edges.Rows.Find(WorldEdge.Key("belief:b", RelationKind.Contradicts, "belief:a")));
        Assert.NotNull(_edges.Rows.Find(WorldEdge.Key("belief:a", RelationKind.Contradicts, "belief:b")));
    }

    [Fact]
    public async Task Select_Question_FindsWhatFits_NotMerelyWhatIsSure()
    {
        await Append(
            Proposed("sure", "The bakery opens at seven", 0.99),
            Proposed("fits", "Interpretability probes find deception features", 0.5),
            Proposed("half", "Probes are cheap", 0.5),
            BeliefEvents.Proposed.Draft(new BeliefProposed("foreign", "deception probes", 0.9), "agent:test", project: "other"));
        var found = Selector.Select("demo", "Which probe finds deception?");
        Assert.Equal(["fits", "half"], found.Select(s => s.Belief.Id));
        Assert.Equal(1, found[0].Trace.Relevance);
        Assert.InRange(found[1].Trace.Relevance, 0.01, 0.99);
        Assert.Contains("deception", found[0].Trace.Words);
        Assert.Empty(Selector.Select("demo", "\" OR * NEAR( zebra"));
    }

    [Fact]
    public async Task Select_NearDuplicates_GiveWayToVariety()
    {
        await Append(
            Proposed("d1", "Deception probes work well on small models", 0.8),
            Proposed("d2", "Deception probes work well on small models today", 0.8),
            Proposed("other", "Deception appears in reward hacking studies", 0.6));
        Assert.Equal("other", Selector.Select("demo", "deception", k: 2, lambda: 0.3)[1].Belief.Id);
        Assert.NotEqual("other", Selector.Select("demo", "deception probes", k: 2, lambda: 1)[1].Belief.Id);
    }

    [Fact]
    public async Task Select_NoQuestion_GivesTheSurest_AndRecencyDecides()
    {
        await Append(Proposed("low", "low", 0.2), Proposed("high", "high", 0.9), Proposed("gone", "gone", 0.95));
        await Append(BeliefEvents.Rejected.Draft(new BeliefJudged("gone"), "person:owner", project: "demo"));
        Assert.Equal(["high", "low"], Selector.Select("demo", "").Select(s => s.Belief.Id));

        await Append(Proposed("old", "probe alpha", 0.5));
        _journal.Time.Advance(TimeSpan.FromHours(12));
        await Append(Proposed("new", "probe alpha beta", 0.5));
        var picked = Selector.Select("demo", "alpha", lambda: 1);
        Assert.Equal(0.25, picked.Single(s => s.Belief.Id == "old").Trace.Recency, 5);
        Assert.Equal(1, picked.Single(s => s.Belief.Id == "new").Trace.Recency, 5);
    }

    [Fact]
    public async Task Select_WordInNearlyEveryBelief_StillAnswers()
    {
        await Append([.. Enumerable.Range(0, 3500).Select(i => Proposed($"b{i}", $"common statement {i}", 0.5))]);
        Assert.Equal(8, Selector.Select("demo", "common statement").Count);
        Assert.Equal("b77", Selector.Select("demo", "common statement 77")[0].Belief.Id);
    }

    [Fact]
    public async Task Rebuild_OverRandomEvents_EqualsIncrementalState()
    {
        var one = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Double[0, 1]);
        await one.Array[1, 40].SampleAsync(async events =>
        {
            await using var f = new JournalFixture();
            var incremental = await Dumps(f, "views.db", events[..(events.Length / 2)]);
            incremental = await Dumps(f, "views.db", events[(events.Length / 2)..]);
            Assert.Equal(incremental, await Dumps(f, "fresh.db", []));
        }, iter: 20);

        static async Task<string> Dumps(JournalFixture f, string file, (int Kind, int A, int B, double Confidence)[] events)
        {
            using var views = new ViewsDatabase(Path.Combine(f.Options.DataDir, file));
            await using var host = new StateHost(f.Journal, views, [new BeliefsModel(), new WorldNodesModel(), new WorldEdgesModel(), new ProjectsModel(), new IntentsModel(), new FileWritesModel()], NullLogger<StateHost>.Instance);
            await host.StartAsync(default);
            foreach (var (kind, a, b, confidence) in events)
            {
                await f.Journal.AppendAsync(kind switch
                {
                    0 => BeliefEvents.Accepted.Draft(new BeliefJudged($"{a}"), "person:owner", project: "demo"),
                    1 => BeliefEvents.Rejected.Draft(new BeliefJudged($"{a}"), "person:owner", project: "demo"),
                    2 => FileEvents.Intended.Draft(new FileWriteIntended($"project://{a}", $"{b}", "sha256:1"), "agent:test", project: "demo"),
                    3 => FileEvents.Written.Draft(new FileWritten($"project://{a}", $"{b}", "sha256:1", 1), "agent:test", project: "demo"),
                    _ => BeliefEvents.Proposed.Draft(
                        new BeliefProposed($"{a}", $"text {a}", confidence) { Subject = $"s{b}", Conflicts = a == b ? [] : [$"{b}"], Evidence = [new() { Url = $"https://x.example/{b}" }] },
                        "agent:test",
                        project: "demo"),
                });
            }

            await host.WaitForAsync(f.Journal.Head);
            return string.Join('\n', host.Models.Keys.Order(StringComparer.Ordinal).Select(host.Dump));
        }
    }

    private WorldSelector Selector => new(_beliefs, _journal.Time);

    private static EventDraft Proposed(string id, string text, double confidence) =>
        BeliefEvents.Proposed.Draft(new BeliefProposed(id, text, confidence), "agent:test", project: "demo");

    private async Task Append(params EventDraft[] drafts) =>
        await _state.WaitForAsync((await _journal.Journal.AppendAsync(drafts)).Value.LastSeq);
}
