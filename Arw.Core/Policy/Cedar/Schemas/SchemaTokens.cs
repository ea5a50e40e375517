using Arw.Core.Policy.Cedar.Parsing;

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
        _next.Is(value) ? Take() : throw Unexpected(where is null ? value : $"{value} {where}");

    /// <summary>An identifier that is no word of the language.</summary>
    public SchemaToken Identifier(string what)
    {
        if (_next.Kind != SchemaTokenKind.Word)
        {
            throw Unexpected(what);
        }

        return SchemaNames.IsKeyword(_next.Value)
            ? throw new SchemaSyntaxException(_next.At, $"\"{_next.Value}\" is a reserved word.", what)
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
        List<CedarError> errors = [];
        if (StringEscapes.Unescape(token.Value, _source.Place(token.At + 1), errors) is { } text)
        {
            return text;
        }

        foreach (var error in errors)
        {
            _source.Error(error.Span.Offset, error.Message, error.Expected);
        }

        return "";
    }

    /// <summary>An identifier or a text literal.</summary>
    public string Name(string what) => _next.Kind == SchemaTokenKind.Text ? Text(what) : Identifier(what).Value;

    /// <summary>Identifiers joined by <c>::</c>.</summary>
    public NameReference Path(string what)
    {
        var first = Identifier(what);
        List<string> path = [first.Value];
        while (TryTake("::"))
        {
            path.Add(Identifier(what).Value);
        }

        return new NameReference(string.Join("::", path), first.At);
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

    public SchemaSyntaxException Unexpected(string expected) => new(
        _next.At,
        _next switch
        {
            { Kind: SchemaTokenKind.End } => "The schema ends too early.",
            { Kind: SchemaTokenKind.Unknown, Value: ['"', ..] } => "A text in quotes does not end.",
            _ => $"{_next.Shown} is unexpected.",
        },
        expected);
}

/// <summary>Ends the reading of one declaration. Never leaves the readers of schemas.</summary>
internal sealed class SchemaSyntaxException(int at, string message, string? expected) : Exception(message)
{
    public int At { get; } = at;

    public string? Expected { get; } = expected;
}
