using System.Buffers;
using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Cuts a text into tokens. It goes on after what it does not know, so that all such places are reported at once.</summary>
internal sealed class Lexer(string text, List<CedarError> errors, bool keepComments = false)
{
    private static readonly SearchValues<char> IdentifierChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789");

    private int _at;
    private int _line = 1;
    private int _lineStart;

    /// <summary>All tokens, the last of kind <see cref="TokenKind.End"/>.</summary>
    public static List<Token> Read(string text, List<CedarError> errors, bool keepComments = false)
    {
        var lexer = new Lexer(text, errors, keepComments);
        var tokens = new List<Token>((text.Length / 4) + 1);
        Token token;
        do
        {
            token = lexer.Next();
            tokens.Add(token);
        }
        while (token.Kind != TokenKind.End);
        return tokens;
    }

    private char Peek(int ahead = 0) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private Token Next()
    {
        while (true)
        {
            SkipWhiteSpace();
            if (_at >= text.Length)
            {
                return Take(TokenKind.End, 0);
            }

            var c = text[_at];
            if (c == '/' && Peek(1) == '/')
            {
                var length = text.AsSpan(_at).IndexOfAny('\n', '\r');
                var comment = Take(TokenKind.Comment, length < 0 ? text.Length - _at : length);
                if (keepComments)
                {
                    return comment;
                }

                continue;
            }

            if (char.IsAsciiLetter(c) || c == '_')
            {
                return Take(TokenKind.Identifier, IdentifierLength(0));
            }

            if (char.IsAsciiDigit(c))
            {
                var length = text.AsSpan(_at).IndexOfAnyExceptInRange('0', '9');
                return Take(TokenKind.Number, length < 0 ? text.Length - _at : length);
            }

            if (c == '"')
            {
                if (String() is { } literal)
                {
                    return literal;
                }

                continue;
            }

            if (Operator(c) is { } found)
            {
                return Take(found.Kind, found.Length);
            }

            Unknown();
        }
    }

    private void SkipWhiteSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            if (text[_at++] == '\n')
            {
                _line++;
                _lineStart = _at;
            }
        }
    }

    private int IdentifierLength(int skip)
    {
        var length = text.AsSpan(_at + skip).IndexOfAnyExcept(IdentifierChars);
        return length < 0 ? text.Length - _at : length + skip;
    }

    private (TokenKind Kind, int Length)? Operator(char c)
    {
        var next = Peek(1);
        return c switch
        {
            '@' => (TokenKind.At, 1),
            '.' => (TokenKind.Dot, 1),
            ',' => (TokenKind.Comma, 1),
            ';' => (TokenKind.Semicolon, 1),
            ':' => next == ':' ? (TokenKind.DoubleColon, 2) : (TokenKind.Colon, 1),
            '(' => (TokenKind.OpenParen, 1),
            ')' => (TokenKind.CloseParen, 1),
            '{' => (TokenKind.OpenBrace, 1),
            '}' => (TokenKind.CloseBrace, 1),
            '[' => (TokenKind.OpenBracket, 1),
            ']' => (TokenKind.CloseBracket, 1),
            '=' => next == '=' ? (TokenKind.Equal, 2) : (TokenKind.Assign, 1),
            '!' => next == '=' ? (TokenKind.NotEqual, 2) : (TokenKind.Not, 1),
            '<' => next == '=' ? (TokenKind.LessOrEqual, 2) : (TokenKind.Less, 1),
            '>' => next == '=' ? (TokenKind.GreaterOrEqual, 2) : (TokenKind.Greater, 1),
            '|' when next == '|' => (TokenKind.Or, 2),
            '&' when next == '&' => (TokenKind.And, 2),
            '+' => (TokenKind.Plus, 1),
            '-' => (TokenKind.Minus, 1),
            '*' => (TokenKind.Star, 1),
            '/' => (TokenKind.Slash, 1),
            '%' => (TokenKind.Percent, 1),
            '?' => char.IsAsciiLetter(next) || next == '_' ? (TokenKind.Slot, IdentifierLength(1)) : (TokenKind.Question, 1),
            _ => null,
        };
    }

    // A string may run over lines; a backslash takes the next character with it, which may not be a line feed.
    private Token? String()
    {
        var start = Here(1);
        var (line, lineStart) = (_line, _lineStart);
        for (var i = _at + 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    (_at, _line, _lineStart) = (i + 1, line, lineStart);
                    return new Token(TokenKind.String, start with { Length = _at - start.Offset });
                case '\\' when i + 1 < text.Length && text[i + 1] != '\n':
                    i++;
                    break;
                case '\\':
                    i = text.Length;
                    break;
                case '\n':
                    (line, lineStart) = (line + 1, i + 1);
                    break;
            }
        }

        // What follows is most likely still part of the text: reading it as code would only bury this error under others.
        errors.Add(new CedarError("A text is not closed.", start, "\" at its end"));
        _at = text.Length;
        return null;
    }

    private void Unknown()
    {
        var width = _at + 1 < text.Length && char.IsSurrogatePair(text[_at], text[_at + 1]) ? 2 : 1;
        var span = Here(width);
        if (errors.Count == 0 || errors[^1].Span.End != span.Offset)
        {
            errors.Add(new CedarError($"\"{Printable(text.AsSpan(_at, width))}\" has no meaning here.", span, "an identifier, a literal or an operator"));
        }

        _at = errors.Count > CedarParser.MaxErrors ? text.Length : _at + width;
    }

    private static string Printable(ReadOnlySpan<char> found) =>
        found.Length == 1 && (char.IsControl(found[0]) || char.IsSurrogate(found[0])) ? $"\\u{{{(int)found[0]:x}}}" : found.ToString();

    private SourceSpan Here(int length) => new(_at, length, _line, _at - _lineStart + 1);

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, Here(length));
        _at += length;
        return token;
    }
}
