using Arw.Core.Actions;
using Arw.Web.Features.Episodes;

namespace Arw.Tests.Pages;

public sealed class WaterfallTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 14, 2, 11, TimeSpan.Zero);

    private readonly ActionRow[] _actions =
    [
        Row("run", null, 0, ActionState.Running, started: 0),
        Row("feed2", "run", 4, ActionState.Completed, started: 4, ended: 15),
        Row("feed1", "run", 1, ActionState.Completed, started: 1, ended: 3),
        Row("fetch", "feed1", 2, ActionState.Failed, started: 2, ended: 2.1),
        Row("ask", "run", 16, ActionState.Waiting),
        Row("later", "run", 17, ActionState.Queued),
    ];

    [Fact]
    public void Of_Tree_PutsChildrenBelowTheirParentInOrder()
    {
        var rows = Waterfall.Of(_actions, Start.AddSeconds(100)).Rows;
        Assert.Equal(["run", "feed1", "fetch", "feed2", "ask", "later"], rows.Select(r => r.Action.Id));
        Assert.Equal([0, 1, 2, 1, 1, 1], rows.Select(r => r.Depth));
    }

    [Fact]
    public void Of_ErrorsFirst_LeadsWithWhatFailed() =>
        Assert.Equal("fetch", Waterfall.Of(_actions, Start.AddSeconds(100), errorsFirst: true).Rows[0].Action.Id);

    [Fact]
    public void Of_Span_IsRoundAndBarsFit()
    {
        var waterfall = Waterfall.Of(_actions, Start.AddSeconds(91));
        Assert.Equal(TimeSpan.FromSeconds(100), waterfall.Span);
        Assert.Equal(TimeSpan.FromSeconds(20), waterfall.Ticks[1]);
        Assert.All(waterfall.Rows.Where(r => r.Width is not null), r => Assert.InRange(r.Left + r.Width!.Value, 0, 100.0001));
    }

    [Fact]
    public void Of_Waiting_CountsItsWait() =>
        Assert.Equal(TimeSpan.FromSeconds(51), Waterfall.Of(_actions, Start.AddSeconds(67)).Rows.Single(r => r.Action.Id == "ask").Duration);

    [Fact]
    public void Of_Queued_HasNoBar() => Assert.Null(Waterfall.Of(_actions, Start.AddSeconds(67)).Rows[^1].Width);

    [Fact]
    public void Of_Nothing_IsEmpty() => Assert.Empty(Waterfall.Of([], Start).Rows);

    [Fact]
    public void Of_ParentsInACircle_ShowsNothingTwice()
    {
        var rows = Waterfall.Of([Row("a", "b", 0, ActionState.Queued), Row("b", "a", 0, ActionState.Queued), Row("c", null, 0, ActionState.Queued)], Start).Rows;
        Assert.Equal("c", Assert.Single(rows).Action.Id);
    }

    private static ActionRow Row(string id, string? parent, double created, ActionState state, double? started = null, double? ended = null) =>
        new(id, "test.kind", id, state, "person:owner")
        {
            ParentId = parent,
            Created = Start.AddSeconds(created),
            Started = started is { } s ? Start.AddSeconds(s) : null,
            Ended = ended is { } e ? Start.AddSeconds(e) : null,
        };
}
