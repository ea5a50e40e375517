using Arw.Core.Beliefs;
using Arw.Core.World;
using Arw.Tests.Actions;
using Arw.Web.Features.World;

namespace Arw.Tests.Pages;

public sealed class MapViewTests
{
    [Fact]
    public async Task Pull_ByDefault_ShowsBeliefsAndTopicsWithoutTheirSources()
    {
        await using var home = await Home();
        var view = View(home);
        view.Pull("demo", null, null);
        Assert.Equal(["belief:a", "belief:b", "topic:demo/probes"], view.Nodes.Select(n => n.Id));
        Assert.Equal((2, 2, 2), (view.Claims, view.ToReview, view.ShownClaims.Count()));
        Assert.All(view.Edges, e => Assert.Equal(RelationKind.Mentions, e.Kind));
        Assert.Equal(("topic:demo/probes", "belief:a"), MapView.Direction(view.Edges.First(e => e.Src == "belief:a")));
    }

    [Fact]
    public async Task Pull_Selected_AddsTheSourcesOfThatNodeOnly()
    {
        await using var home = await Home();
        var view = View(home);
        view.Pull("demo", null, null, selected: "belief:a");
        Assert.Equal("Feed A", Assert.Single(view.Nodes, n => n.Kind == NodeKind.Source).Label);
        view.Pull("demo", null, null, sources: true);
        Assert.Equal(2, view.Nodes.Count(n => n.Kind == NodeKind.Source));
    }

    [Fact]
    public async Task Pull_Contradiction_IsDrawnOnceAndCounted()
    {
        await using var home = await Home();
        await home.AppendAsync(PageHome.Proposed("c", "Probes do not find deception", change: c => c with { Conflicts = ["a"] }));
        var view = View(home);
        view.Pull("demo", null, null);
        Assert.Single(view.Edges, e => e.Kind == RelationKind.Contradicts);
        Assert.Equal(2, view.Conflicts);
        view.Pull("demo", null, BeliefStatus.Proposed);
        Assert.Equal(["belief:b"], view.ShownClaims.Select(n => n.Id));
    }

    [Fact]
    public async Task Pull_Question_ShowsWhatAnswersIt()
    {
        await using var home = await Home();
        var view = View(home);
        view.Pull("demo", "What about reviewers?", null);
        Assert.Equal("belief:b", view.ShownClaims.First().Id);
        view.Pull("elsewhere", null, null);
        Assert.Empty(view.Nodes);
    }

    private static async Task<KernelFixture> Home()
    {
        var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(
            PageHome.Proposed("a", "Probes find deception", 0.8, c => c with { Topic = "Probes", Evidence = [new() { Url = "https://a.example/1", Title = "Feed A" }] }),
            PageHome.Proposed("b", "Reviewers tire", 0.6, c => c with { Topic = "Probes", Evidence = [new() { Url = "https://b.example/1", Title = "Feed B" }] }));
        return home;
    }

    private static MapView View(KernelFixture home) =>
        new(home.Get<WorldNodesModel>(), home.Get<WorldEdgesModel>(), new WorldSelector(home.Get<BeliefsModel>(), home.Time));
}
