namespace Arw.Web.Components.Sidecar;

/// <summary>A tab of the right-hand panel, which stands beside every page. Features register theirs.</summary>
/// <param name="Id">Stable word, also in the browser's memory of what was open.</param>
/// <param name="Title">The word on screen.</param>
/// <param name="Component">The component's type; it takes no parameters.</param>
/// <param name="Order">Lowest first.</param>
public sealed record SidecarTab(string Id, string Title, Type Component, int Order)
{
    /// <summary>The figure beside the title; null for none.</summary>
    public Layout.NavCount? Count { get; init; }
}
