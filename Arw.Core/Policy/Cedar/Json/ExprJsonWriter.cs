using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Formatting;

namespace Arw.Core.Policy.Cedar.Json;

/// <summary>Writes expressions in the language's JSON form.</summary>
internal static class ExprJsonWriter
{
    public static void Write(Utf8JsonWriter json, Expr expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (expression)
        {
            case AndExpr e:
                Chain(json, "&&", e.Operands);
                return;
            case OrExpr e:
                Chain(json, "||", e.Operands);
                return;
            case HasExpr { Path.Count: > 1 } e:
                Write(json, SpelledOut(e));
                return;
        }

        json.WriteStartObject();
        switch (expression)
        {
            case BoolLiteral e:
                json.WriteBoolean("Value", e.Value);
                break;
            case LongLiteral e:
                json.WriteNumber("Value", e.Value);
                break;
            case StringLiteral e:
                json.WriteString("Value", e.Value);
                break;
            case EntityLiteral e:
                json.WriteStartObject("Value");
                json.WritePropertyName("__entity");
                PolicyJsonWriter.Uid(json, e.Value);
                json.WriteEndObject();
                break;
            case VariableExpr e:
                json.WriteString("Var", ExprPrinter.Name(e.Variable));
                break;
            case NotExpr e:
                Unary(json, "!", e.Operand);
                break;
            case NegateExpr e:
                Unary(json, "neg", e.Operand);
                break;
            case BinaryExpr e:
                Binary(json, ExprPrinter.Symbol(e.Operator), e.Left, e.Right);
                break;
            case IfExpr e:
                json.WriteStartObject("if-then-else");
                Named(json, "if", e.Condition);
                Named(json, "then", e.Then);
                Named(json, "else", e.Else);
                json.WriteEndObject();
                break;
            case HasExpr e:
                json.WriteStartObject("has");
                Named(json, "left", e.Target);
                json.WriteString("attr", e.Path[0]);
                json.WriteEndObject();
                break;
            case AttributeExpr e:
                json.WriteStartObject(".");
                Named(json, "left", e.Target);
                json.WriteString("attr", e.Name);
                json.WriteEndObject();
                break;
            case LikeExpr e:
                Like(json, e);
                break;
            case IsExpr e:
                json.WriteStartObject("is");
                Named(json, "left", e.Target);
                json.WriteString("entity_type", e.EntityType);
                if (e.In is not null)
                {
                    Named(json, "in", e.In);
                }

                json.WriteEndObject();
                break;
            case SetExpr e:
                Array(json, "Set", e.Items);
                break;
            case RecordExpr e:
                json.WriteStartObject("Record");
                foreach (var field in e.Fields)
                {
                    Named(json, field.Name, field.Value);
                }

                json.WriteEndObject();
                break;
            case CallExpr e:
                Call(json, e);
                break;
        }

        json.WriteEndObject();
    }

    private static void Call(Utf8JsonWriter json, CallExpr e)
    {
        var shape = FunctionTable.Of(e.Function);
        if (shape.IsExtension)
        {
            Array(json, shape.Name, e.Arguments);
        }
        else if (e.Arguments.Count == 1)
        {
            Unary(json, shape.Name, e.Arguments[0]);
        }
        else
        {
            Binary(json, shape.Name, e.Arguments[0], e.Arguments[1]);
        }
    }

    // The JSON form knows two operands only: a && b && c is (a && b) && c.
    private static void Chain(Utf8JsonWriter json, string operation, NodeList<Expr> operands)
    {
        for (var i = 1; i < operands.Count; i++)
        {
            json.WriteStartObject();
            json.WriteStartObject(operation);
            json.WritePropertyName("left");
        }

        Write(json, operands[0]);
        for (var i = 1; i < operands.Count; i++)
        {
            Named(json, "right", operands[i]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static AndExpr SpelledOut(HasExpr e)
    {
        var target = e.Target;
        var tests = new List<Expr>();
        foreach (var name in e.Path)
        {
            tests.Add(new HasExpr(target, [name]));
            target = new AttributeExpr(target, name);
        }

        return new AndExpr([.. tests]);
    }

    private static void Like(Utf8JsonWriter json, LikeExpr e)
    {
        json.WriteStartObject("like");
        Named(json, "left", e.Target);
        json.WriteStartArray("pattern");
        var literal = new StringBuilder();
        foreach (var element in e.Pattern.Elements)
        {
            if (element != LikePattern.Wildcard)
            {
                literal.Append(char.ConvertFromUtf32(element));
                continue;
            }

            Literal(json, literal);
            json.WriteStringValue("Wildcard");
        }

        Literal(json, literal);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Literal(Utf8JsonWriter json, StringBuilder literal)
    {
        if (literal.Length == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("Literal", literal.ToString());
        json.WriteEndObject();
        literal.Clear();
    }

    private static void Unary(Utf8JsonWriter json, string name, Expr operand)
    {
        json.WriteStartObject(name);
        Named(json, "arg", operand);
        json.WriteEndObject();
    }

    private static void Binary(Utf8JsonWriter json, string name, Expr left, Expr right)
    {
        json.WriteStartObject(name);
        Named(json, "left", left);
        Named(json, "right", right);
        json.WriteEndObject();
    }

    private static void Array(Utf8JsonWriter json, string name, NodeList<Expr> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            Write(json, item);
        }

        json.WriteEndArray();
    }

    private static void Named(Utf8JsonWriter json, string name, Expr expression)
    {
        json.WritePropertyName(name);
        Write(json, expression);
    }
}
