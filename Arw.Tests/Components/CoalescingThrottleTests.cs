using Arw.Web.Components.Live;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Components;

public sealed class CoalescingThrottleTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _updated = new(0);
    private int _updates;

    [Fact]
    public async Task Signal_First_UpdatesAtOnce()
    {
        await using var throttle = Throttle();
        throttle.Signal();
        await Updated();
        Assert.Equal(1, _updates);
    }

    [Fact]
    public async Task Signal_ManyWithinInterval_MergeIntoOneUpdate()
    {
        await using var throttle = Throttle();
        throttle.Signal();
        await Updated();
        for (var i = 0; i < 1000; i++)
        {
            throttle.Signal();
        }

        await PassAsync(CoalescingThrottle.DefaultInterval);
        await Updated();
        await PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, _updates);
    }

    [Fact]
    public async Task Signal_Always_AtMostTenUpdatesASecond()
    {
        await using var throttle = Throttle();
        throttle.Signal();
        await Updated();
        for (var ms = 0; ms < 1000; ms += 10)
        {
            throttle.Signal();
            await PassAsync(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(_updates, 2, 11);
    }

    [Fact]
    public async Task Update_ThatTakesLong_RestsThreeTimesAsLong()
    {
        await using var throttle = new CoalescingThrottle(
            () =>
            {
                _updates++;
                _time.Advance(TimeSpan.FromMilliseconds(80));
                _updated.Release();
                return Task.CompletedTask;
            },
            _time,
            NullLogger.Instance);
        throttle.Signal();
        await Updated();
        throttle.Signal();
        await PassAsync(TimeSpan.FromMilliseconds(230));
        Assert.Equal(1, _updates);
        await PassAsync(TimeSpan.FromMilliseconds(20));
        await Updated();
        Assert.Equal(2, _updates);
    }

    [Fact]
    public async Task Update_Throws_IsLoggedAndLaterSignalsStillUpdate()
    {
        var log = new ListLogger();
        await using var throttle = new CoalescingThrottle(
            () =>
            {
                _updates++;
                _updated.Release();
                return _updates == 1 ? throw new InvalidOperationException("first") : Task.CompletedTask;
            },
            _time,
            log);
        throttle.Signal();
        await Updated();
        await PassAsync(CoalescingThrottle.DefaultInterval);
        throttle.Signal();
        await PassAsync(CoalescingThrottle.DefaultInterval);
        await Updated();
        Assert.Equal("first", Assert.Single(log.Exceptions).Message);
    }

    [Fact]
    public async Task Signal_AfterDispose_DoesNothing()
    {
        var throttle = Throttle();
        await throttle.DisposeAsync();
        throttle.Signal();
        Assert.Equal(0, _updates);
    }

    private CoalescingThrottle Throttle() => new(
        () =>
        {
            Interlocked.Increment(ref _updates);
            _updated.Release();
            return Task.CompletedTask;
        },
        _time,
        NullLogger.Instance);

    private async Task Updated() => Assert.True(await _updated.WaitAsync(TimeSpan.FromSeconds(10)), "No update came.");

    // The fake clock moves only once the throttle's task waits on it; give that task the threads first.
    private async Task PassAsync(TimeSpan time)
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.Yield();
        }

        _time.Advance(time);
        for (var i = 0; i < 20; i++)
        {
            await Task.Yield();
        }
    }

    private sealed class ListLogger : ILogger
    {
        public List<Exception> Exceptions { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                Exceptions.Add(exception);
            }
        }
    }
}
