namespace Arw.Web.Components.Layout;

/// <summary>A page in the rail and in the go-to list. Features register theirs as singletons; the frame knows none by name.</summary>
/// <param name="Href">Address below the site's base, <c>episodes</c>; empty for the first page.</param>
/// <param name="Title">The word on screen.</param>
/// <param name="Icon">Path data of a 16 × 16 line drawing.</param>
/// <param name="Order">Lowest first; 1000 and more stand at the bottom of the rail.</param>
public sealed record NavPage(string Href, string Title, string Icon, int Order)
{
    /// <summary>How many things on it wait for a person, with the read models that the figure depends on; null for no figure.</summary>
    public NavCount? Count { get; init; }
}

/// <summary>The figure beside a page's name.</summary>
/// <param name="Models">Ids of the read models that change it.</param>
/// <param name="Now">The figure now; 0 shows nothing.</param>
public sealed record NavCount(IReadOnlyList<string> Models, Func<IServiceProvider, int> Now);
