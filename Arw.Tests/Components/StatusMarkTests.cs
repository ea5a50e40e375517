using Arw.Core.Actions;
using Arw.Web.Components.Status;
using Bunit;

namespace Arw.Tests.Components;

public sealed class StatusMarkTests : BunitContext
{
    [Fact]
    public void Mark_Running_HasShapeColourAndWord()
    {
        var mark = Render<StatusMark>(p => p.Add(m => m.Kind, StatusKind.Running));
        mark.MarkupMatches("""<span class="st run"><i aria-hidden="true">◐</i><span>Running</span></span>""");
    }

    [Fact]
    public void Mark_Compact_KeepsTheWordForScreenReaders()
    {
        var mark = Render<StatusMark>(p => p.Add(m => m.Kind, StatusKind.Refused).Add(m => m.Compact, true));
        Assert.Equal("Refused", mark.Find(".sr").TextContent);
    }

    [Fact]
    public void Face_EveryStatusAndState_HasOne()
    {
        Assert.All(Enum.GetValues<StatusKind>(), kind => Assert.NotEmpty(StatusFace.Of(kind).Shape));
        Assert.All(Enum.GetValues<ActionState>(), state => Assert.NotEmpty(StatusFace.Of(StatusFace.Of(state)).Word));
    }

    [Theory]
    [InlineData("actions.refused", StatusKind.Refused)]
    [InlineData("approvals.requested", StatusKind.Waiting)]
    [InlineData("policy.lease.granted", StatusKind.Done)]
    [InlineData("policy.lease.revoked", StatusKind.Refused)]
    [InlineData("episode.started", StatusKind.Running)]
    public void Face_OfEventKind_FollowsItsLastWord(string kind, StatusKind expected) => Assert.Equal(expected, StatusFace.OfEvent(kind));
}
