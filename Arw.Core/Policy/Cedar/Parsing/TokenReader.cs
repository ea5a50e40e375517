using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>A text's tokens with a place among them, and the errors found so far. What the parsers share.</summary>
internal sealed class TokenReader
{
    private readonly List<Token> _tokens;
    private int _at;

    public TokenReader(string text)
    {
        Text = text;
        _tokens = Lexer.Read(text, Errors);
    }

    public string Text { get; }

    public List<CedarError> Errors { get; } = [];

    /// <summary>The token that comes next.</summary>
    public Token Current => _tokens[_at];

    public TokenKind Kind => _tokens[_at].Kind;

    /// <summary>The token before the next one.</summary>
    public Token Previous => _tokens[Math.Max(_at - 1, 0)];

    public bool AtEnd => Kind == TokenKind.End;

    /// <summary>The kind of a token further on.</summary>
    public TokenKind Ahead(int count) => _tokens[Math.Min(_at + count, _tokens.Count - 1)].Kind;

    /// <summary>A token's text as written.</summary>
    public ReadOnlySpan<char> TextOf(Token token) => Text.AsSpan(token.Span.Offset, token.Span.Length);

    /// <summary>True when an identifier comes next that is the given word.</summary>
    public bool AtWord(string word) => Kind == TokenKind.Identifier && TextOf(Current).SequenceEqual(word);

    public Token Take()
    {
        var token = _tokens[_at];
        if (token.Kind != TokenKind.End)
        {
            _at++;
        }

        return token;
    }

    /// <summary>Takes the next token if it is of a kind.</summary>
    public bool TryTake(TokenKind kind)
    {
        if (Kind != kind)
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Takes the next token if it is the word.</summary>
    public bool TryTakeWord(string word)
    {
        if (!AtWord(word))
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Takes a token of a kind, or reports that it is missing.</summary>
    public bool Expect(TokenKind kind, string expected)
    {
        if (TryTake(kind))
        {
            return true;
        }

        Unexpected(expected);
        return false;
    }

    /// <summary>Reports that the next token does not belong here.</summary>
    public void Unexpected(string expected)
    {
        var shown = TextOf(Current);
        Report(
            AtEnd ? "The text ends too early." : $"\"{(shown.Length > 40 ? $"{shown[..40]}…" : shown)}\" is unexpected.",
            Current.Span,
            expected);
    }

    public void Report(string message, SourceSpan span, string? expected = null) => Errors.Add(new CedarError(message, span, expected));

    /// <summary>Goes on after the next semicolon, where most likely the next policy starts.</summary>
    public void SkipStatement()
    {
        while (!AtEnd && Take().Kind != TokenKind.Semicolon)
        {
        }
    }

    /// <summary>An identifier that may name something; a reserved word is reported and taken. Null when none comes next.</summary>
    public string? Name(string expected)
    {
        if (Kind != TokenKind.Identifier)
        {
            Unexpected(expected);
            return null;
        }

        var token = Take();
        var name = SharedNames.Name(TextOf(token));
        if (Reserved.Contains(name))
        {
            Report($"\"{name}\" is a reserved word.", token.Span, expected);
        }

        return name;
    }

    /// <summary>A string literal, unescaped; a malformed one is reported and read as empty. Null when none comes next.</summary>
    public string? String(string expected)
    {
        if (Kind != TokenKind.String)
        {
            Unexpected(expected);
            return null;
        }

        var token = Take();
        return StringEscapes.Unescape(TextOf(token)[1..^1], Inside(token), Errors) ?? "";
    }

    /// <summary>The place of what is between a string's quotes.</summary>
    public static SourceSpan Inside(Token literal) =>
        literal.Span with { Offset = literal.Span.Offset + 1, Length = literal.Span.Length - 2, Column = literal.Span.Column + 1 };
}
