using Arw.Core.Primitives;

namespace Arw.Core.Tools.Feeds;

/// <summary>Reads RSS 0.9x, 1.0 and 2.0, and Atom 0.3 and 1.0.</summary>
internal static class XmlFeeds
{
    /// <summary>The feed in a document, or refusal <c>not_a_feed</c>.</summary>
    public static Result<FeedInfo> Read(FeedNode root, Uri? from, FeedItems items)
    {
        var at = root.Base(from);
        switch (root.Name.ToLowerInvariant())
        {
            case "rss" when root.First("channel") is { } channel:
                return Rss(channel, root.All("item"), $"rss {root.Attribute("version") ?? "2.0"}", at, items);
            case "channel":
                return Rss(root, [], "rss 2.0", at, items);
            case "rdf":
                return Rss(root.First("channel") ?? root, root.All("item"), "rss 1.0", at, items);
            case "feed":
                return Atom(root, at, items);
            case "html":
                return Refuse("it is a web page");
            default:
                return Refuse($"its first element is <{HtmlText.Cut(root.RawName, 40)}>");
        }
    }

    private static FeedInfo Rss(FeedNode channel, IEnumerable<FeedNode> outside, string format, Uri? from, FeedItems items)
    {
        var site = Link(channel, channel.Base(from));
        foreach (var item in channel.All("item").Concat(outside))
        {
            items.Add(RssItem(item, item.Base(from) ?? site));
        }

        return new FeedInfo(HtmlText.Of(channel.First("title")?.Text() ?? "", 300), site?.AbsoluteUri, HtmlText.Cut(format, 20));
    }

    private static RawItem RssItem(FeedNode item, Uri? from)
    {
        var guid = item.First("guid");
        var id = guid?.Text() ?? item.First("identifier", FeedNames.DublinCore)?.Text() ?? item.Attribute("rdf:about");
        var permanent = guid is not null && guid.Attribute("isPermaLink")?.Equals("false", StringComparison.OrdinalIgnoreCase) != true;
        return new RawItem
        {
            Id = id,
            Title = Plain(item, "title"),
            Url = Link(item, from) ?? (permanent ? FeedLinks.Combine(null, guid!.Text()) : null) ?? FeedLinks.Combine(from, item.Attribute("rdf:about")),
            Html = Filled(item.First("description")) ?? Filled(item.First("encoded", FeedNames.Content)) ?? Filled(item.First("summary")),
            Author = Filled(item.First("creator", FeedNames.DublinCore)) ?? Filled(item.First("author")),
            Date = Filled(item.First("pubDate")) ?? Filled(item.First("date", FeedNames.DublinCore)) ?? Filled(item.First("published")) ?? Filled(item.First("date")) ?? Filled(item.First("updated")),
        };
    }

    private static FeedInfo Atom(FeedNode feed, Uri? from, FeedItems items)
    {
        foreach (var entry in feed.All("entry"))
        {
            items.Add(new RawItem
            {
                Id = Filled(entry.First("id")),
                Title = Filled(entry.First("title")),
                Url = Link(entry, from),
                Html = Filled(entry.First("summary")) ?? Filled(entry.First("content")),
                Author = Filled((entry.First("author") ?? feed.First("author"))?.First("name")),
                Date = Filled(entry.First("published")) ?? Filled(entry.First("issued")) ?? Filled(entry.First("created")) ?? Filled(entry.First("updated")) ?? Filled(entry.First("modified")),
            });
        }

        var old = feed.Namespace == FeedNames.Atom03 || feed.Attribute("version") == "0.3";
        return new FeedInfo(HtmlText.Of(feed.First("title")?.Text() ?? "", 300), Link(feed, from)?.AbsoluteUri, old ? "atom 0.3" : "atom 1.0");
    }

    // RSS writes the address as text, Atom as an attribute, and both occur in both.
    private static Uri? Link(FeedNode node, Uri? from)
    {
        Uri? best = null;
        foreach (var link in node.All("link"))
        {
            var relation = link.Attribute("rel");
            if (link.Attribute("href") is { } href)
            {
                if (relation is null or "alternate" && FeedLinks.Combine(link.Base(from), href) is { } found)
                {
                    if (link.Attribute("type") is null or "text/html" or "application/xhtml+xml")
                    {
                        return found;
                    }

                    best ??= found;
                }
            }
            else if (FeedLinks.Combine(link.Base(from), link.Text()) is { } text)
            {
                return text;
            }
        }

        return best;
    }

    private static string? Plain(FeedNode node, string name) =>
        Filled(node.Children.FirstOrDefault(c => c.RawName.Equals(name, StringComparison.OrdinalIgnoreCase))) ?? Filled(node.First(name));

    private static string? Filled(FeedNode? node) => node?.Text() is { Length: > 0 } text ? text : null;

    private static Refusal Refuse(string why) =>
        new("not_a_feed", $"This is not a feed: {why}.", "Give the address of an RSS, Atom or JSON feed.", 422);
}
