using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Episodes;
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

    private static HomeView View(KernelFixture home) =>
        new(home.Get<EpisodesModel>(), home.Get<ApprovalsModel>(), home.Get<EgressLedger>(), home.Get<QuarantineModel>(), home.Time);
}
