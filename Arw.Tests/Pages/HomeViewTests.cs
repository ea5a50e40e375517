using Arw.Core.Actions;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.Egress;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Memory.Review;
using Arw.Tests.Actions;
using Arw.Web.Features.Home;

namespace Arw.Tests.Pages;

public sealed class HomeViewTests
{
    [Fact]
    public async Task Pull_NothingHappened_IsNew()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        var view = View(home);
        view.Pull();
        Assert.True(view.IsNew);
        Assert.False(view.OnlyDemo);
    }

    [Fact]
    public async Task Pull_WaitingThenRefused_MovesFromQuestionsToAnswers()
    {
        await using var home = await PageHome.New().StartAsync();
        var asked = await home.SubmitAsync("test.act", new System.Text.Json.Nodes.JsonObject { ["name"] = "a", ["capability"] = "file.write project://a" }, change: r => r with { OnNeedsLease = OnNeedsLease.Ask });
        await home.CaughtUpAsync();
        var view = View(home);
        view.Pull();
        Assert.Equal("Act on a", Assert.Single(view.Waiting).Request.Title);
        Assert.Equal(EpisodeStatus.Waiting, Assert.Single(view.Live).Status);
        Assert.False(view.OnlyDemo);

        await home.SubmitAsync("approval.answer", new System.Text.Json.Nodes.JsonObject { ["approval"] = asked.Approval, ["answer"] = "refuse" });
        await home.CaughtUpAsync();
        view.Pull();
        Assert.Empty(view.Waiting);
        Assert.Equal(ApprovalAnswer.Refuse, Assert.Single(view.Answered).Answer?.Answer);
    }

    [Fact]
    public async Task Pull_Egress_CountsTheLastDayOnly()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(PageHome.Opened("old"), PageHome.Closed("old", 1000));
        home.Time.Advance(TimeSpan.FromHours(25));
        await home.AppendAsync(PageHome.Opened("new"), PageHome.Closed("new", 312), PageHome.Denied("no"));
        var view = View(home);
        view.Pull();
        Assert.Equal((312, 1), (view.BytesOut, view.Denied));
        Assert.Equal(["new", "no"], view.Left.Select(r => r.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Pull_IncomingDiffs_WaitUntilTheyAreDecided()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(Queued("d-1"), Queued("d-2"));
        var view = View(home);
        view.Pull();
        Assert.Equal((2, "demo"), (view.Diffs, view.Diff?.Project));

        await home.AppendAsync(Rejected("d-1"), Rejected("d-2"));
        view.Pull();
        Assert.Equal((0, null), (view.Diffs, view.Diff));

        static EventDraft Queued(string id) => DiffEvents.Queued.Draft(new DiffQueued(id, "home-b", [new DiffChange(DiffOp.Add, "green")], id), "agent:x", project: "demo");
        static EventDraft Rejected(string id) => DiffEvents.Rejected.Draft(new DiffDecided(id), "person:owner", project: "demo");
    }

    private static HomeView View(KernelFixture home) =>
        new(home.Get<EpisodesModel>(), home.Get<ApprovalsModel>(), home.Get<EgressLedger>(), home.Get<QuarantineModel>(), home.Get<WorldDiffsModel>(), home.Time);
}
