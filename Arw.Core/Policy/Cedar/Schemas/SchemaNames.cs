using System.Globalization;
using System.Text;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Names in a schema: identifiers joined by <c>::</c>, and which of them are taken.</summary>
internal static class SchemaNames
{
    /// <summary>The namespace of what the language itself defines; nobody else may write into it.</summary>
    public const string Reserved = "__cedar";

    /// <summary>The last part of every action's type; entity types may not be called so.</summary>
    public const string Action = "Action";

    /// <summary>True for one identifier that is no word of the language.</summary>
    public static bool IsIdentifier(string text) => IsWord(text) && !IsKeyword(text);

    /// <summary>True for a word of the language, which no identifier may be.</summary>
    public static bool IsKeyword(string text) => text is "true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has";

    /// <summary>True for identifiers joined by <c>::</c>, without blanks.</summary>
    public static bool IsPath(string text) => text.Split("::").All(IsIdentifier);

    /// <summary>True when a part of the path belongs to the language.</summary>
    public static bool IsReserved(string path) => path.Split("::").Contains(Reserved, StringComparer.Ordinal);

    /// <summary>True for names that a common type may not have, since they mean something in the JSON form.</summary>
    public static bool IsReservedForTypes(string name) =>
        name is "Bool" or "Boolean" or "Entity" or "Extension" or "Long" or "Record" or "Set" or "String";

    public static bool IsQualified(string path) => path.Contains("::", StringComparison.Ordinal);

    /// <summary>The last part of a path.</summary>
    public static string Basename(string path)
    {
        var at = path.LastIndexOf("::", StringComparison.Ordinal);
        return at < 0 ? path : path[(at + 2)..];
    }

    /// <summary>A name inside a namespace; the empty namespace changes nothing.</summary>
    public static string Join(string ns, string name) => ns.Length == 0 ? name : $"{ns}::{name}";

    /// <summary>A text as a literal of the language.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"':
                    quoted.Append("\\\"");
                    break;
                case '\\':
                    quoted.Append("\\\\");
                    break;
                case '\n':
                    quoted.Append("\\n");
                    break;
                case '\r':
                    quoted.Append("\\r");
                    break;
                case '\t':
                    quoted.Append("\\t");
                    break;
                default:
                    if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                    {
                        quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
                    }
                    else
                    {
                        quoted.Append(rune);
                    }

                    break;
            }
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsWord(string text)
    {
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }
}
