using System.Text.Json.Nodes;

namespace Arw.Web.Components.SchemaForm;

/// <summary>Reads the fields of a form out of a JSON Schema (draft 2020-12).</summary>
public static class SchemaReader
{
    private const int MaxDepth = 4;
    private const int LongTextFrom = 1000;

    /// <summary>The fields of an object schema, filled from defaults and the given value, for a form of that id.</summary>
    public static IReadOnlyList<SchemaField> Fields(JsonObject schema, JsonObject? value, string form) => Fields(schema, value, form, "", 0);

    private static List<SchemaField> Fields(JsonObject schema, JsonObject? value, string form, string above, int depth)
    {
        var required = (schema["required"] as JsonArray)?.Select(Text).ToHashSet(StringComparer.Ordinal) ?? [];
        return schema["properties"] is JsonObject properties
            ? [.. properties.Where(p => p.Value is JsonObject).Select(p => Field(p.Key, (JsonObject)p.Value!, value, form, above, required.Contains(p.Key), depth))]
            : [];
    }

    private static SchemaField Field(string name, JsonObject schema, JsonObject? value, string form, string above, bool required, int depth)
    {
        var pointer = $"{above}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
        var kind = KindOf(schema, depth);
        var given = value is not null && value.TryGetPropertyValue(name, out var member) ? member : schema["default"];
        var field = new SchemaField
        {
            Pointer = pointer,
            Form = form,
            Name = name,
            Label = Text(schema["title"]) ?? Words(name),
            Kind = kind,
            Description = Text(schema["description"]),
            Required = required,
            Schema = schema,
            Choices = [.. (schema["enum"] as JsonArray)?.Select(Text).OfType<string>() ?? []],
            Fields = kind == FieldKind.Group ? Fields(schema, given as JsonObject, form, pointer, depth + 1) : [],
        };
        Fill(field, given);
        return field;
    }

    private static void Fill(SchemaField field, JsonNode? given)
    {
        switch (field.Kind)
        {
            case FieldKind.Switch:
                field.On = given is JsonValue flag && flag.TryGetValue<bool>(out var on) && on;
                break;
            case FieldKind.Lines:
                field.Text = given is JsonArray items ? string.Join('\n', items.Select(Text)) : "";
                break;
            case FieldKind.Json:
                field.Text = given?.ToJsonString() ?? "";
                break;
            case FieldKind.Group:
                break;
            default:
                field.Text = Text(given) ?? "";
                break;
        }
    }

    private static FieldKind KindOf(JsonObject schema, int depth)
    {
        if (schema["enum"] is JsonArray { Count: > 0 } choices && choices.All(c => c is null || c.GetValueKind() == System.Text.Json.JsonValueKind.String))
        {
            return FieldKind.Choice;
        }

        return TypeOf(schema) switch
        {
            "string" => IsLong(schema) ? FieldKind.LongText : FieldKind.Text,
            "integer" => FieldKind.Integer,
            "number" => FieldKind.Number,
            "boolean" => FieldKind.Switch,
            "array" when schema["items"] is JsonObject items && TypeOf(items) is "string" or "integer" or "number" => FieldKind.Lines,
            "object" when depth < MaxDepth && schema["properties"] is JsonObject { Count: > 0 } => FieldKind.Group,
            _ => FieldKind.Json,
        };
    }

    private static bool IsLong(JsonObject schema) =>
        Text(schema["format"]) == "multiline" || (Number(schema["maxLength"]) >= LongTextFrom && schema["format"] is null);

    /// <summary>The type that is not null: <c>["string","null"]</c> is an optional string.</summary>
    internal static string? TypeOf(JsonObject schema) => schema["type"] is JsonArray types
        ? types.Select(Text).FirstOrDefault(t => t != "null")
        : Text(schema["type"]);

    /// <summary>A number of the schema. A node that was not parsed from JSON holds whichever type it was made of, so that its text is read.</summary>
    internal static double? Number(JsonNode? node) =>
        node?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>A JSON value as the text that a person would enter.</summary>
    private static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };

    private static string Words(string name)
    {
        var words = name.Replace('_', ' ').Replace('-', ' ');
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
