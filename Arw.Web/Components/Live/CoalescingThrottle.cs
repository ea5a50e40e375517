namespace Arw.Web.Components.Live;

/// <summary>Turns any number of signals into at most one update per interval. The first signal acts at once; later ones merge into one update at the interval's end, or after three times what the last one took, if that is longer.
/// Runs off the writer's thread; an update that throws is logged and does not stop later ones. Ends with its subscriber.</summary>
public sealed class CoalescingThrottle : IAsyncDisposable
{
    /// <summary>Ten updates a second.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(100);

    private const int RestFor = 3;

    private readonly Func<Task> _update;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _interval;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private bool _signalled;
    private Task? _running;

    /// <param name="update">What to do; never runs twice at a time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where exceptions of the update go.</param>
    /// <param name="interval">Least time between starts of two updates; <see cref="DefaultInterval"/> by default.</param>
    public CoalescingThrottle(Func<Task> update, TimeProvider time, ILogger logger, TimeSpan? interval = null) =>
        (_update, _time, _logger, _interval) = (update, time, logger, interval ?? DefaultInterval);

    /// <summary>Something changed. Returns at once; never throws.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            _signalled = true;
            if (_running is null && !_stop.IsCancellationRequested)
            {
                // The writer's locals (culture, activity) are not the subscriber's.
                using (ExecutionContext.SuppressFlow())
                {
                    _running = Task.Run(RunAsync);
                }
            }
        }
    }

    /// <summary>Stops; waits for an update that runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            _stop.Cancel();
            running = _running;
        }

        if (running is not null)
        {
            await running;
        }

        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_signalled || _stop.IsCancellationRequested)
                {
                    _running = null;
                    return;
                }

                _signalled = false;
            }

            var started = _time.GetTimestamp();
            try
            {
                await _update();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The page went away in the middle of its update.
            }
            catch (Exception e)
            {
                _logger.LogError(e, "A live update of a page failed");
            }

            // Where updates take long, because there are many pages or little processor, they come less often: clicks and letters are answered in between.
            var taken = _time.GetElapsedTime(started);
            var rest = TimeSpan.FromTicks(Math.Max((_interval - taken).Ticks, RestFor * taken.Ticks));
            if (rest > TimeSpan.Zero)
            {
                try
                {
                    await Task.Delay(rest, _time, _stop.Token);
                }
                catch (OperationCanceledException)
                {
                    // The next turn sees the stop and ends.
                }
            }
        }
    }
}
