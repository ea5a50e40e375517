using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Reads what binds closest: literals, names, parentheses, sets, records, calls, and the attributes and methods after them.</summary>
internal sealed class MemberParser(TokenReader reader, ExprParser expressions)
{
    private const string ExpectedOperand = "an expression: a literal, principal, action, resource, context, (, [ or {";

    /// <summary>An operand with its attributes and method calls.</summary>
    public Expr? Member()
    {
        var start = reader.Current.Span;
        var target = Primary();
        while (target is not null)
        {
            switch (reader.Kind)
            {
                case TokenKind.Dot:
                    reader.Take();
                    target = AttributeOrMethod(target, start);
                    break;
                case TokenKind.OpenBracket:
                    reader.Take();
                    target = reader.String("an attribute's name in quotes") is { } name && reader.Expect(TokenKind.CloseBracket, "]")
                        ? expressions.Made(new AttributeExpr(target, name), start)
                        : null;
                    break;
                case TokenKind.OpenParen:
                    reader.Report("Only functions and methods can be called.", reader.Current.Span, "an operator, or a method as .name(…)");
                    return null;
                default:
                    return target;
            }
        }

        return null;
    }

    private Expr? AttributeOrMethod(Expr target, SourceSpan start)
    {
        var at = reader.Current.Span;
        if (reader.Name("an attribute's or method's name") is not { } name)
        {
            return null;
        }

        if (!reader.TryTake(TokenKind.OpenParen))
        {
            return expressions.Made(new AttributeExpr(target, name), start);
        }

        if (List(TokenKind.CloseParen, ", or ) after the arguments") is not { } arguments)
        {
            return null;
        }

        if (FunctionTable.Find(name) is not { IsMethod: true } method)
        {
            reader.Report(
                FunctionTable.Find(name) is null ? $"There is no method \"{name}\"." : $"\"{name}\" is a function, not a method.",
                at,
                FunctionTable.Find(name) is null ? "a method such as contains, hasTag, isInRange or offset" : $"{name}(…)");
            return target;
        }

        if (!method.IsExtension && arguments.Count != method.Arity - 1)
        {
            reader.Report($"\"{name}\" is called with {Counted(arguments.Count)}.", at, Counted(method.Arity - 1));
            return target;
        }

        return expressions.Made(new CallExpr(method.Function, [target, .. arguments]), start);
    }

    private static string Counted(int arguments) => arguments == 1 ? "1 argument" : $"{arguments} arguments";

    private Expr? Primary()
    {
        var start = reader.Current.Span;
        switch (reader.Kind)
        {
            case TokenKind.Number:
                return expressions.Number(negative: false, start);
            case TokenKind.String:
                return expressions.Made(new StringLiteral(reader.String(ExpectedOperand)!), start);
            case TokenKind.Identifier:
                return Named(start);
            case TokenKind.OpenParen:
                reader.Take();
                return expressions.Expression() is { } inner && reader.Expect(TokenKind.CloseParen, "an operator, or )") ? inner : null;
            case TokenKind.OpenBracket:
                reader.Take();
                return List(TokenKind.CloseBracket, ", or ] after the set's items") is { } items
                    ? expressions.Made(new SetExpr(NodeList.From(items)), start)
                    : null;
            case TokenKind.OpenBrace:
                reader.Take();
                return Record(start);
            case TokenKind.Slot:
                reader.Report($"The slot \"{reader.TextOf(reader.Current)}\" cannot stand in a condition.", start, "principal or resource");
                return null;
            default:
                reader.Unexpected(ExpectedOperand);
                return null;
        }
    }

    private Expr? Named(SourceSpan start)
    {
        if (reader.Ahead(1) != TokenKind.DoubleColon)
        {
            if (reader.TryTakeWord("true"))
            {
                return expressions.Made(new BoolLiteral(true), start);
            }

            if (reader.TryTakeWord("false"))
            {
                return expressions.Made(new BoolLiteral(false), start);
            }

            if (reader.AtWord("if"))
            {
                reader.Report("\"if\" is unexpected here.", start, "parentheses around the whole if … then … else …");
                return null;
            }
        }

        if (reader.Name(ExpectedOperand) is not { } name)
        {
            return null;
        }

        while (reader.TryTake(TokenKind.DoubleColon))
        {
            if (reader.Kind == TokenKind.String)
            {
                return expressions.Made(new EntityLiteral(new EntityUid(name, reader.String(ExpectedOperand)!)), start);
            }

            if (reader.Name("a type's name or an id in quotes") is not { } part)
            {
                return null;
            }

            name = $"{name}::{part}";
        }

        if (Variable(name) is { } variable)
        {
            return expressions.Made(new VariableExpr(variable), start);
        }

        if (reader.Kind == TokenKind.OpenParen)
        {
            return Call(name, start);
        }

        reader.Report($"\"{name}\" names nothing here.", start.To(reader.Previous.Span), ExpectedOperand);
        return null;
    }

    private static RequestVariable? Variable(string name) => name switch
    {
        "principal" => RequestVariable.Principal,
        "action" => RequestVariable.Action,
        "resource" => RequestVariable.Resource,
        "context" => RequestVariable.Context,
        _ => null,
    };

    private Expr? Call(string name, SourceSpan start)
    {
        var named = start.To(reader.Previous.Span);
        reader.Take();
        if (List(TokenKind.CloseParen, ", or ) after the arguments") is not { } arguments)
        {
            return null;
        }

        if (FunctionTable.Find(name) is { IsMethod: false } function)
        {
            return expressions.Made(new CallExpr(function.Function, NodeList.From(arguments)), start);
        }

        var isMethod = FunctionTable.Find(name) is not null;
        reader.Report(
            isMethod ? $"\"{name}\" is a method, not a function." : $"There is no function \"{name}\".",
            named,
            isMethod ? $"target.{name}(…)" : "ip, decimal, datetime or duration");
        return expressions.Made(new BoolLiteral(false), start);
    }

    /// <summary>Expressions up to a closing token, which is taken; a comma may follow the last.</summary>
    private List<Expr>? List(TokenKind close, string expected)
    {
        var items = new List<Expr>();
        while (reader.Kind != close)
        {
            if (expressions.Expression() is not { } item)
            {
                return null;
            }

            items.Add(item);
            if (!reader.TryTake(TokenKind.Comma))
            {
                break;
            }
        }

        return reader.Expect(close, expected) ? items : null;
    }

    private Expr? Record(SourceSpan start)
    {
        const string Expected = "a field's name, or one in quotes";
        var fields = new List<RecordField>();
        var names = new HashSet<string>();
        while (reader.Kind != TokenKind.CloseBrace)
        {
            var at = reader.Current.Span;
            if ((reader.Kind == TokenKind.String ? reader.String(Expected) : reader.Name(Expected)) is not { } name
                || !reader.Expect(TokenKind.Colon, ": and the field's value")
                || expressions.Expression() is not { } value)
            {
                return null;
            }

            if (!names.Add(name))
            {
                reader.Report($"The field \"{name}\" is there twice.", at, "each field once");
            }

            fields.Add(new RecordField(name, value) { Span = at.To(reader.Previous.Span) });
            if (!reader.TryTake(TokenKind.Comma))
            {
                break;
            }
        }

        return reader.Expect(TokenKind.CloseBrace, ", or } after the record's fields")
            ? expressions.Made(new RecordExpr(NodeList.From(fields)), start)
            : null;
    }
}
