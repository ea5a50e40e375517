namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>What a token of the schema syntax is.</summary>
internal enum SchemaTokenKind
{
    End,
    Word,
    Text,
    Sign,
    Unknown,
}

/// <summary>One token; <see cref="Value"/> is the word, the sign, or the literal without its quotes and not yet unescaped.</summary>
internal readonly record struct SchemaToken(SchemaTokenKind Kind, string Value, int At, int End)
{
    public bool Is(string value) => Kind is SchemaTokenKind.Word or SchemaTokenKind.Sign && Value == value;

    /// <summary>The token as a message shows it.</summary>
    public string Shown => $"\"{(Value.Length > 40 ? Value[..40] + "…" : Value)}\"";
}

/// <summary>Cuts a schema into tokens; comments run from <c>//</c> to the end of the line.</summary>
internal static class SchemaLexer
{
    private const string Signs = ",;:{}[]<>=?@()";

    public static SchemaToken Next(string text, int at)
    {
        at = SkipBlanks(text, at);
        if (at >= text.Length)
        {
            return new SchemaToken(SchemaTokenKind.End, "", text.Length, text.Length);
        }

        var c = text[at];
        var end = at + 1;
        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            return new SchemaToken(SchemaTokenKind.Word, text[at..end], at, end);
        }

        if (c == '"')
        {
            return Literal(text, at);
        }

        if (c == ':' && end < text.Length && text[end] == ':')
        {
            return new SchemaToken(SchemaTokenKind.Sign, "::", at, at + 2);
        }

        if (char.IsAsciiDigit(c))
        {
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }
        }
        else if (char.IsHighSurrogate(c) && end < text.Length && char.IsLowSurrogate(text[end]))
        {
            end++;
        }

        var kind = Signs.Contains(c, StringComparison.Ordinal) ? SchemaTokenKind.Sign : SchemaTokenKind.Unknown;
        return new SchemaToken(kind, text[at..end], at, end);
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at] == '/' && at + 1 < text.Length && text[at + 1] == '/')
            {
                var end = text.AsSpan(at).IndexOfAny('\n', '\r');
                at = end < 0 ? text.Length : at + end;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static SchemaToken Literal(string text, int at)
    {
        var end = at + 1;
        while (end < text.Length && text[end] != '"')
        {
            end += text[end] == '\\' ? 2 : 1;
        }

        return end < text.Length
            ? new SchemaToken(SchemaTokenKind.Text, text[(at + 1)..end], at, end + 1)
            : new SchemaToken(SchemaTokenKind.Unknown, text[at..], at, text.Length);
    }
}
