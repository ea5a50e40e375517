namespace Arw.Core.Tools.Feeds;

/// <summary>A feed as a whole.</summary>
/// <param name="Title">Its title; empty for none.</param>
/// <param name="Url">The site it belongs to; null for none.</param>
/// <param name="Format"><c>rss 2.0</c>, <c>rss 1.0</c>, <c>atom 1.0</c>, <c>json feed 1.1</c>, …</param>
public sealed record FeedInfo(string Title, string? Url, string Format);

/// <summary>An entry of a feed.</summary>
/// <param name="Id">The feed's own id for it, else its address, else a digest of its content: the same at every reading.</param>
/// <param name="Title">Its title as plain text; empty for none.</param>
/// <param name="Url">Its address, http or https; null for none.</param>
/// <param name="Summary">Summary or beginning of its content, as plain text; empty for none.</param>
public sealed record FeedItem(string Id, string Title, string? Url, string Summary)
{
    /// <summary>When it was published, else updated; null when the feed gives no time that can be read.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>Who wrote it; null for unknown.</summary>
    public string? Author { get; init; }
}

/// <summary>A feed that has been read.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Items">Its entries, in its own order.</param>
/// <param name="Warnings">What had to be repaired or left out, with line and column where there is one.</param>
public sealed record FeedDocument(FeedInfo Feed, IReadOnlyList<FeedItem> Items, IReadOnlyList<string> Warnings);
