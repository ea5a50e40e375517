namespace Arw.Core.Journal;

/// <summary>Kinds of events about the home process itself.</summary>
public static class HomeEvents
{
    /// <summary>The first event of every start: what was open before it is over.</summary>
    public static readonly EventKind<HomeStarted> Started = new("home.started", "The home process started.");
}

/// <summary>Payload of <c>home.started</c>.</summary>
/// <param name="Boot">Names the process.</param>
/// <param name="Version">Version of the program.</param>
public sealed record HomeStarted(string Boot, string Version);
