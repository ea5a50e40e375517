using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Arw.Core.Primitives;

namespace Arw.Core.Text;

/// <summary>A link of a page.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Url">Its absolute address, http or https.</param>
public sealed record PageLink(string Text, string Url);

/// <summary>What a page says.</summary>
/// <param name="Title">Its title; null for none.</param>
/// <param name="Text">Main content: paragraphs with blank lines between, list items with a dash, table cells with bars.</param>
/// <param name="Links">Links of the main content, first ones first, each address once.</param>
public sealed record PageText(string? Title, string Text, IReadOnlyList<PageLink> Links);

/// <summary>HTML to readable text. Nothing is fetched and no script runs; what a person would not see is dropped.</summary>
public static class HtmlText
{
    /// <summary>Longest input in characters: 2 million.</summary>
    public const int MaxLength = 2_000_000;

    private const int MaxDepth = 512;
    private const int MaxLinks = 200;

    /// <summary>Extracts title, main content and links.</summary>
    /// <param name="html">A page or a fragment, as feeds carry it (CDATA marks and doubly escaped markup are undone).</param>
    /// <param name="address">Where it comes from, to complete relative links; null when not known.</param>
    /// <param name="cancel">Stops the work between its stages.</param>
    /// <returns>The text, or a refusal <c>too_large</c> or <c>too_deep</c>.</returns>
    public static Result<PageText> Extract(string html, Uri? address, CancellationToken cancel)
    {
        if (html.Length > MaxLength)
        {
            return new Refusal("too_large", $"The page has {html.Length} characters; {MaxLength} are the most.", "Send a part of it.", 413);
        }

        if (HtmlDepth.Exceeds(html, MaxDepth))
        {
            return new Refusal("too_deep", $"The page nests its elements more than {MaxDepth} deep.", "No person reads such a page; leave it out.", 422);
        }

        var document = Parse(Unwrap(html));
        cancel.ThrowIfCancellationRequested();
        if (document.Body is { ChildElementCount: 0 } body && LooksLikeMarkup(body.TextContent))
        {
            if (HtmlDepth.Exceeds(body.TextContent, MaxDepth))
            {
                return new Refusal("too_deep", $"The page nests its elements more than {MaxDepth} deep.", "No person reads such a page; leave it out.", 422);
            }

            document = Parse(body.TextContent);
        }

        var title = Title(document);
        HiddenContent.Remove(document);
        cancel.ThrowIfCancellationRequested();
        var main = MainContent.Find(document);
        cancel.ThrowIfCancellationRequested();
        return new PageText(title, BlockText.Of(main), Links(main, BaseAddress(document, address)));
    }

    private static AngleSharp.Html.Dom.IHtmlDocument Parse(string html) => new HtmlParser(new HtmlParserOptions { IsScripting = false }).ParseDocument(html);

    private static string Unwrap(string html)
    {
        var trimmed = html.Trim();
        return trimmed.StartsWith("<![CDATA[", StringComparison.Ordinal) && trimmed.EndsWith("]]>", StringComparison.Ordinal) ? trimmed[9..^3] : html;
    }

    private static bool LooksLikeMarkup(string text) =>
        text.Contains("</", StringComparison.Ordinal) || text.Contains("<p>", StringComparison.OrdinalIgnoreCase) || text.Contains("<br", StringComparison.OrdinalIgnoreCase);

    private static string? Title(IDocument document)
    {
        var title = document.QuerySelector("meta[property='og:title']")?.GetAttribute("content")
            ?? document.Head?.QuerySelector("title")?.TextContent
            ?? document.QuerySelector("h1")?.TextContent;
        title = title is null ? "" : BlockText.Collapse(title);
        return title.Length == 0 ? null : title;
    }

    private static Uri? BaseAddress(IDocument document, Uri? address) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { } href
            && (address is null ? Uri.TryCreate(href, UriKind.Absolute, out var own) : Uri.TryCreate(address, href, out own))
            ? own
            : address;

    private static List<PageLink> Links(IElement main, Uri? address)
    {
        var links = new List<PageLink>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var anchor in main.QuerySelectorAll("a[href]"))
        {
            var href = anchor.GetAttribute("href")!.Trim();
            var text = BlockText.Collapse(anchor.TextContent);
            if (text.Length > 0
                && (address is null ? Uri.TryCreate(href, UriKind.Absolute, out var url) : Uri.TryCreate(address, href, out url))
                && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
                && seen.Add(url.AbsoluteUri))
            {
                links.Add(new PageLink(text, url.AbsoluteUri));
            }

            if (links.Count == MaxLinks)
            {
                break;
            }
        }

        return links;
    }
}
