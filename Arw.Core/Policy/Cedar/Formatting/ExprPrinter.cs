using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Formatting;

/// <summary>Writes expressions with as few parentheses as reading them back allows.</summary>
internal readonly struct ExprPrinter(StringBuilder text)
{
    /// <summary>How tightly an expression binds: one that binds less than its place asks is put in parentheses.</summary>
    private enum Binding
    {
        If,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Unary,
        Member,
    }

    public void Write(Expr expression) => Write(expression, Binding.If);

    private static Binding BindingOf(Expr expression) => expression switch
    {
        IfExpr => Binding.If,
        OrExpr => Binding.Or,
        AndExpr => Binding.And,
        HasExpr e when IsSpelledOut(e) => Binding.And,
        HasExpr or LikeExpr or IsExpr => Binding.Relation,
        BinaryExpr { Operator: BinaryOperator.Add or BinaryOperator.Subtract } => Binding.Sum,
        BinaryExpr { Operator: BinaryOperator.Multiply } => Binding.Product,
        BinaryExpr => Binding.Relation,
        NotExpr or NegateExpr or LongLiteral { Value: < 0 } => Binding.Unary,
        _ => Binding.Member,
    };

    // Several names after "has" can only be written when all are identifiers.
    private static bool IsSpelledOut(HasExpr e) => e.Path.Count > 1 && !e.Path.All(Reserved.IsIdentifier);

    private void Write(Expr expression, Binding needed)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (BindingOf(expression) < needed)
        {
            text.Append('(');
            Body(expression);
            text.Append(')');
        }
        else
        {
            Body(expression);
        }
    }

    private void Body(Expr expression)
    {
        switch (expression)
        {
            case BoolLiteral e:
                text.Append(e.Value ? "true" : "false");
                break;
            case LongLiteral e:
                text.Append(CultureInfo.InvariantCulture, $"{e.Value}");
                break;
            case StringLiteral e:
                text.Append(StringEscapes.Quote(e.Value));
                break;
            case EntityLiteral e:
                text.Append(e.Value);
                break;
            case VariableExpr e:
                text.Append(Name(e.Variable));
                break;
            case NotExpr e:
                text.Append('!');
                Write(e.Operand, Binding.Member);
                break;
            case NegateExpr e:
                Negated(e.Operand);
                break;
            case AndExpr e:
                Joined(e.Operands, " && ", Binding.Relation);
                break;
            case OrExpr e:
                Joined(e.Operands, " || ", Binding.And);
                break;
            case BinaryExpr e:
                Binary(e);
                break;
            case IfExpr e:
                text.Append("if ");
                Write(e.Condition, Binding.If);
                text.Append(" then ");
                Write(e.Then, Binding.If);
                text.Append(" else ");
                Write(e.Else, Binding.If);
                break;
            case HasExpr e:
                Has(e);
                break;
            case LikeExpr e:
                Write(e.Target, Binding.Sum);
                text.Append(" like ").Append(StringEscapes.Quote(e.Pattern));
                break;
            case IsExpr e:
                Write(e.Target, Binding.Sum);
                text.Append(" is ").Append(e.EntityType);
                if (e.In is not null)
                {
                    text.Append(" in ");
                    Write(e.In, Binding.Sum);
                }

                break;
            case SetExpr e:
                text.Append('[');
                Joined(e.Items, ", ", Binding.If);
                text.Append(']');
                break;
            case RecordExpr e:
                Record(e);
                break;
            case AttributeExpr e:
                Write(e.Target, Binding.Member);
                Attribute(e.Name);
                break;
            case CallExpr e:
                Call(e);
                break;
        }
    }

    /// <summary>A request's part as policies name it.</summary>
    public static string Name(RequestVariable variable) => variable switch
    {
        RequestVariable.Principal => "principal",
        RequestVariable.Action => "action",
        RequestVariable.Resource => "resource",
        _ => "context",
    };

    /// <summary>An operator as policies write it.</summary>
    public static string Symbol(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        _ => "in",
    };

    private void Negated(Expr operand)
    {
        text.Append('-');
        if (operand is LongLiteral)
        {
            // Without parentheses the sign would become part of the number.
            text.Append('(');
            Body(operand);
            text.Append(')');
        }
        else
        {
            Write(operand, Binding.Member);
        }
    }

    private void Binary(BinaryExpr e)
    {
        var binding = BindingOf(e);
        Write(e.Left, binding == Binding.Relation ? Binding.Sum : binding);
        text.Append(' ').Append(Symbol(e.Operator)).Append(' ');
        Write(e.Right, binding + 1);
    }

    private void Has(HasExpr e)
    {
        if (!IsSpelledOut(e))
        {
            Write(e.Target, Binding.Sum);
            text.Append(" has ").Append(e.Path.Count > 1 || Reserved.IsIdentifier(e.Path[0]) ? string.Join('.', e.Path) : StringEscapes.Quote(e.Path[0]));
            return;
        }

        var target = e.Target;
        for (var i = 0; i < e.Path.Count; i++)
        {
            text.Append(i == 0 ? "" : " && ");
            Has(new HasExpr(target, [e.Path[i]]));
            target = new AttributeExpr(target, e.Path[i]);
        }
    }

    private void Record(RecordExpr e)
    {
        text.Append('{');
        for (var i = 0; i < e.Fields.Count; i++)
        {
            var name = e.Fields[i].Name;
            text.Append(i == 0 ? "" : ", ").Append(Reserved.IsIdentifier(name) ? name : StringEscapes.Quote(name)).Append(": ");
            Write(e.Fields[i].Value, Binding.If);
        }

        text.Append('}');
    }

    private void Attribute(string name)
    {
        if (Reserved.IsIdentifier(name))
        {
            text.Append('.').Append(name);
        }
        else
        {
            text.Append('[').Append(StringEscapes.Quote(name)).Append(']');
        }
    }

    private void Call(CallExpr e)
    {
        var shape = FunctionTable.Of(e.Function);
        var first = 0;
        if (shape.IsMethod)
        {
            Write(e.Arguments[0], Binding.Member);
            text.Append('.');
            first = 1;
        }

        text.Append(shape.Name).Append('(');
        for (var i = first; i < e.Arguments.Count; i++)
        {
            text.Append(i == first ? "" : ", ");
            Write(e.Arguments[i], Binding.If);
        }

        text.Append(')');
    }

    private void Joined(NodeList<Expr> expressions, string separator, Binding needed)
    {
        for (var i = 0; i < expressions.Count; i++)
        {
            text.Append(i == 0 ? "" : separator);
            Write(expressions[i], needed);
        }
    }
}
