using System.Text;

namespace Arw.Core.Tools.Feeds;

/// <summary>An element of a feed, as far as it could be read.</summary>
internal sealed class FeedNode(string rawName, FeedNode? parent)
{
    // Prefixes that feeds use without declaring them.
    private static readonly Dictionary<string, string> Usual = new(StringComparer.Ordinal)
    {
        ["dc"] = FeedNames.DublinCore,
        ["content"] = FeedNames.Content,
        ["atom"] = FeedNames.Atom,
        ["rdf"] = FeedNames.Rdf,
        ["itunes"] = FeedNames.Itunes,
        ["xml"] = FeedNames.Xml,
    };

    private readonly StringBuilder _text = new();
    private Dictionary<string, string>? _attributes;
    private List<FeedNode>? _children;

    public string RawName => rawName;

    public FeedNode? Parent => parent;

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    public IReadOnlyList<FeedNode> Children => _children ?? (IReadOnlyList<FeedNode>)[];

    /// <summary>Name without prefix.</summary>
    public string Name { get; } = rawName[(rawName.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Namespace; empty for none.</summary>
    public string Namespace
    {
        get
        {
            var colon = rawName.IndexOf(':', StringComparison.Ordinal);
            var prefix = colon < 0 ? "" : rawName[..colon];
            var declaration = prefix.Length == 0 ? "xmlns" : "xmlns:" + prefix;
            for (var node = this; node is not null; node = node.Parent)
            {
                if (node.Attribute(declaration) is { } found)
                {
                    return found;
                }
            }

            return Usual.GetValueOrDefault(prefix, "");
        }
    }

    public string? Attribute(string name) => _attributes?.GetValueOrDefault(name);

    public void Set(string name, string value) => (_attributes ??= new(StringComparer.Ordinal)).TryAdd(name, value);

    public void Add(FeedNode child) => (_children ??= []).Add(child);

    public void Append(ReadOnlySpan<char> text) => _text.Append(text);

    /// <summary>Children of that name, in a namespace or in any.</summary>
    public IEnumerable<FeedNode> All(string name, string? space = null) =>
        Children.Where(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && (space is null || c.Namespace == space));

    /// <summary>The first child of that name.</summary>
    public FeedNode? First(string name, string? space = null) => All(name, space).FirstOrDefault();

    /// <summary>Its text; that of markup inside it too, which some feeds forget to escape.</summary>
    public string Text()
    {
        if (_children is null)
        {
            return _text.ToString().Trim();
        }

        var all = new StringBuilder().Append(_text);
        var waiting = new Stack<FeedNode>(_children.AsEnumerable().Reverse());
        while (waiting.TryPop(out var node))
        {
            all.Append(' ').Append(node._text);
            foreach (var child in node.Children.Reverse())
            {
                waiting.Push(child);
            }
        }

        return all.ToString().Trim();
    }

    /// <summary>The address that relative links in it start from.</summary>
    public Uri? Base(Uri? document)
    {
        var chain = new Stack<string>();
        for (var node = this; node is not null; node = node.Parent)
        {
            if (node.Attribute("xml:base") is { Length: > 0 } given)
            {
                chain.Push(given);
            }
        }

        var result = document;
        while (chain.TryPop(out var given))
        {
            result = FeedLinks.Combine(result, given) ?? result;
        }

        return result;
    }
}

/// <summary>Namespaces that feeds use.</summary>
internal static class FeedNames
{
    public const string Atom = "http://www.w3.org/2005/Atom";
    public const string Atom03 = "http://purl.org/atom/ns#";
    public const string Content = "http://purl.org/rss/1.0/modules/content/";
    public const string DublinCore = "http://purl.org/dc/elements/1.1/";
    public const string Itunes = "http://www.itunes.com/dtds/podcast-1.0.dtd";
    public const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    public const string Xml = "http://www.w3.org/XML/1998/namespace";
}

/// <summary>Links in feeds.</summary>
internal static class FeedLinks
{
    private const int MaxLength = 4096;

    /// <summary>An absolute http or https address from what a feed says; null when it is none.</summary>
    public static Uri? Combine(Uri? from, string? link)
    {
        link = link?.Trim();
        if (string.IsNullOrEmpty(link) || link.Length > MaxLength)
        {
            return null;
        }

        var found = Uri.TryCreate(link, UriKind.Absolute, out var absolute) && !link.StartsWith('/') ? absolute
            : from is not null && Uri.TryCreate(from, link, out var relative) ? relative
            : null;
        return found is { Scheme: "http" or "https" } ? found : null;
    }
}
