using System.Text;
using Arw.Core.Primitives;

namespace Arw.Core.Tools.Feeds;

/// <summary>Reads feeds in the formats and encodings found in the wild. Any bytes give a feed or a refusal, never an exception.</summary>
public static class FeedParser
{
    /// <summary>The feed in some bytes, or refusal <c>not_a_feed</c>.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="contentType">Its content type as sent; null for none.</param>
    /// <param name="from">Its address, from which relative links start; null for files.</param>
    /// <param name="maxItems">Most items to return.</param>
    public static Result<FeedDocument> Parse(ReadOnlySpan<byte> bytes, string? contentType, Uri? from, int maxItems)
    {
        if (bytes.IndexOfAnyExcept((byte)' ', (byte)'\n', (byte)'\r') < 0)
        {
            return new Refusal("not_a_feed", "This is not a feed: it is empty.", "Give the address of an RSS, Atom or JSON feed.", 422);
        }

        var warnings = new List<string>();
        var decoded = WireText.Decode(bytes, WireText.CharsetOf(contentType) ?? Declared(bytes));
        if (decoded.Warning is not null)
        {
            warnings.Add(decoded.Warning);
        }

        var items = new FeedItems(maxItems, warnings);
        var read = IsJson(decoded.Text)
            ? JsonFeeds.Read(decoded.Text, from, items)
            : FeedMarkup.Read(decoded.Text, warnings).TryGet(out var root, out var refusal) ? XmlFeeds.Read(root, from, items) : refusal;
        return read.Map(feed => new FeedDocument(feed, items.Items, warnings));
    }

    private static bool IsJson(string text) => text.AsSpan().TrimStart(" \t\r\n\uFEFF") is ['{', ..];

    // The encoding in an XML declaration: readable in every encoding that agrees with ASCII.
    private static string? Declared(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 512)]);
        var begin = head.IndexOf("<?xml", StringComparison.Ordinal);
        var end = begin < 0 ? -1 : head.IndexOf("?>", begin, StringComparison.Ordinal);
        var at = end < 0 ? -1 : head.IndexOf("encoding", begin, end - begin, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var open = head.AsSpan(at, end - at).IndexOfAny('"', '\'');
        if (open < 0)
        {
            return null;
        }

        var value = head.AsSpan(at + open + 1, end - at - open - 1);
        var close = value.IndexOf(head[at + open]);
        return close < 0 ? null : value[..close].ToString();
    }
}
