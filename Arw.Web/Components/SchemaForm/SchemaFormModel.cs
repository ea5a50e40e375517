using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;

namespace Arw.Web.Components.SchemaForm;

/// <summary>A form made from a JSON Schema: what was entered, and the input that it means.</summary>
public sealed class SchemaFormModel
{
    /// <param name="schema">An object schema; other schemas give an empty form.</param>
    /// <param name="value">What the fields start with; the schema's defaults where it is silent.</param>
    /// <param name="id">Its id, unique on its page.</param>
    public SchemaFormModel(JsonNode? schema, JsonObject? value = null, string id = "f") =>
        // Read anew: a schema that was made in memory, as a YAML manifest's is, holds values that only convert to their own type.
        Fields = JsonNode.Parse(schema?.ToJsonString() ?? "null") is JsonObject o ? SchemaReader.Fields(o, value, id) : [];

    /// <summary>The fields, in the schema's order.</summary>
    public IReadOnlyList<SchemaField> Fields { get; }

    /// <summary>The first field with an error, in order; null when there is none.</summary>
    public SchemaField? FirstError => All(Fields).FirstOrDefault(f => f.Error is not null);

    /// <summary>The input that was entered. A refusal when a field is wrong; each such field then says why.</summary>
    public Result<JsonObject> Build()
    {
        var input = Build(Fields);
        return FirstError is { } wrong
            ? Refusal.Invalid($"“{wrong.Label}”: {wrong.Error}", "Correct the marked fields.")
            : input;
    }

    /// <summary>Marks fields with errors that came from elsewhere, by JSON pointer. Errors of no field are returned.</summary>
    public IReadOnlyList<string> Mark(IEnumerable<(string Pointer, string Message)> errors)
    {
        var rest = new List<string>();
        foreach (var (pointer, message) in errors)
        {
            // The deepest field that holds the pointer: an error of /feeds/2 is the list's.
            var field = All(Fields).Where(f => pointer == f.Pointer || pointer.StartsWith(f.Pointer + "/", StringComparison.Ordinal)).MaxBy(f => f.Pointer.Length);
            if (field is null)
            {
                rest.Add(message);
            }
            else
            {
                field.Error = message;
            }
        }

        return rest;
    }

    private static IEnumerable<SchemaField> All(IEnumerable<SchemaField> fields) =>
        fields.SelectMany(f => f.Fields.Count == 0 ? [f] : All(f.Fields).Prepend(f));

    private static JsonObject Build(IReadOnlyList<SchemaField> fields)
    {
        var input = new JsonObject();
        foreach (var field in fields)
        {
            field.Error = null;
            var value = Value(field);
            if (value is not null)
            {
                input[field.Name] = value;
            }
            else if (field.Required && field.Error is null)
            {
                field.Error = "This is needed.";
            }
        }

        return input;
    }

    private static JsonNode? Value(SchemaField field)
    {
        var text = field.Text.Trim();
        switch (field.Kind)
        {
            case FieldKind.Switch:
                return field.On;
            case FieldKind.Group:
                var members = Build(field.Fields);
                return members.Count > 0 || field.Required ? members : null;
            case FieldKind.Lines:
                var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return lines.Length == 0 ? null : Lines(field, lines);
            case var _ when text.Length == 0:
                return null;
            case FieldKind.Integer:
                return Whole(field, text, field.Schema);
            case FieldKind.Number:
                return Number(field, text, field.Schema);
            case FieldKind.Choice:
                return field.Choices.Contains(text) ? text : Wrong(field, $"“{text}” is none of the choices.");
            case FieldKind.Json:
                return Parse(field, text);
            default:
                return Checked(field, text, field.Schema) ? text : null;
        }
    }

    private static JsonArray Lines(SchemaField field, string[] lines)
    {
        var items = (JsonObject)field.Schema["items"]!;
        return [.. lines.Select(line => SchemaReader.TypeOf(items) switch
        {
            "integer" => Whole(field, line, items),
            "number" => Number(field, line, items),
            _ => Checked(field, line, items) ? line : null,
        })];
    }

    private static JsonNode? Whole(SchemaField field, string text, JsonObject schema) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? Within(field, whole, whole, schema)
            : Wrong(field, $"“{text}” is no whole number.");

    private static JsonNode? Number(SchemaField field, string text, JsonObject schema) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? Within(field, number, number, schema)
            : Wrong(field, $"“{text}” is no number.");

    private static bool Checked(SchemaField field, string text, JsonObject schema)
    {
        if (schema["format"]?.ToString() is "uri" or "url" && !Uri.TryCreate(text, UriKind.Absolute, out _))
        {
            field.Error = $"“{text}” is no address; write one with https:// or project://.";
            return false;
        }

        return true;
    }

    private static JsonNode? Within(SchemaField field, double number, JsonNode value, JsonObject schema)
    {
        var least = SchemaReader.Number(schema["minimum"]);
        var most = SchemaReader.Number(schema["maximum"]);
        if (number < least)
        {
            return Wrong(field, string.Create(CultureInfo.InvariantCulture, $"At least {least}."));
        }

        return number > most ? Wrong(field, string.Create(CultureInfo.InvariantCulture, $"At most {most}.")) : value;
    }

    private static JsonNode? Parse(SchemaField field, string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            return Wrong(field, $"This is no JSON: {e.Message}");
        }
    }

    private static JsonNode? Wrong(SchemaField field, string error)
    {
        field.Error = error;
        return null;
    }
}
