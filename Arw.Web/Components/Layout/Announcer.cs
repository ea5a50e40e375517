namespace Arw.Web.Components.Layout;

/// <summary>Says to screen readers what changed without a move of the focus. One per circuit.</summary>
public sealed class Announcer
{
    /// <summary>What was said last.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Raised when there is something new to say.</summary>
    public event EventHandler? Said;

    /// <summary>Says it, politely: after what the reader is saying now.</summary>
    public void Say(string text)
    {
        // A text equal to the last one would not be read again; a changed space is.
        Text = text == Text ? text + " " : text;
        Said?.Invoke(this, EventArgs.Empty);
    }
}
