namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Words that name nothing: neither a type, an attribute after a dot, a record's field without quotes, nor a function.</summary>
public static class Reserved
{
    /// <summary>True for a reserved word.</summary>
    public static bool Contains(string word) =>
        word is "true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or "__cedar";

    /// <summary>True for text that can stand as an identifier: letters, digits and underscores, no digit first, not reserved.</summary>
    public static bool IsIdentifier(string text) => IsAnyIdentifier(text) && !Contains(text);

    /// <summary>True for text that is formed as an identifier, reserved or not.</summary>
    public static bool IsAnyIdentifier(string text)
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

    /// <summary>True for a full type name, identifiers joined by <c>::</c>.</summary>
    public static bool IsTypeName(string text)
    {
        foreach (var part in text.Split("::"))
        {
            if (!IsIdentifier(part))
            {
                return false;
            }
        }

        return true;
    }
}
