using System.Globalization;
using System.Text;

namespace Arw.Core.Policy.Capabilities;

/// <summary>Paths of web addresses in one canonical spelling: percent escapes decoded where they need not be, upper-case where they must, everything else escaped.</summary>
internal static class UrlPath
{
    private static readonly System.Buffers.SearchValues<char> Unreserved =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    private static readonly System.Buffers.SearchValues<char> AsIs =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()+,;=:@");

    /// <summary>A pattern, from the leading slash on.</summary>
    public static SegmentPattern Parse(string path, int at)
    {
        var segments = path[1..].Split('/');
        var start = at + 1;
        for (var i = 0; i < segments.Length; i++)
        {
            var length = segments[i].Length;
            segments[i] = Normalise(segments[i], start, star: "*");
            if (segments[i] is "." or "..")
            {
                throw new CapabilitySyntaxException(start, "a path has no \".\" or \"..\" parts");
            }

            start += length + 1;
        }

        return ScopeParser.Pattern(segments, at + 1);
    }

    /// <summary>One path as a request has it: a star is a character, and dot segments are resolved as a server would, whether they were escaped or not.</summary>
    public static SegmentPattern Concrete(string path)
    {
        var kept = new List<string>();
        var parts = (path.StartsWith('/') ? path[1..] : path).Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var segment = Normalise(parts[i], 0, star: "%2A");
            if (segment == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (segment is not ("." or ".."))
            {
                kept.Add(segment);
            }
            else if (i == parts.Length - 1)
            {
                kept.Add("");
            }
        }

        return kept.Count <= ScopeParser.MaxSegments
            ? new SegmentPattern([.. kept], open: false)
            : throw new CapabilitySyntaxException(0, "its path has more than 64 parts");
    }

    private static string Normalise(string segment, int at, string star)
    {
        if (!segment.AsSpan().ContainsAnyExcept(AsIs))
        {
            return segment;
        }

        var text = new StringBuilder(segment.Length + 8);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < segment.Length;)
        {
            var rune = Rune.GetRuneAt(segment, i);
            if (rune.Value == '%')
            {
                if (i + 2 >= segment.Length || !byte.TryParse(segment.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                {
                    throw new CapabilitySyntaxException(at + i, "% begins no escape here");
                }

                Append(text, (char)value, Unreserved);
                i += 3;
                continue;
            }

            if (rune.Value == '*')
            {
                text.Append(star);
            }
            else if (rune.IsAscii)
            {
                Append(text, (char)rune.Value, AsIs);
            }
            else
            {
                foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
                {
                    Escape(text, b);
                }
            }

            i += rune.Utf16SequenceLength;
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, char c, System.Buffers.SearchValues<char> plain)
    {
        if (plain.Contains(c))
        {
            text.Append(c);
        }
        else
        {
            Escape(text, (byte)c);
        }
    }

    private static void Escape(StringBuilder text, byte value) => text.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
}
