namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>The tokens of a schema, one ahead, and the ways to ask for the next one. Asking for what is not there ends the reading.</summary>
internal sealed class SchemaTokens
{
    private readonly SchemaSource _source;
    private SchemaToken _next;

    public SchemaTokens(SchemaSource source)
    {
        _source = source;
        _next = SchemaLexer.Next(source.Text, 0);
    }

    public SchemaToken Next => _next;

    /// <summary>How many braces are open.</summary>
    public int Braces { get; private set; }

    public SchemaToken Take()
    {
        var taken = _next;
        Braces = taken.Is("{") ? Braces + 1 : taken.Is("}") ? Math.Max(0, Braces - 1) : Braces;
        _next = SchemaLexer.Next(_source.Text, taken.End);
        return taken;
    }

    public bool TryTake(string value)
    {
        if (!_next.Is(value))
        {
            return false;
        }

        Take();
        return true;
    }

    public SchemaToken Expect(string value, string? where = null) =>
        _next.Is(value) ? Take() : throw Unexpected(where is null ? $"`{value}`" : $"`{value}` {where}");

    /// <summary>An identifier that is no word of the language.</summary>
    public SchemaToken Identifier(string what)
    {
        if (_next.Kind != SchemaTokenKind.Word)
        {
            throw Unexpected(what);
        }

        return SchemaNames.IsKeyword(_next.Value)
            ? throw new SchemaSyntaxException(_next.At, $"`{_next.Value}` is a word of the language and cannot be {what}; expected an identifier")
            : Take();
    }

    /// <summary>A text literal, unescaped.</summary>
    public string Text(string what)
    {
        if (_next.Kind != SchemaTokenKind.Text)
        {
            throw Unexpected(what);
        }

        var token = Take();
        return SchemaLiteral.TryUnescape(token.Value, out var value, out var wrongAt)
            ? value
            : throw new SchemaSyntaxException(
                token.At + 1 + wrongAt, @"this escape is not known; expected one of \n \r \t \0 \\ \"" \' \x7F \u{1F600}");
    }

    /// <summary>An identifier or a text literal.</summary>
    public string Name(string what) => _next.Kind == SchemaTokenKind.Text ? Text(what) : Identifier(what).Value;

    /// <summary>Identifiers joined by <c>::</c>.</summary>
    public NameReference Path(string what)
    {
        var first = Identifier(what);
        var path = first.Value;
        while (TryTake("::"))
        {
            path = $"{path}::{Identifier(what).Value}";
        }

        return new NameReference(path, first.At);
    }

    /// <summary>To the end of a broken declaration: its semicolon outside of further braces, or before the brace that closes its namespace.</summary>
    public void SkipDeclaration(int braces)
    {
        while (_next.Kind != SchemaTokenKind.End && !(braces > 0 && Braces <= braces && _next.Is("}")))
        {
            if (Take().Is(";") && Braces <= braces)
            {
                break;
            }
        }
    }

    public SchemaSyntaxException Unexpected(string expected)
    {
        var found = _next.Kind == SchemaTokenKind.Unknown && _next.Value[0] == '"' ? "a text literal that does not end" : _next.Shown;
        return new SchemaSyntaxException(_next.At, $"unexpected {found}; expected {expected}");
    }
}

/// <summary>Ends the reading of one declaration. Never leaves the readers of schemas.</summary>
internal sealed class SchemaSyntaxException(int at, string message) : Exception(message)
{
    public int At { get; } = at;
}
