using System.Text.Json;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Json;

/// <summary>Reads a value that stands in the JSON form of an expression, with the escapes that values have. Throws <see cref="JsonFault"/>.</summary>
internal static class ValueExprJson
{
    public static Expr Read(JsonElement json, int depth)
    {
        if (depth > Expr.MaxHeight)
        {
            throw new JsonFault($"A value is nested more than {Expr.MaxHeight} deep.", "a flatter value");
        }

        return json.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => new BoolLiteral(json.GetBoolean()),
            JsonValueKind.Number => json.TryGetInt64(out var number)
                ? new LongLiteral(number)
                : throw new JsonFault($"The number {json.GetRawText()} is no long.", "a whole number of 64 bits"),
            JsonValueKind.String => new StringLiteral(json.GetString()!),
            JsonValueKind.Array => new SetExpr(NodeList.From(json.EnumerateArray().Select(item => Read(item, depth + 1)))),
            JsonValueKind.Object => Object(json, depth),
            _ => throw new JsonFault("A value is null.", "a value"),
        };
    }

    private static Expr Object(JsonElement json, int depth)
    {
        if (json.TryGetProperty("__entity", out var entity))
        {
            JsonForm.Only(json, "an entity", "__entity");
            return new EntityLiteral(PolicyJsonReader.Uid(entity, "a value"));
        }

        if (!json.TryGetProperty("__extn", out var extension))
        {
            return new RecordExpr(NodeList.From(json.EnumerateObject().Select(f => new RecordField(f.Name, Read(f.Value, depth + 1)))));
        }

        JsonForm.Only(json, "an extension value", "__extn");
        var name = JsonForm.Text(extension, "fn", "an extension value");
        if (FunctionTable.Find(name) is not { IsExtension: true } function)
        {
            throw new JsonFault($"There is no function {StringEscapes.Quote(name)}.", "ip, decimal, datetime, duration or offset");
        }

        NodeList<Expr> arguments = extension.TryGetProperty("args", out _)
            ? NodeList.From(JsonForm.Array(extension, "args", "an extension value").EnumerateArray().Select(a => Read(a, depth + 1)))
            : [Read(JsonForm.Member(extension, "arg", "an extension value"), depth + 1)];
        return new CallExpr(function.Function, arguments);
    }
}
