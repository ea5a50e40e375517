namespace Arw.Web.Components.Sidecar;

/// <summary>What the right-hand panel is about: set by the page that is shown, one per circuit.</summary>
public sealed class Focus
{
    /// <summary>Correlation id of the episode in focus; null = the newest that waits.</summary>
    public string? CorrId { get; private set; }

    /// <summary>Id of the thing that was chosen on the page; null = none.</summary>
    public string? Subject { get; private set; }

    /// <summary>The tab that shows it; null when nothing was chosen.</summary>
    public string? Tab { get; private set; }

    /// <summary>Raised when the focus moved.</summary>
    public event EventHandler? Changed;

    /// <summary>Moves the focus to an episode; null gives it up.</summary>
    public void Set(string? corrId)
    {
        if (CorrId != corrId)
        {
            CorrId = corrId;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>Opens a thing's details in the panel.</summary>
    /// <param name="subject">Its id; null closes them.</param>
    /// <param name="tab">Id of the tab that shows such things.</param>
    public void Look(string? subject, string tab)
    {
        if (Subject != subject)
        {
            (Subject, Tab) = (subject, subject is null ? null : tab);
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
