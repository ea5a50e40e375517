namespace Arw.Web.Components.Sidecar;

/// <summary>What the right-hand panel is about: set by the page that shows an episode, one per circuit.</summary>
public sealed class Focus
{
    /// <summary>Correlation id of the episode in focus; null = the newest that waits.</summary>
    public string? CorrId { get; private set; }

    /// <summary>Raised when the focus moved.</summary>
    public event EventHandler? Changed;

    /// <summary>Moves the focus; null gives it up.</summary>
    public void Set(string? corrId)
    {
        if (CorrId != corrId)
        {
            CorrId = corrId;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
