using System.Collections.Concurrent;
using Arw.Core.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Actions;

/// <summary>The home's own worker: claims what can run and runs it, stops what is cancelled, and keeps the clockwork (renewal, lapsed claims, delays, expired approvals).</summary>
public sealed class ActionPump(
    ActionScheduler scheduler,
    ActionDesk desk,
    ActionGate gate,
    LiveActions live,
    StateHost state,
    TimeProvider time,
    ActionOptions options,
    ILogger<ActionPump> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _tasks = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await scheduler.RecoverAsync(stoppingToken);
        using var onChange = state.OnChanged(change =>
        {
            if (change.Id == live.Id || change.Id == gate.PolicyModelId)
            {
                Wake();
            }
        });
        await using var tick = time.CreateTimer(_ => Wake(), null, Tick, Tick);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await TurnAsync(stoppingToken);
                await _wake.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what runs is released by the next start.
        }
        finally
        {
            // Executors end before the journal closes behind them, so that what they did to the end is written down.
            foreach (var id in _running.Keys)
            {
                Stop(id);
            }

            await Task.WhenAll(_tasks.Values).WaitAsync(StopPatience, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // An executor that does not listen is left behind: its action is taken up again at the next start, as after a crash.
    private static TimeSpan StopPatience { get; } = TimeSpan.FromSeconds(10);

    private TimeSpan Tick => TimeSpan.FromMilliseconds(Math.Max(250, options.ClaimTtl.TotalMilliseconds / 60));

    private async Task TurnAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var id in _running.Keys.Where(id => !live.Current.Actions.ContainsKey(id)))
            {
                Stop(id); // cancelled: its executor is told
            }

            foreach (var claim in scheduler.Claims)
            {
                if (_running.ContainsKey(claim.Action.Id))
                {
                    scheduler.Renew(claim.Id);
                    if (gate.Stopped(claim.Action.Project) is { } stopped)
                    {
                        await desk.CancelAsync(claim.Action.Id, "system:actions", stopped.Message, cancel);
                    }
                }
            }

            await scheduler.SweepAsync(cancel);
            await desk.ExpireAsync(cancel);
            while (await scheduler.ClaimAsync(cancel) is { } claim)
            {
                Run(claim, cancel);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A journal fault, for example: the next turn tries again, and /healthz says what is wrong.
            log.LogError(e, "The action pump could not take its turn");
        }
    }

    private void Run(Claim claim, CancellationToken stopping)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _running[claim.Action.Id] = source;
        var task = Task.Run(
            async () =>
            {
                try
                {
                    // A home that is stopping leaves the action running: the next start takes it up as a retry.
                    await scheduler.RunAsync(claim, source.Token);
                }
                catch (Exception e)
                {
                    log.LogError(e, "Running {Action} failed outside its executor", claim.Action.Id);
                }
                finally
                {
                    _running.TryRemove(claim.Action.Id, out _);
                    source.Dispose();
                    Wake();
                }
            },
            CancellationToken.None);
        _tasks[claim.Id] = task;
        _ = task.ContinueWith(ended => _tasks.TryRemove(claim.Id, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Stop(string actionId)
    {
        if (_running.TryGetValue(actionId, out var source))
        {
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended in this moment.
            }
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A turn is due already.
        }
        catch (ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
