using System.Globalization;
using System.Text;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>The value of a text literal: what its escapes stand for.</summary>
internal static class SchemaLiteral
{
    /// <summary>Undoes the escapes; else says which one is wrong, and where it begins.</summary>
    public static bool TryUnescape(string literal, out string value, out int wrongAt)
    {
        value = literal;
        wrongAt = 0;
        if (!literal.Contains('\\', StringComparison.Ordinal))
        {
            return true;
        }

        var text = new StringBuilder(literal.Length);
        for (var i = 0; i < literal.Length;)
        {
            if (literal[i] != '\\')
            {
                text.Append(literal[i++]);
                continue;
            }

            var length = Escape(literal.AsSpan(i + 1), text);
            if (length == 0)
            {
                wrongAt = i;
                return false;
            }

            i += length + 1;
        }

        value = text.ToString();
        return true;
    }

    // How many characters after the backslash belong to the escape; 0 when it is none.
    private static int Escape(ReadOnlySpan<char> rest, StringBuilder text)
    {
        if (rest.IsEmpty)
        {
            return 0;
        }

        switch (rest[0])
        {
            case 'n':
                text.Append('\n');
                return 1;
            case 'r':
                text.Append('\r');
                return 1;
            case 't':
                text.Append('\t');
                return 1;
            case '0':
                text.Append('\0');
                return 1;
            case '\\' or '"' or '\'':
                text.Append(rest[0]);
                return 1;
            case 'x':
                return Ascii(rest, text);
            case 'u':
                return Unicode(rest, text);
            default:
                return 0;
        }
    }

    private static int Ascii(ReadOnlySpan<char> rest, StringBuilder text)
    {
        if (rest.Length < 3 || !TryHex(rest[1..3], out var code) || code > 0x7F)
        {
            return 0;
        }

        text.Append((char)code);
        return 3;
    }

    private static int Unicode(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var close = rest.IndexOf('}');
        if (rest.Length < 2 || rest[1] != '{' || close < 0)
        {
            return 0;
        }

        var digits = rest[2..close].ToString().Replace("_", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 6 || rest[2] == '_' || !TryHex(digits, out var code) || !Rune.IsValid(code))
        {
            return 0;
        }

        text.Append(new Rune(code));
        return close + 1;
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out int code) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
}
