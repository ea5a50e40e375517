using Arw.Web.Components.Live;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Pages;

public sealed class LiveLagTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Now_BehindForSeconds_GoesFromLiveToBehindAndBack()
    {
        var time = new FakeTimeProvider();
        var events = 7L;
        using var lag = new LiveLag(() => events, time);
        var changes = 0;
        lag.Changed += (_, _) => changes++;
        time.Advance(Second);
        Assert.Equal(new Lag(LiveState.Live, 0), lag.Now);
        time.Advance(Second);
        Assert.Equal(new Lag(LiveState.CatchingUp, 7), lag.Now);
        time.Advance(3 * Second);
        Assert.Equal(LiveState.Behind, lag.Now.State);
        events = 0;
        time.Advance(Second);
        Assert.Equal(new Lag(LiveState.Live, 0), lag.Now);
        Assert.Equal(3, changes);
    }
}
