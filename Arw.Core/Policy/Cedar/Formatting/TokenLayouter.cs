using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Formatting;

/// <summary>Turns the tokens of readable policies into layouts, one policy at a time.</summary>
internal sealed class TokenLayouter(string text, List<Token> tokens)
{
    private static readonly Layout.HardLine HardLine = new();
    private static readonly Layout.Line Space = new(" ");
    private static readonly Layout.Line Nothing = new("");

    private int _at;

    private TokenKind Kind => tokens[_at].Kind;

    /// <summary>The next policy, or the comments at the end; null when there is nothing more.</summary>
    public Layout? Next()
    {
        if (Kind == TokenKind.End)
        {
            return null;
        }

        var parts = new List<Layout>();
        while (Kind is TokenKind.Comment or TokenKind.At)
        {
            if (Kind == TokenKind.Comment)
            {
                Comment(parts);
                continue;
            }

            parts.Add(Words());
            parts.Add(Words());
            if (Kind == TokenKind.OpenParen || PeekPastComments() == TokenKind.OpenParen)
            {
                AnnotationText(parts);
            }

            if (!TrailingComment(parts))
            {
                parts.Add(HardLine);
            }
        }

        if (Kind == TokenKind.End)
        {
            return Of(parts);
        }

        Policy(parts);
        return Of(parts);
    }

    private static Layout.Sequence Of(IReadOnlyList<Layout> parts) => new(parts, isGroup: false, indented: false);

    private static Layout.Sequence Group(params IReadOnlyList<Layout> parts) => new(parts, isGroup: true, indented: false);

    private static Layout.Sequence Indented(IReadOnlyList<Layout> parts) => new(parts, isGroup: false, indented: true);

    private TokenKind PeekPastComments()
    {
        var at = _at;
        while (tokens[at].Kind == TokenKind.Comment)
        {
            at++;
        }

        return tokens[at].Kind;
    }

    private void AnnotationText(List<Layout> parts)
    {
        while (Kind != TokenKind.CloseParen)
        {
            if (Kind == TokenKind.Comment)
            {
                Comment(parts);
            }
            else
            {
                parts.Add(Words());
            }
        }

        parts.Add(Words());
    }

    private void Policy(List<Layout> parts)
    {
        parts.Add(Words());
        parts.Add(new Layout.Words(" "));
        Comments(parts);
        parts.Add(Bracketed());
        while (Kind != TokenKind.Semicolon)
        {
            if (Kind == TokenKind.Comment)
            {
                Comment(parts);
                continue;
            }

            parts.Add(HardLine);
            parts.Add(Words());
            parts.Add(new Layout.Words(" "));
            Comments(parts);
            parts.Add(Bracketed());
        }

        parts.Add(Words());
        TrailingComment(parts);
    }

    private Layout.Words Words()
    {
        var span = tokens[_at++].Span;
        return new Layout.Words(text.Substring(span.Offset, span.Length));
    }

    private void Comments(List<Layout> parts)
    {
        while (Kind == TokenKind.Comment)
        {
            Comment(parts);
        }
    }

    /// <summary>A comment after what stands before it in the line, or in a line of its own.</summary>
    private void Comment(List<Layout> parts)
    {
        var isTrailing = _at > 0 && EndLine(_at - 1) == tokens[_at].Span.Line;
        parts.Add(isTrailing ? new Layout.Words(" ") : HardLine);
        parts.Add(new Layout.Words(Words().Text.TrimEnd()));
        parts.Add(HardLine);
    }

    private bool TrailingComment(List<Layout> parts)
    {
        if (Kind != TokenKind.Comment || EndLine(_at - 1) != tokens[_at].Span.Line)
        {
            return false;
        }

        Comment(parts);
        return true;
    }

    private int EndLine(int index)
    {
        var span = tokens[index].Span;
        return span.Line + text.AsSpan(span.Offset, span.Length).Count('\n');
    }

    /// <summary>A bracket, what is in it, and its end.</summary>
    private Layout Bracketed()
    {
        var braces = Kind == TokenKind.OpenBrace;
        var open = Words();
        var body = new List<Layout> { braces ? Space : Nothing };
        var item = new List<Layout>();
        var isEmpty = Kind is TokenKind.CloseParen or TokenKind.CloseBrace or TokenKind.CloseBracket;
        while (Kind is not (TokenKind.CloseParen or TokenKind.CloseBrace or TokenKind.CloseBracket))
        {
            if (Kind == TokenKind.Comma)
            {
                item.Add(Words());
                TrailingComment(item);
                body.Add(Group(item));
                body.Add(Space);
                item = [];
            }
            else
            {
                Part(item);
            }
        }

        body.Add(Group(item));
        var close = Words();
        return isEmpty ? Of([open, close]) : Group(open, Indented(body), braces ? Space : Nothing, close);
    }

    /// <summary>One token, or one bracket, with the space before it; a place to break after an operator and before <c>then</c> and <c>else</c>.</summary>
    private void Part(List<Layout> parts)
    {
        switch (Kind)
        {
            case TokenKind.Comment:
                Comment(parts);
                return;
            case TokenKind.And or TokenKind.Or:
                parts.Add(new Layout.Words(" "));
                parts.Add(Words());
                if (!TrailingComment(parts))
                {
                    parts.Add(Space);
                }

                return;
            case TokenKind.Identifier when IsWord("then") || IsWord("else"):
                parts.Add(Space);
                parts.Add(Words());
                return;
        }

        if (parts.Count > 0 && parts[^1] is not (Layout.Line or Layout.HardLine) && NeedsSpace())
        {
            parts.Add(new Layout.Words(" "));
        }

        parts.Add(Kind is TokenKind.OpenParen or TokenKind.OpenBrace or TokenKind.OpenBracket ? Bracketed() : Words());
    }

    private bool IsWord(string word) => text.AsSpan(tokens[_at].Span.Offset, tokens[_at].Span.Length).SequenceEqual(word) && !IsAttribute(_at);

    private bool IsAttribute(int index) => index > 0 && tokens[index - 1].Kind is TokenKind.Dot or TokenKind.DoubleColon;

    private bool NeedsSpace()
    {
        var before = tokens[_at - 1].Kind;
        return Kind switch
        {
            TokenKind.Dot or TokenKind.DoubleColon or TokenKind.Colon => false,
            TokenKind.OpenParen or TokenKind.OpenBracket when before is TokenKind.Identifier && !IsKeyword(_at - 1) => false,
            TokenKind.OpenBracket when before is TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace or TokenKind.String or TokenKind.Number => false,
            _ => before switch
            {
                TokenKind.Dot or TokenKind.DoubleColon or TokenKind.Not => false,
                TokenKind.Minus => !IsSign(_at - 1),
                _ => true,
            },
        };
    }

    private bool IsKeyword(int index) => !IsAttribute(index) && text.AsSpan(tokens[index].Span.Offset, tokens[index].Span.Length) is
        "in" or "is" or "like" or "has" or "if" or "then" or "else";

    // A minus after an operand subtracts; after anything else it is a sign.
    private bool IsSign(int index)
    {
        index--;
        while (tokens[index].Kind == TokenKind.Comment)
        {
            index--;
        }

        return !(tokens[index].Kind is TokenKind.Number or TokenKind.String or TokenKind.CloseParen or TokenKind.CloseBrace or TokenKind.CloseBracket
            || (tokens[index].Kind == TokenKind.Identifier && !IsKeyword(index)));
    }
}
