using System.Globalization;

namespace Arw.Core.Policy.Capabilities;

/// <summary>Reads the scope of a capability; the first word of its name says which kind of scope it has.</summary>
internal static class ScopeParser
{
    /// <summary>Most parts of a path.</summary>
    internal const int MaxSegments = 64;

    public static CapabilityScope Parse(string name, string? text, int at) => name.Split('.')[0] switch
    {
        "net" => text is null ? new HttpScope(null, HostPattern.Any, null, SegmentPattern.Any) : Http(text, at),
        "data" when name is Capability.DataSend => text is null ? new HttpScope(null, HostPattern.Any, null, SegmentPattern.Any) : Http(text, at),
        "file" or "notes" => text is null ? new FileScope(SegmentPattern.Any) : File(text, at),
        "spend" when name == "spend.usd" => text is null ? new MoneyScope(null) : Money(text, at),
        _ when text is null => WordScope.Any,
        _ when text.StartsWith(FileScope.Prefix, StringComparison.Ordinal) => File(text, at),
        _ => Words(text, at),
    };

    private static HttpScope Http(string text, int at)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : text[..separator].ToLowerInvariant();
        if (scheme is not ("http" or "https" or "*"))
        {
            throw new CapabilitySyntaxException(at, "a network scope begins with http://, https:// or *://");
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '?' or '#' or '\\' or ' ' or '@' && (text[i] != '@' || i < AuthorityEnd(text, separator + 3)))
            {
                throw new CapabilitySyntaxException(at + i, $"'{text[i]}' is not allowed in a network scope");
            }
        }

        var open = scheme == "*";
        var start = separator + 3;
        var end = AuthorityEnd(text, start);
        var portAt = text.LastIndexOf(':', end - 1, end - start);
        if (portAt >= 0 && text.LastIndexOf(']', end - 1, end - start) > portAt)
        {
            portAt = -1;
        }

        var hostText = text[start..(portAt < 0 ? end : portAt)];
        var host = HostPattern.Parse(hostText, out var fault) ?? throw new CapabilitySyntaxException(at + start, fault!);
        var port = portAt < 0 ? HttpScope.UsualPort(scheme) : Port(text[(portAt + 1)..end], at + portAt + 1);
        var path = end == text.Length ? SegmentPattern.Any : UrlPath.Parse(text[end..], at + end);
        return new HttpScope(open ? null : scheme, host, port, path);
    }

    private static int AuthorityEnd(string text, int start)
    {
        var slash = text.IndexOf('/', start);
        return slash < 0 ? text.Length : slash;
    }

    private static int? Port(string text, int at)
    {
        if (text == "*")
        {
            return null;
        }

        return text.Length <= 5 && text.All(char.IsAsciiDigit) && int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new CapabilitySyntaxException(at, "a port is a number from 1 to 65535, or *");
    }

    private static FileScope File(string text, int at)
    {
        if (!text.StartsWith(FileScope.Prefix, StringComparison.Ordinal))
        {
            throw new CapabilitySyntaxException(at, "a file scope begins with project://");
        }

        at += FileScope.Prefix.Length;
        var path = text[FileScope.Prefix.Length..];
        if (path.IndexOf('\\', StringComparison.Ordinal) is >= 0 and var backslash)
        {
            throw new CapabilitySyntaxException(at + backslash, "a backslash is not allowed in a path");
        }

        if (path.StartsWith('/') || path is [_, ':', ..])
        {
            throw new CapabilitySyntaxException(at, "a path begins inside the project, not at the root of the disk");
        }

        if (path.EndsWith('/'))
        {
            path = path[..^1];
        }

        if (path.Length == 0)
        {
            return new FileScope(new SegmentPattern([], open: false));
        }

        var segments = path.Split('/');
        var start = at;
        foreach (var segment in segments)
        {
            if (segment is "" or "." or "..")
            {
                throw new CapabilitySyntaxException(start, "a path has no empty, \".\" or \"..\" parts");
            }

            if (segment[0] == ' ' || segment[^1] == ' ')
            {
                throw new CapabilitySyntaxException(start, "no part of a path begins or ends with a space");
            }

            start += segment.Length + 1;
        }

        return new FileScope(Pattern(segments, at));
    }

    private static WordScope Words(string text, int at)
    {
        var words = text.Split(' ');
        return Array.IndexOf(words, "") is >= 0 and var empty
            ? throw new CapabilitySyntaxException(at + words.Take(empty).Sum(w => w.Length + 1), "words are parted by one space")
            : new WordScope(Pattern(words, at));
    }

    private static MoneyScope Money(string text, int at)
    {
        var fits = text.Length <= 16 && text.All(c => char.IsAsciiDigit(c) || c == '.')
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && char.IsAsciiDigit(text[0]) && amount <= 1_000_000_000 && decimal.Round(amount, 6) == amount
                ? (long?)(amount * MoneyScope.Micros)
                : null;
        return new MoneyScope(fits ?? throw new CapabilitySyntaxException(at, "an amount is dollars with at most six decimals, such as 0.50"));
    }

    /// <summary>Segments that may hold wildcards.</summary>
    internal static SegmentPattern Pattern(string[] segments, int at)
    {
        if (segments.Length > MaxSegments)
        {
            throw new CapabilitySyntaxException(at, "it has more than 64 parts");
        }

        var open = segments[^1] == "**";
        var closed = open ? segments[..^1] : segments;
        foreach (var segment in closed)
        {
            if (segment == "**")
            {
                throw new CapabilitySyntaxException(at, "** may only be the last part");
            }

            if (segment.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star != segment.Length - 1)
            {
                throw new CapabilitySyntaxException(at + star, "a star may only end a part, as in feed-*");
            }

            at += segment.Length + 1;
        }

        return new SegmentPattern(closed, open);
    }
}
