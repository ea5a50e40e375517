using Arw.Core.State;
using Microsoft.AspNetCore.Components;

namespace Arw.Web.Components.Live;

/// <summary>A component that follows read models: they only signal, a throttle paces, and the component pulls what it shows.</summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private CoalescingThrottle? _throttle;

    [Inject]
    private StateHost State { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = null!;

    /// <summary>Ids of the read models that this component shows; asked once, when it becomes live.</summary>
    protected virtual IEnumerable<string> Models => [];

    /// <summary>Pulls again what is shown; runs on the renderer's thread, followed by a render. Nothing by default.</summary>
    protected virtual Task PullAsync() => Task.CompletedTask;

    /// <summary>Asks for a pull and a render, at the throttle's pace. From any thread.</summary>
    protected void Signal() => _throttle?.Signal();

    protected override void OnAfterRender(bool firstRender)
    {
        // Only in a live circuit: a prerendered page is shown once and thrown away.
        if (firstRender && RendererInfo.IsInteractive)
        {
            _throttle = new CoalescingThrottle(
                () => InvokeAsync(async () =>
                {
                    await PullAsync();
                    StateHasChanged();
                }),
                Time,
                Loggers.CreateLogger(GetType()));
            foreach (var model in Models)
            {
                _subscriptions.Add(State.OnChanged(model, _throttle.Signal));
            }

            // What changed between the first pull and the subscription.
            if (_subscriptions.Count > 0)
            {
                _throttle.Signal();
            }
        }
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }

        if (_throttle is not null)
        {
            // Not awaited on the renderer's thread: an update in flight needs that very thread to end.
            await Task.Run(async () => await _throttle.DisposeAsync()).ConfigureAwait(false);
        }

        GC.SuppressFinalize(this);
    }
}
