using System.Globalization;

namespace Arw.Web.Components.Markdown;

/// <summary>Reads emphasis, code, links, bare addresses and citations. There is no way to write HTML: everything else is text.</summary>
/// <param name="sources">Address of each numbered source, for citations.</param>
public sealed class InlineParser(IReadOnlyDictionary<int, string> sources)
{
    /// <summary>Scheme of files of the project: its links are resolved by the page, never followed as they are.</summary>
    public const string FileScheme = "project://";

    private const int MaxDepth = 8;

    /// <summary>The pieces of a line.</summary>
    public IReadOnlyList<Inline> Parse(string text) => Parse(text, 0);

    /// <summary>An address that a page may link to: http, https, mailto, a file of the project, or a path inside this site; null for the rest.</summary>
    public static string? SafeHref(string href)
    {
        href = href.Trim();
        if (href.StartsWith(FileScheme, StringComparison.Ordinal) || href.StartsWith('#') || (href.StartsWith('/') && !href.StartsWith("//", StringComparison.Ordinal) && !href.Contains('\\', StringComparison.Ordinal)))
        {
            return href;
        }

        return Uri.TryCreate(href, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto"
            ? uri.AbsoluteUri
            : null;
    }

    private List<Inline> Parse(string text, int depth)
    {
        var parts = new List<Inline>();
        var plain = new System.Text.StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            var (piece, length) = depth < MaxDepth ? Piece(text, at, depth) : (null, 0);
            if (piece is null)
            {
                if (text[at] == '\\' && at + 1 < text.Length && (char.IsPunctuation(text[at + 1]) || char.IsSymbol(text[at + 1])))
                {
                    at++;
                }

                plain.Append(text[at++]);
                continue;
            }

            Flush();
            parts.Add(piece);
            at += length;
        }

        Flush();
        return parts;

        void Flush()
        {
            if (plain.Length > 0)
            {
                parts.Add(new Inline.Text(plain.ToString()));
                plain.Clear();
            }
        }
    }

    private (Inline? Piece, int Length) Piece(string text, int at, int depth) => text[at] switch
    {
        '`' => Code(text, at),
        '*' or '_' => Emphasis(text, at, depth),
        '[' => Bracket(text, at, depth),
        '<' => Angle(text, at),
        'h' or 'p' => Bare(text, at),
        _ => (null, 0),
    };

    private static (Inline?, int) Code(string text, int at)
    {
        var end = text.IndexOf('`', at + 1);
        return end < 0 ? (null, 0) : (new Inline.Code(text[(at + 1)..end]), end + 1 - at);
    }

    private (Inline?, int) Emphasis(string text, int at, int depth)
    {
        var mark = text[at];
        if (mark == '_' && at > 0 && char.IsLetterOrDigit(text[at - 1]))
        {
            return (null, 0);
        }

        var strong = at + 1 < text.Length && text[at + 1] == mark;
        var width = strong ? 2 : 1;
        var start = at + width;
        if (start >= text.Length || char.IsWhiteSpace(text[start]))
        {
            return (null, 0);
        }

        var end = text.IndexOf(strong ? new string(mark, 2) : mark.ToString(), start + 1, StringComparison.Ordinal);
        return end < 0 || char.IsWhiteSpace(text[end - 1])
            ? (null, 0)
            : (new Inline.Emphasis(strong, Parse(text[start..end], depth + 1)), end + width - at);
    }

    private (Inline?, int) Bracket(string text, int at, int depth)
    {
        var close = Close(text, at);
        if (close < 0)
        {
            return (null, 0);
        }

        var inside = text[(at + 1)..close];
        if (close + 1 < text.Length && text[close + 1] == '(')
        {
            var end = text.IndexOf(')', close + 2);
            if (end > 0 && SafeHref(text[(close + 2)..end].Split(' ')[0]) is { } href)
            {
                // A number in brackets that is a link is a citation, [[1]](…): a link in a link would be none.
                Inline link = inside is ['[', .., ']'] && Number(inside[1..^1]) is { } cited ? new Inline.Cite(cited, href) : new Inline.Link(href, Parse(inside, depth + 1));
                return (link, end + 1 - at);
            }
        }

        return Number(inside) is { } number
            ? (new Inline.Cite(number, sources.GetValueOrDefault(number)), close + 1 - at)
            : (null, 0);
    }

    // The bracket that closes the one at a place; those inside and escaped ones are passed over. -1 when none does.
    private static int Close(string text, int at)
    {
        var open = 0;
        for (var i = at; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    open++;
                    break;
                case ']' when --open == 0:
                    return i;
            }
        }

        return -1;
    }

    private static int? Number(string text) =>
        text.Length is > 0 and < 5 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static (Inline?, int) Angle(string text, int at)
    {
        var end = text.IndexOf('>', at + 1);
        return end > 0 && text.AsSpan(at + 1).StartsWith("http") && SafeHref(text[(at + 1)..end]) is { } href
            ? (new Inline.Link(href, [new Inline.Text(text[(at + 1)..end])]), end + 1 - at)
            : (null, 0);
    }

    private static (Inline?, int) Bare(string text, int at)
    {
        if ((at > 0 && char.IsLetterOrDigit(text[at - 1]))
            || (!text.AsSpan(at).StartsWith("https://") && !text.AsSpan(at).StartsWith("http://") && !text.AsSpan(at).StartsWith(FileScheme)))
        {
            return (null, 0);
        }

        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('<' or '>' or '"' or ')' or ']'))
        {
            end++;
        }

        while (end > at && text[end - 1] is '.' or ',' or ';' or ':' or '!' or '?')
        {
            end--;
        }

        return SafeHref(text[at..end]) is { } href ? (new Inline.Link(href, [new Inline.Text(text[at..end])]), end - at) : (null, 0);
    }
}
