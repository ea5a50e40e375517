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

/// <summary>A tag as it was read.</summary>
internal sealed record HtmlTag(string Name, int Start, int End, IReadOnlyList<(string Name, string Value)> Attributes)
{
    private const int MostAttributes = 64;

    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    public string? Find(string attribute) => Attributes.FirstOrDefault(a => string.Equals(a.Name, attribute, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Reads a tag; what has no end reaches to the end of the text, as in a browser.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where its bracket is.</param>
    /// <param name="nameAt">Where its name begins.</param>
    public static HtmlTag Read(string text, int start, int nameAt)
    {
        var i = nameAt;
        while (i < text.Length && !IsBreak(text[i]))
        {
            i++;
        }

        var name = text[nameAt..i];
        var attributes = new List<(string, string)>();
        while (i < text.Length && text[i] != '>')
        {
            if (IsBreak(text[i]) || text[i] == '=')
            {
                i++;
                continue;
            }

            var from = i;
            while (i < text.Length && !IsBreak(text[i]) && text[i] != '=')
            {
                i++;
            }

            var attribute = text[from..i];
            var value = Value(text, ref i);
            if (attributes.Count < MostAttributes)
            {
                attributes.Add((attribute, value));
            }
        }

        return new HtmlTag(name, start, Math.Min(i + 1, text.Length), attributes);
    }

    private static string Value(string text, ref int i)
    {
        var equals = i;
        while (equals < text.Length && char.IsWhiteSpace(text[equals]))
        {
            equals++;
        }

        if (equals >= text.Length || text[equals] != '=')
        {
            // White space that was looked at is not looked at again.
            i = equals;
            return "";
        }

        i = equals + 1;
        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }

        if (i >= text.Length)
        {
            return "";
        }

        var from = i;
        if (text[i] is '"' or '\'')
        {
            var close = text.IndexOf(text[i], i + 1);
            i = close < 0 ? text.Length : close + 1;
            return text[(from + 1)..(close < 0 ? text.Length : close)];
        }

        while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] != '>')
        {
            i++;
        }

        return text[from..i];
    }

    private static bool IsBreak(char c) => char.IsWhiteSpace(c) || c is '/' or '>';
}

/// <summary>How a tag hides its content from a reader.</summary>
internal static class Hiding
{
    private static readonly (string Style, string Words)[] Styles =
    [
        ("display:none", "it is not displayed"), ("visibility:hidden", "it is not visible"), ("visibility:collapse", "it is not visible"), ("opacity:0;", "it is fully transparent"), ("opacity:0.0", "it is nearly transparent"),
        ("font-size:0", "its letters have no size"), ("font-size:1px", "its letters are one pixel high"), ("font-size:.", "its letters are tiny"), ("text-indent:-9", "it stands far outside the page"), ("left:-9", "it stands far outside the page"),
        ("top:-9", "it stands far outside the page"), ("clip:rect(0", "it is clipped away"), ("clip-path:inset(50%", "it is clipped away"), ("clip-path:inset(100%", "it is clipped away"), ("max-height:0", "it has no height"),
        (";height:0", "it has no height"), (";width:0", "it has no width"), ("transform:scale(0", "it is shrunk to nothing"),
    ];

    /// <summary>How, in a sentence; null when it does not.</summary>
    public static string? Of(HtmlTag tag)
    {
        if (tag.Find("hidden") is not null)
        {
            return "Text that a reader of the page does not see: it is marked as hidden.";
        }

        if (string.Equals(tag.Find("aria-hidden"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return "Text that is kept from screen readers: those who see and those who hear are told different things.";
        }

        if (tag.Is("font") && tag.Find("color") is { } color && IsPale(Color(color)))
        {
            return "Text in white, which does not show on a white page.";
        }

        return tag.Find("style") is { Length: > 0 } style ? OfStyle(style) : null;
    }

    private static string? OfStyle(string style)
    {
        var tight = ";" + string.Concat(style.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant() + ";";
        foreach (var (hiding, words) in Styles)
        {
            if (tight.Contains(hiding, StringComparison.Ordinal))
            {
                return $"Text that a reader of the page does not see: {words}.";
            }
        }

        var ink = Color(Declared(tight, ";color:"));
        var ground = Color(Declared(tight, ";background-color:") ?? Declared(tight, ";background:"));
        return ink is null ? null
            : ink == "transparent" ? "Text that a reader of the page does not see: its letters are transparent."
            : ink == ground ? "Text that a reader of the page does not see: its letters have the colour of their ground."
            : ground is null && IsPale(ink) ? "Text in white, which does not show on a white page."
            : null;
    }

    private static string? Declared(string tight, string property)
    {
        var at = tight.LastIndexOf(property, StringComparison.Ordinal);
        return at < 0 ? null : tight[(at + property.Length)..tight.IndexOf(';', at + property.Length)];
    }

    private static bool IsPale(string? color) => color is "#ffffff" or "#fefefe" or "#fdfdfd" or "#fcfcfc" or "#fafafa";

    // Enough spellings of colours to compare two of them; others stay as they are.
    private static string? Color(string? text) => text?.Trim().ToLowerInvariant().Replace("!important", "", StringComparison.Ordinal) switch
    {
        null => null,
        "white" or "rgb(255,255,255)" or "rgba(255,255,255,1)" or "hsl(0,0%,100%)" => "#ffffff",
        "black" or "rgb(0,0,0)" => "#000000",
        "transparent" or "rgba(0,0,0,0)" or "rgba(255,255,255,0)" => "transparent",
        ['#', var r, var g, var b] => $"#{r}{r}{g}{g}{b}{b}",
        var other => other,
    };
}

/// <summary>Names of hosts in texts.</summary>
internal static class HostNames
{
    // Ends of names that are files more often than places.
    private static readonly HashSet<string> Files = new(StringComparer.OrdinalIgnoreCase)
    {
        "md", "txt", "html", "htm", "pdf", "json", "xml", "js", "cs", "py", "rs", "go", "ts", "css", "yaml", "yml", "zip", "png", "jpg", "gif", "csv", "toml", "sh", "exe", "dll", "net",
    };

    /// <summary>The first name of a host in a text; null when there is none.</summary>
    public static string? In(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '.' or '-'))
            {
                i++;
            }

            var name = text[start..i].TrimEnd('.', '-');
            var dot = name.LastIndexOf('.');
            var end = name[(dot + 1)..];
            var isAddressed = start >= 3 && text.AsSpan(0, start).EndsWith("://", StringComparison.Ordinal);
            if (dot > 0 && end.Length >= 2 && end.All(char.IsLetter) && (isAddressed || !Files.Contains(end)) && !name.Contains("..", StringComparison.Ordinal))
            {
                return name.ToLowerInvariant();
            }
        }

        return null;
    }

    /// <summary>Whether two names are one place, or one is below the other.</summary>
    public static bool Same(string a, string b)
    {
        var (x, y) = (Bare(a), Bare(b));
        return x == y || x.EndsWith("." + y, StringComparison.Ordinal) || y.EndsWith("." + x, StringComparison.Ordinal);
    }

    private static string Bare(string host)
    {
        var lower = host.ToLowerInvariant().TrimEnd('.');
        return lower.StartsWith("www.", StringComparison.Ordinal) ? lower[4..] : lower;
    }
}
