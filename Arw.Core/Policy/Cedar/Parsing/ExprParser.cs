using System.Globalization;
using System.Runtime.CompilerServices;
using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Reads expressions by recursive descent, operators of least precedence first. A method answers null when it cannot go on; the error is then reported.</summary>
internal sealed class ExprParser
{
    private const int MaxUnary = 4;

    private readonly TokenReader _reader;
    private readonly MemberParser _members;
    private int _depth;

    public ExprParser(TokenReader reader)
    {
        _reader = reader;
        _members = new MemberParser(reader, this);
    }

    /// <summary>The expression that comes next.</summary>
    public Expr? Expression()
    {
        if (_depth >= Expr.MaxHeight || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            TooDeep(_reader.Current.Span);
            return null;
        }

        _depth++;
        var expression = _reader.AtWord("if") ? If() : Or();
        _depth--;
        return expression;
    }

    /// <summary>A node with its place: from <paramref name="start"/> to the last token taken. Null when it is too high.</summary>
    public Expr? Made(Expr node, SourceSpan start)
    {
        if (node.Height > Expr.MaxHeight)
        {
            TooDeep(start);
            return null;
        }

        return node with { Span = start.To(_reader.Previous.Span) };
    }

    private void TooDeep(SourceSpan at) => _reader.Report($"The expression is nested more than {Expr.MaxHeight} deep.", at, "a flatter expression");

    private Expr? If()
    {
        var start = _reader.Take().Span;
        if (Expression() is not { } condition)
        {
            return null;
        }

        if (!_reader.TryTakeWord("then"))
        {
            _reader.Unexpected("an operator, or \"then\"");
            return null;
        }

        if (Expression() is not { } then)
        {
            return null;
        }

        if (!_reader.TryTakeWord("else"))
        {
            _reader.Unexpected("an operator, or \"else\"");
            return null;
        }

        return Expression() is { } otherwise ? Made(new IfExpr(condition, then, otherwise), start) : null;
    }

    private Expr? Or()
    {
        var start = _reader.Current.Span;
        var first = And();
        if (first is null || _reader.Kind != TokenKind.Or)
        {
            return first;
        }

        List<Expr> operands = [first];
        while (_reader.TryTake(TokenKind.Or))
        {
            if (And() is not { } next)
            {
                return null;
            }

            operands.Add(next);
        }

        return Made(new OrExpr([.. operands]), start);
    }

    private Expr? And()
    {
        var start = _reader.Current.Span;
        var first = Relation();
        if (first is null || _reader.Kind != TokenKind.And)
        {
            return first;
        }

        List<Expr> operands = [first];
        while (_reader.TryTake(TokenKind.And))
        {
            if (Relation() is not { } next)
            {
                return null;
            }

            operands.Add(next);
        }

        return Made(new AndExpr([.. operands]), start);
    }

    private Expr? Relation()
    {
        var start = _reader.Current.Span;
        if (Sum() is not { } left)
        {
            return null;
        }

        var relation = Relation(left, start);
        if (relation is not null && !ReferenceEquals(relation, left) && (RelationOperator() is not null || AtNamedRelation()))
        {
            _reader.Report("Comparisons do not chain.", _reader.Current.Span, "parentheses around one of them");
            return null;
        }

        return relation;
    }

    private bool AtNamedRelation() => _reader.AtWord("has") || _reader.AtWord("like") || _reader.AtWord("is");

    private Expr? Relation(Expr left, SourceSpan start)
    {
        if (RelationOperator() is { } relation)
        {
            _reader.Take();
            return Sum() is { } right ? Made(new BinaryExpr(relation, left, right), start) : null;
        }

        if (_reader.Kind == TokenKind.Assign)
        {
            _reader.Unexpected("== to compare");
            return null;
        }

        if (_reader.TryTakeWord("has"))
        {
            return HasPath() is { } path ? Made(new HasExpr(left, path), start) : null;
        }

        if (_reader.TryTakeWord("like"))
        {
            return Pattern() is { } pattern ? Made(new LikeExpr(left, pattern), start) : null;
        }

        if (!_reader.TryTakeWord("is"))
        {
            return left;
        }

        if (new ScopeParser(_reader).TypeName() is not { } type)
        {
            return null;
        }

        Expr? below = null;
        return _reader.TryTakeWord("in") && (below = Sum()) is null ? null : Made(new IsExpr(left, type, below), start);
    }

    private BinaryOperator? RelationOperator() => _reader.Kind switch
    {
        TokenKind.Equal => BinaryOperator.Equal,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
        TokenKind.Identifier when _reader.AtWord("in") => BinaryOperator.In,
        _ => null,
    };

    private NodeList<string>? HasPath()
    {
        const string Expected = "an attribute's name, or one in quotes";
        if (_reader.Kind == TokenKind.String)
        {
            return [_reader.String(Expected)!];
        }

        List<string> path = [];
        do
        {
            if (_reader.Name(path.Count == 0 ? Expected : "an attribute's name") is not { } name)
            {
                return null;
            }

            path.Add(name);
            if (path.Count > Expr.MaxHeight)
            {
                TooDeep(_reader.Previous.Span);
                return null;
            }
        }
        while (_reader.TryTake(TokenKind.Dot));
        return NodeList.From(path);
    }

    private LikePattern? Pattern()
    {
        if (_reader.Kind != TokenKind.String)
        {
            _reader.Unexpected("a pattern in quotes");
            return null;
        }

        var token = _reader.Take();
        return StringEscapes.UnescapePattern(_reader.TextOf(token)[1..^1], TokenReader.Inside(token), _reader.Errors) ?? LikePattern.Of();
    }

    private Expr? Sum()
    {
        var start = _reader.Current.Span;
        var left = Product();
        while (left is not null && _reader.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            var operation = _reader.Take().Kind == TokenKind.Plus ? BinaryOperator.Add : BinaryOperator.Subtract;
            left = Product() is { } right ? Made(new BinaryExpr(operation, left, right), start) : null;
        }

        return left;
    }

    private Expr? Product()
    {
        var start = _reader.Current.Span;
        var left = Unary();
        while (left is not null && _reader.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent)
        {
            var operation = _reader.Take();
            if (operation.Kind != TokenKind.Star)
            {
                _reader.Report(operation.Kind == TokenKind.Slash ? "There is no division." : "There is no remainder.", operation.Span, "+, - or *");
            }

            left = Unary() is { } right ? Made(new BinaryExpr(BinaryOperator.Multiply, left, right), start) : null;
        }

        return left;
    }

    private Expr? Unary()
    {
        var start = _reader.Current.Span;
        var kind = _reader.Kind;
        if (kind is not (TokenKind.Not or TokenKind.Minus))
        {
            return _members.Member();
        }

        var signs = new List<SourceSpan>();
        while (_reader.Kind == kind)
        {
            signs.Add(_reader.Take().Span);
            if (signs.Count > MaxUnary)
            {
                _reader.Report($"More than {MaxUnary} \"{(kind == TokenKind.Not ? '!' : '-')}\" stand in a row.", start, "parentheses, or fewer of them");
                return null;
            }
        }

        Expr? operand;
        if (kind == TokenKind.Minus && _reader.Kind == TokenKind.Number && _reader.Ahead(1) is not (TokenKind.Dot or TokenKind.OpenParen or TokenKind.OpenBracket))
        {
            // The sign belongs to the literal, or the least of all longs could not be written.
            operand = Number(negative: true, signs[^1]);
            signs.RemoveAt(signs.Count - 1);
        }
        else
        {
            operand = _members.Member();
        }

        for (var i = signs.Count - 1; i >= 0 && operand is not null; i--)
        {
            operand = Made(kind == TokenKind.Not ? new NotExpr(operand) : new NegateExpr(operand), signs[i]);
        }

        return operand;
    }

    /// <summary>The whole number that comes next; one out of range is reported and read as 0.</summary>
    public Expr? Number(bool negative, SourceSpan start)
    {
        var digits = _reader.TextOf(_reader.Take());
        var read = ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var magnitude);
        if (!read || magnitude > (ulong)long.MaxValue + (negative ? 1UL : 0))
        {
            _reader.Report("The number is out of range.", start.To(_reader.Previous.Span), "-9223372036854775808 to 9223372036854775807");
            magnitude = 0;
        }

        return Made(new LongLiteral(negative ? unchecked(-(long)magnitude) : (long)magnitude), start);
    }
}
