using System.Text.Json;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Json;

/// <summary>Reads expressions from the language's JSON form. Throws <see cref="JsonFault"/>.</summary>
internal static class ExprJsonReader
{
    private static readonly Dictionary<string, BinaryOperator> Operators = Enum.GetValues<BinaryOperator>().ToDictionary(Formatting.ExprPrinter.Symbol);

    public static Expr Read(JsonElement json) => Read(json, 0);

    private static Expr Read(JsonElement json, int depth)
    {
        if (depth > Expr.MaxHeight)
        {
            throw TooDeep();
        }

        var (name, body) = Only(json);
        var expression = name is "&&" or "||" ? Chain(name, json, depth) : Read(name, body, depth + 1);
        return expression.Height <= Expr.MaxHeight ? expression : throw TooDeep();
    }

    private static JsonFault TooDeep() => new($"The expression is nested more than {Expr.MaxHeight} deep.", "a flatter expression");

    private static (string Name, JsonElement Body) Only(JsonElement json)
    {
        if (JsonForm.Object(json, "an expression").GetPropertyCount() != 1)
        {
            throw new JsonFault("An expression has not exactly one name.", "an object such as {\"Var\": \"principal\"}");
        }

        var property = json.EnumerateObject().First();
        return (property.Name, property.Value);
    }

    // Goes down the left side without recursion: a long chain of && nests as deep as it is long.
    private static Expr Chain(string operation, JsonElement json, int depth)
    {
        var operands = new List<Expr>();
        while (Only(json) is var (name, body) && name == operation)
        {
            JsonForm.Only(body, operation, "left", "right");
            operands.Add(Read(JsonForm.Member(body, "right", operation), depth + 1));
            json = JsonForm.Member(body, "left", operation);
        }

        operands.Add(Read(json, depth + 1));
        operands.Reverse();
        return operation == "&&" ? new AndExpr([.. operands]) : new OrExpr([.. operands]);
    }

    private static Expr Read(string name, JsonElement body, int depth)
    {
        if (Operators.TryGetValue(name, out var operation))
        {
            JsonForm.Only(body, name, "left", "right");
            return new BinaryExpr(operation, Part(body, "left", name, depth), Part(body, "right", name, depth));
        }

        switch (name)
        {
            case "Value":
                return ValueExprJson.Read(body, depth);
            case "Var":
                return new VariableExpr(body.ValueKind == JsonValueKind.String ? Variable(body.GetString()!) : throw new JsonFault("\"Var\" is no text.", "a text"));
            case "Slot":
                throw new JsonFault("A slot stands in a condition.", "slots in the scope only");
            case "!":
                JsonForm.Only(body, name, "arg");
                return new NotExpr(Part(body, "arg", name, depth));
            case "neg":
                JsonForm.Only(body, name, "arg");
                return new NegateExpr(Part(body, "arg", name, depth));
            case ".":
                JsonForm.Only(body, name, "left", "attr");
                return new AttributeExpr(Part(body, "left", name, depth), JsonForm.Text(body, "attr", name));
            case "has":
                JsonForm.Only(body, name, "left", "attr");
                return new HasExpr(Part(body, "left", name, depth), [JsonForm.Text(body, "attr", name)]);
            case "like":
                JsonForm.Only(body, name, "left", "pattern");
                return new LikeExpr(Part(body, "left", name, depth), Pattern(JsonForm.Array(body, "pattern", name)));
            case "is":
                JsonForm.Only(body, name, "left", "entity_type", "in");
                return new IsExpr(Part(body, "left", name, depth), PolicyJsonReader.TypeName(body, name), body.TryGetProperty("in", out _) ? Part(body, "in", name, depth) : null);
            case "if-then-else":
                JsonForm.Only(body, name, "if", "then", "else");
                return new IfExpr(Part(body, "if", name, depth), Part(body, "then", name, depth), Part(body, "else", name, depth));
            case "Set":
                return new SetExpr(Items(body, name, depth));
            case "Record":
                return new RecordExpr(NodeList.From(JsonForm.Object(body, name).EnumerateObject().Select(f => new RecordField(f.Name, Read(f.Value, depth)))));
            default:
                return Call(name, body, depth);
        }
    }

    private static CallExpr Call(string name, JsonElement body, int depth)
    {
        if (FunctionTable.Find(name) is not { } function)
        {
            throw new JsonFault($"There is no expression {StringEscapes.Quote(name)}.", "Value, Var, an operator, a method or a function");
        }

        if (function.IsExtension)
        {
            var arguments = Items(body, name, depth);
            return function.IsMethod && arguments.Count == 0
                ? throw new JsonFault($"\"{name}\" has no target.", "the target as first argument")
                : new CallExpr(function.Function, arguments);
        }

        if (function.Arity == 1)
        {
            JsonForm.Only(body, name, "arg");
            return new CallExpr(function.Function, [Part(body, "arg", name, depth)]);
        }

        JsonForm.Only(body, name, "left", "right");
        return new CallExpr(function.Function, [Part(body, "left", name, depth), Part(body, "right", name, depth)]);
    }

    private static Expr Part(JsonElement body, string part, string name, int depth) => Read(JsonForm.Member(body, part, $"\"{name}\""), depth);

    private static NodeList<Expr> Items(JsonElement body, string name, int depth) =>
        body.ValueKind == JsonValueKind.Array
            ? NodeList.From(body.EnumerateArray().Select(item => Read(item, depth)))
            : throw new JsonFault($"\"{name}\" is no array.", "a JSON array of expressions");

    private static RequestVariable Variable(string name) => name switch
    {
        "principal" => RequestVariable.Principal,
        "action" => RequestVariable.Action,
        "resource" => RequestVariable.Resource,
        "context" => RequestVariable.Context,
        _ => throw new JsonFault($"{StringEscapes.Quote(name)} is no variable.", "principal, action, resource or context"),
    };

    private static LikePattern Pattern(JsonElement json)
    {
        var elements = new List<int>();
        foreach (var part in json.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String && part.ValueEquals("Wildcard"))
            {
                elements.Add(LikePattern.Wildcard);
                continue;
            }

            JsonForm.Only(part, "a part of a pattern", "Literal");
            foreach (var rune in JsonForm.Text(part, "Literal", "a part of a pattern").EnumerateRunes())
            {
                elements.Add(rune.Value);
            }
        }

        return new LikePattern([.. elements]);
    }
}
