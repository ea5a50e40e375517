namespace Arw.Web.Components.Live;

/// <summary>How current the pages are.</summary>
public enum LiveState
{
    /// <summary>They show the newest event, or will within a moment.</summary>
    Live,

    /// <summary>The read models are working through events.</summary>
    CatchingUp,

    /// <summary>They have been behind for several seconds.</summary>
    Behind,
}

/// <summary>How far the read models are behind the journal.</summary>
/// <param name="State">In a word.</param>
/// <param name="Events">Events not folded yet.</param>
public readonly record struct Lag(LiveState State, long Events)
{
    /// <summary>Why the home cannot work now; null when it can.</summary>
    public LiveTrouble? Trouble { get; init; }
}

/// <summary>What keeps the home from working, as every page shows it.</summary>
/// <param name="Word">In a word or two, for the bar.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Next">What to do.</param>
public sealed record LiveTrouble(string Word, string Message, string Next);

/// <summary>Watches how far the read models are behind the journal and whether the home can work, once a second for the whole site.</summary>
public sealed class LiveLag : IDisposable
{
    private const int BehindAfterTicks = 5;
    private readonly Func<long> _eventsBehind;
    private readonly Func<LiveTrouble?> _trouble;
    private readonly ITimer _timer;
    private int _ticks;

    /// <param name="eventsBehind">Events in the journal that are not folded yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="trouble">What keeps the home from working; nothing by default.</param>
    public LiveLag(Func<long> eventsBehind, TimeProvider time, Func<LiveTrouble?>? trouble = null)
    {
        (_eventsBehind, _trouble) = (eventsBehind, trouble ?? (static () => null));
        _timer = time.CreateTimer(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>The lag at the last look.</summary>
    public Lag Now { get; private set; }

    /// <summary>Raised when it changed. Handlers must not throw.</summary>
    public event EventHandler? Changed;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var events = _eventsBehind();
        // One look behind is an event on its way; only two in a row are a lag worth showing.
        _ticks = events > 0 ? _ticks + 1 : 0;
        var now = _ticks switch
        {
            < 2 => new Lag(LiveState.Live, 0),
            < BehindAfterTicks => new Lag(LiveState.CatchingUp, events),
            _ => new Lag(LiveState.Behind, events),
        } with
        { Trouble = _trouble() };
        if (now != Now)
        {
            Now = now;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
