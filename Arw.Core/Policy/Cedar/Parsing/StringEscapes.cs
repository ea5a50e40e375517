using System.Globalization;
using System.Text;
using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>The escapes of texts and patterns: <c>\n \r \t \\ \0 \' \" \x41 \u{1F600}</c>, and <c>\*</c> for a star in a pattern.</summary>
public static class StringEscapes
{
    /// <summary>A text in quotes, escaped so that it reads back as itself.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            Append(quoted, rune.Value);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A pattern in quotes: wildcards as <c>*</c>, stars as <c>\*</c>.</summary>
    public static string Quote(LikePattern pattern)
    {
        var quoted = new StringBuilder().Append('"');
        foreach (var element in pattern.Elements)
        {
            switch (element)
            {
                case LikePattern.Wildcard:
                    quoted.Append('*');
                    break;
                case '*':
                    quoted.Append("\\*");
                    break;
                default:
                    Append(quoted, element);
                    break;
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>The text between a literal's quotes, unescaped; null with errors added when it is malformed.</summary>
    /// <param name="body">What stands between the quotes.</param>
    /// <param name="at">Where the body starts, for the errors.</param>
    /// <param name="errors">Receives what is wrong.</param>
    internal static string? Unescape(ReadOnlySpan<char> body, SourceSpan at, List<CedarError> errors)
    {
        if (body.IndexOfAny('\\', '\r') < 0)
        {
            return body.ToString();
        }

        var before = errors.Count;
        var text = new StringBuilder(body.Length);
        var reader = new EscapeReader(body, at, errors);
        while (reader.Next(out var scalar))
        {
            AppendScalar(text, scalar == EscapeReader.EscapedStar ? reader.RefuseStar() : scalar);
        }

        return errors.Count == before ? text.ToString() : null;
    }

    /// <summary>The pattern between a literal's quotes; null with errors added when it is malformed.</summary>
    /// <param name="body">What stands between the quotes.</param>
    /// <param name="at">Where the body starts, for the errors.</param>
    /// <param name="errors">Receives what is wrong.</param>
    internal static LikePattern? UnescapePattern(ReadOnlySpan<char> body, SourceSpan at, List<CedarError> errors)
    {
        var before = errors.Count;
        var elements = new List<int>(body.Length);
        var reader = new EscapeReader(body, at, errors);
        while (reader.Next(out var scalar))
        {
            // A star written as \x2a is a wildcard too: the language looks at the character, not at its spelling.
            elements.Add(scalar switch { EscapeReader.EscapedStar => '*', '*' => LikePattern.Wildcard, _ => scalar });
        }

        return errors.Count == before ? new LikePattern([.. elements]) : null;
    }

    private static void Append(StringBuilder quoted, int scalar)
    {
        switch (scalar)
        {
            case '\n':
                quoted.Append("\\n");
                break;
            case '\r':
                quoted.Append("\\r");
                break;
            case '\t':
                quoted.Append("\\t");
                break;
            case '\0':
                quoted.Append("\\0");
                break;
            case '\\' or '"':
                quoted.Append('\\').Append((char)scalar);
                break;
            default:
                if (NeedsEscape(scalar))
                {
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{scalar:x}}}");
                }
                else
                {
                    AppendScalar(quoted, scalar);
                }

                break;
        }
    }

    private static bool NeedsEscape(int scalar) => Rune.GetUnicodeCategory(new Rune(scalar)) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;

    private static void AppendScalar(StringBuilder text, int scalar)
    {
        if (scalar < 0x10000)
        {
            text.Append((char)scalar);
        }
        else
        {
            text.Append(char.ConvertFromUtf32(scalar));
        }
    }
}
