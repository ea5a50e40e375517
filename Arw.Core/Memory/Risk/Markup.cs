using System.Net;

namespace Arw.Core.Memory.Risk;

/// <summary>Finds in HTML and Markdown what runs, asks, embeds, hides or misleads. Reads tags as a browser's tokenizer does: once, from the beginning, and never back.</summary>
internal static class Markup
{
    private const int MostLinkText = 300;

    private static readonly Dictionary<string, (RiskKind Kind, string Words)> Elements = new(StringComparer.OrdinalIgnoreCase)
    {
        ["script"] = (RiskKind.Script, "A script: a page that shows this text could run it."),
        ["iframe"] = (RiskKind.Frame, "Another page embedded in this one: what it shows is decided elsewhere, later."),
        ["frame"] = (RiskKind.Frame, "Another page embedded in this one: what it shows is decided elsewhere, later."),
        ["object"] = (RiskKind.Frame, "A program or document embedded in this text."),
        ["embed"] = (RiskKind.Frame, "A program or document embedded in this text."),
        ["applet"] = (RiskKind.Frame, "A program embedded in this text."),
        ["base"] = (RiskKind.Frame, "Moves where every link of the page leads."),
        ["form"] = (RiskKind.Form, "A form: it asks the reader for something and sends it somewhere."),
        ["input"] = (RiskKind.Form, "A field of a form: it asks the reader for something."),
        ["button"] = (RiskKind.Form, "A button of a form."),
        ["textarea"] = (RiskKind.Form, "A field of a form: it asks the reader for something."),
        ["select"] = (RiskKind.Form, "A field of a form."),
        ["template"] = (RiskKind.HiddenStyle, "Markup that a browser keeps and does not show."),
        ["noscript"] = (RiskKind.HiddenStyle, "Text that most readers never see: it shows only where scripts are off."),
    };

    public static void Find(string text, Findings found)
    {
        Link? link = null;
        var bracket = -1;
        for (var i = 0; i < text.Length;)
        {
            found.Steps++;
            switch (text[i])
            {
                case '<':
                    i = Tag(text, i, ref link, found);
                    break;
                case '[':
                    bracket = i++;
                    break;
                case ']' when bracket >= 0 && i + 1 < text.Length && text[i + 1] == '(':
                    i = MarkdownLink(text, bracket, i, found);
                    bracket = -1;
                    break;
                default:
                    i++;
                    break;
            }
        }
    }

    private static int Tag(string text, int at, ref Link? link, Findings found)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            return Comment(text, at, found);
        }

        var closing = rest.Length > 1 && rest[1] == '/';
        var start = at + (closing ? 2 : 1);
        if (start >= text.Length || !char.IsAsciiLetter(text[start]))
        {
            return at + 1;
        }

        var tag = HtmlTag.Read(text, at, start);
        found.Steps += tag.End - at;
        if (closing)
        {
            if (tag.Is("a") && link is { } open)
            {
                Compare(open.Url, text[open.TextStart..Math.Min(at, open.TextStart + MostLinkText)], open.Start, tag.End, found);
                link = null;
            }

            return tag.End;
        }

        Judge(tag, found);
        if (tag.Is("a") && tag.Find("href") is { } href)
        {
            link = new Link(at, tag.End, href);
        }

        return tag.End;
    }

    private static int Comment(string text, int at, Findings found)
    {
        var close = text.IndexOf("-->", at + 4, StringComparison.Ordinal);
        var end = close < 0 ? text.Length : close + 3;
        found.Steps += end - at;
        if (text.AsSpan(at + 4, (close < 0 ? end : close) - at - 4).ContainsAnyExcept(" \t\r\n-"))
        {
            found.Add(RiskKind.Comment, at, end, "A comment in the markup: a reader of the page does not see it, an agent that reads the source does.");
        }

        return end;
    }

    private static void Judge(HtmlTag tag, Findings found)
    {
        if (Elements.TryGetValue(tag.Name, out var element))
        {
            found.Add(element.Kind, tag.Start, tag.End, element.Words);
        }
        else if (tag.Is("meta") && string.Equals(tag.Find("http-equiv"), "refresh", StringComparison.OrdinalIgnoreCase))
        {
            found.Add(RiskKind.Frame, tag.Start, tag.End, "Leads the reader to another page by itself.");
        }

        foreach (var (name, value) in tag.Attributes)
        {
            if (name.Length > 2 && name.StartsWith("on", StringComparison.OrdinalIgnoreCase) && name.AsSpan(2).IndexOfAnyExceptInRange('A', 'z') < 0)
            {
                found.Add(RiskKind.EventHandler, tag.Start, tag.End, $"Runs a script by itself ({name}).");
            }
            else if (RunsScript(value))
            {
                found.Add(RiskKind.Script, tag.Start, tag.End, $"An address that runs a script instead of leading somewhere ({name}).");
            }
        }

        if (Hiding.Of(tag) is { } hides)
        {
            found.Add(RiskKind.HiddenStyle, tag.Start, tag.End, hides);
        }
    }

    // Browsers skip white space and control characters inside the name of the scheme.
    private static bool RunsScript(string value)
    {
        Span<char> scheme = stackalloc char[11];
        var length = 0;
        foreach (var c in value)
        {
            if (c <= ' ')
            {
                continue;
            }

            if (length == scheme.Length)
            {
                break;
            }

            scheme[length++] = char.ToLowerInvariant(c);
            if (c == ':')
            {
                break;
            }
        }

        return scheme[..length] is "javascript:" or "vbscript:";
    }

    private static int MarkdownLink(string text, int open, int close, Findings found)
    {
        var i = close + 2;
        while (i < text.Length && text[i] is not (')' or '\n') && !char.IsWhiteSpace(text[i]))
        {
            found.Steps++;
            i++;
        }

        var url = text[(close + 2)..i];
        if (RunsScript(url))
        {
            found.Add(RiskKind.Script, open, i, "An address that runs a script instead of leading somewhere.");
        }

        Compare(url, text.Substring(open + 1, Math.Min(close - open - 1, MostLinkText)), open, Math.Min(i + 1, text.Length), found);
        return i;
    }

    private static void Compare(string url, string words, int start, int end, Findings found)
    {
        found.Steps += words.Length;
        if (Uri.TryCreate(WebUtility.HtmlDecode(url.Trim()), UriKind.Absolute, out var target) && target.Host.Length > 0 && HostNames.In(WebUtility.HtmlDecode(words)) is { } named
            && !HostNames.Same(named, target.Host))
        {
            found.Add(RiskKind.LinkMismatch, start, end, $"The link's text names {named}, but it leads to {target.Host}.");
        }
    }

    private sealed record Link(int Start, int TextStart, string Url);
}
