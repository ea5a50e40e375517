using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Kinds of the pieces that a text is made of.</summary>
internal enum TokenKind : byte
{
    End,
    Identifier,
    Slot,
    Number,
    String,
    At,
    Dot,
    Comma,
    Semicolon,
    Colon,
    DoubleColon,
    OpenParen,
    CloseParen,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Or,
    And,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Not,
    Assign,
    Question,
    Comment,
}

/// <summary>One piece of a text: its kind and where it stands. A string's span includes its quotes.</summary>
internal readonly record struct Token(TokenKind Kind, SourceSpan Span);
