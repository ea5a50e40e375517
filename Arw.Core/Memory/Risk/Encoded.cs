using System.Globalization;
using System.Text;

namespace Arw.Core.Memory.Risk;

/// <summary>Finds long encoded pieces (base64, hex, percent and backslash escapes) and data addresses: what a reader cannot read and a program can.</summary>
internal static class Encoded
{
    private const int LeastBase64 = 120;
    private const int LeastHex = 200;
    private const int LeastEscapes = 20;
    private const int MostDecoded = 480;
    private const int MostTold = 80;

    public static void Find(string text, Findings found)
    {
        for (var i = 0; i < text.Length;)
        {
            found.Steps++;
            var next = text[i] switch
            {
                'd' or 'D' when DataAddress(text, i, found) is var end && end > i => end,
                '%' or '\\' or '&' when Escapes(text, i, found) is var end && end > i => end,
                var c when IsBase64(c) => Letters(text, i, found),
                _ => i + 1,
            };
            i = next;
        }
    }

    private static bool IsBase64(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_';

    // data: needs a type or a comma soon after, else it is a word.
    private static int DataAddress(string text, int at, Findings found)
    {
        if (!text.AsSpan(at).StartsWith("data:", StringComparison.OrdinalIgnoreCase) || (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1])))
        {
            return at;
        }

        var i = at + 5;
        while (i < text.Length && i - at < 100 && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '/' or '+' or '.' or '-' or ';' or '='))
        {
            found.Steps++;
            i++;
        }

        if (i >= text.Length || text[i] != ',' || (i > at + 5 && !text.AsSpan(at, i - at).ContainsAny('/', ';')))
        {
            return at;
        }

        while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('"' or '\'' or ')' or '>' or '<'))
        {
            found.Steps++;
            i++;
        }

        found.Add(RiskKind.DataUrl, at, i, "An address that carries its content in itself: it can hold a page or a script that no source shows.");
        return i;
    }

    private static int Letters(string text, int at, Findings found)
    {
        var (i, letters, line, hex) = (at, 0, 0, true);
        bool upper = false, lower = false, digit = false;
        for (; i < text.Length; i++)
        {
            found.Steps++;
            var c = text[i];
            if (IsBase64(c))
            {
                letters++;
                line++;
                hex &= char.IsAsciiHexDigit(c);
                (upper, lower, digit) = (upper || char.IsAsciiLetterUpper(c), lower || char.IsAsciiLetterLower(c), digit || char.IsAsciiDigit(c));
            }
            else if (c is '\n' or '\r' && line >= 60)
            {
                // Mail breaks it into lines.
                line = c == '\n' ? 0 : line;
            }
            else
            {
                break;
            }
        }

        while (i < text.Length && text[i] == '=')
        {
            i++;
        }

        if (hex && letters >= LeastHex)
        {
            found.Add(RiskKind.Encoded, at, i, $"{Count(letters)} hexadecimal digits in a row: a reader cannot tell what they hold.");
        }
        else if (!hex && letters >= LeastBase64 && upper && lower && digit)
        {
            found.Add(RiskKind.Encoded, at, i, $"{Count(letters)} characters that look like base64: a reader cannot tell what they hold.{Told(text.AsSpan(at, Math.Min(i - at, MostDecoded)))}");
        }

        return Math.Max(i, at + 1);
    }

    private static string Told(ReadOnlySpan<char> encoded)
    {
        var plain = new StringBuilder(encoded.Length);
        foreach (var c in encoded)
        {
            if (IsBase64(c))
            {
                plain.Append(c == '-' ? '+' : c == '_' ? '/' : c);
            }
        }

        plain.Length -= plain.Length % 4;
        Span<byte> bytes = stackalloc byte[MostDecoded];
        if (!Convert.TryFromBase64String(plain.ToString(), bytes, out var written))
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(bytes[..written]);
        return text.Count(c => char.IsControl(c) && !char.IsWhiteSpace(c) || c == '\uFFFD') > 1 ? ""
            : $" It begins: \"{(text.Length > MostTold ? text[..MostTold] + "…" : text)}\"";
    }

    private static int Escapes(string text, int at, Findings found)
    {
        var (i, count) = (at, 0);
        while (Escape(text, i) is var length && length > 0)
        {
            found.Steps += length;
            i += length;
            count++;
        }

        if (count >= LeastEscapes)
        {
            found.Add(RiskKind.Encoded, at, i, $"{Count(count)} characters written as escapes in a row: a reader cannot tell what they say.");
        }

        return i;
    }

    private static int Escape(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.Length >= 3 && rest[0] == '%' && char.IsAsciiHexDigit(rest[1]) && char.IsAsciiHexDigit(rest[2]))
        {
            return 3;
        }

        if (rest.Length >= 4 && rest[0] == '\\' && rest[1] is 'x' or 'u' && rest[1..].Length > 2)
        {
            var digits = rest[1] == 'x' ? 2 : 4;
            return rest.Length >= 2 + digits && AreHex(rest.Slice(2, digits)) ? 2 + digits : 0;
        }

        if (rest.Length >= 4 && rest[0] == '&' && rest[1] == '#')
        {
            var end = rest[..Math.Min(rest.Length, 12)].IndexOf(';');
            return end > 2 ? end + 1 : 0;
        }

        return 0;
    }

    private static bool AreHex(ReadOnlySpan<char> digits)
    {
        foreach (var c in digits)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
