namespace Arw.Web.Components.Layout;

/// <summary>Where in the frame a part stands.</summary>
public enum FramePlace
{
    /// <summary>Top bar, beside the brand.</summary>
    TopStart,

    /// <summary>Top bar, at the right.</summary>
    TopEnd,
}

/// <summary>A component that a feature adds to the frame: project, posture, spend.</summary>
/// <param name="Component">The component's type; it takes no parameters.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Order">Lowest first.</param>
public sealed record FramePart(Type Component, FramePlace Place, int Order);

/// <summary>A card that a feature adds to the page of settings.</summary>
/// <param name="Component">The component's type; it takes no parameters.</param>
public sealed record SettingsPart(Type Component);

/// <summary>A thing that the search box can go to.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Href">Where it is.</param>
/// <param name="What">What it is, one word: "page", "episode".</param>
public sealed record GoToItem(string Title, string Href, string What);

/// <summary>Finds things for the search box. Features register theirs.</summary>
/// <param name="Find">Things that match the words, best first; a handful.</param>
public sealed record GoToSource(Func<IServiceProvider, string, IEnumerable<GoToItem>> Find);
