using System.Net;
using System.Text;

namespace Arw.Core.Tools;

/// <summary>The readable text of a piece of HTML: tags away, blocks apart, scripts and styles dropped, character references resolved. Linear in its input, and never fails.</summary>
public static class HtmlText
{
    private static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase) { "script", "style", "template", "noscript", "iframe", "object", "svg", "math" };

    private static readonly HashSet<string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    };

    /// <summary>The text, white space collapsed, at most so many characters.</summary>
    /// <param name="html">HTML, or plain text with character references.</param>
    /// <param name="most">Most characters; an ellipsis marks what was cut.</param>
    public static string Of(string html, int most = int.MaxValue)
    {
        var text = WebUtility.HtmlDecode(html.Contains('<', StringComparison.Ordinal) ? WithoutTags(html) : html);
        return Cut(Collapse(text), most);
    }

    /// <summary>A text cut at so many characters, never inside a surrogate pair.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = Math.Max(0, most - 1);
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return text[..end].TrimEnd() + "…";
    }

    private static string WithoutTags(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var i = 0; i < html.Length;)
        {
            var open = html.IndexOf('<', i);
            if (open < 0)
            {
                text.Append(html, i, html.Length - i);
                break;
            }

            text.Append(html, i, open - i);
            i = Tag(html, open, text);
        }

        return text.ToString();
    }

    // Reads what begins at a '<' and says where text goes on.
    private static int Tag(string html, int open, StringBuilder text)
    {
        if (html.AsSpan(open).StartsWith("<!--", StringComparison.Ordinal))
        {
            var endOfComment = html.IndexOf("-->", open + 4, StringComparison.Ordinal);
            return endOfComment < 0 ? html.Length : endOfComment + 3;
        }

        var at = open + 1;
        var closing = at < html.Length && html[at] == '/';
        at += closing ? 1 : 0;
        if (at >= html.Length || !(char.IsAsciiLetter(html[at]) || html[at] is '!' or '?'))
        {
            text.Append('<');
            return open + 1;
        }

        var nameEnd = at;
        while (nameEnd < html.Length && (char.IsAsciiLetterOrDigit(html[nameEnd]) || html[nameEnd] == '-'))
        {
            nameEnd++;
        }

        var name = html[at..nameEnd];
        var end = TagEnd(html, nameEnd);
        text.Append(Inline.Contains(name) ? "" : " ");
        if (closing || !Dropped.Contains(name))
        {
            return end;
        }

        var close = html.IndexOf("</" + name, end, StringComparison.OrdinalIgnoreCase);
        return close < 0 ? html.Length : TagEnd(html, close);
    }

    private static int TagEnd(string html, int at)
    {
        var quote = '\0';
        for (; at < html.Length; at++)
        {
            var c = html[at];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '>')
            {
                return at + 1;
            }
        }

        return html.Length;
    }

    private static string Collapse(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                if (collapsed.Length > 0 && collapsed[^1] != ' ')
                {
                    collapsed.Append(' ');
                }
            }
            else
            {
                collapsed.Append(c);
            }
        }

        return collapsed.ToString().TrimEnd();
    }
}
