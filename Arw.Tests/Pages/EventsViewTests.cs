using Arw.Web.Features.Events;

namespace Arw.Tests.Pages;

public sealed class EventsViewTests
{
    [Fact]
    public async Task Pull_Live_TakesInWhatComesAndAPresetFilters()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        var view = new EventsView(home.Journal);
        await home.AppendAsync(PageHome.Denied("a"), PageHome.Proposed("b", "x"));
        view.Filter(EventsView.Preset("egress"), null, null);
        Assert.Equal("egress.", Assert.Single(view.Events).Kind[..7]);
        view.Filter(EventsView.Preset("nonsense"), "beliefs.", null);
        Assert.Equal("beliefs.proposed", Assert.Single(view.Events).Kind);
    }

    [Fact]
    public async Task Pause_HoldsTheListStill_CountsWhatFits_AndGoesOn()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        var view = new EventsView(home.Journal);
        await home.AppendAsync(PageHome.Denied("a"));
        view.Filter(EventsView.Preset("egress"), null, null);
        view.Pause();
        await home.AppendAsync(PageHome.Denied("b"), PageHome.Proposed("c", "x"), PageHome.Denied("d"));
        view.Pull();
        Assert.Single(view.Events);
        Assert.Equal((true, 2, false), (view.Paused, view.Waiting, view.WaitingMore));
        view.Resume();
        Assert.Equal(3, view.Events.Count);
        Assert.Equal((false, 0), (view.Paused, view.Waiting));
    }
}
