using System.Text.Json;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Entities;

/// <summary>Values in JSON: bools, whole numbers, texts, arrays as sets, objects as records, and <c>__entity</c> and <c>__extn</c> for the rest.</summary>
public static class ValueJson
{
    /// <summary>Depth to which JSON may nest.</summary>
    public const int MaxDepth = 128;

    internal static JsonDocumentOptions DocumentOptions { get; } = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>A request's context from the text of a JSON object.</summary>
    /// <param name="json">The text.</param>
    /// <param name="expected">What a schema says about it; null without one.</param>
    public static CedarResult<CedarRecord> ReadContext(string json, ExpectedRecord? expected = null) =>
        ParseText(json, "the context", root => ReadContext(root, expected));

    /// <summary>A request's context from a JSON object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="expected">What a schema says about it; null without one.</param>
    public static CedarResult<CedarRecord> ReadContext(JsonElement json, ExpectedRecord? expected = null)
    {
        var errors = new List<CedarError>();
        var value = Read(json, expected, "the context", errors);
        if (errors.Count == 0 && value.Kind != ValueKind.Record)
        {
            errors.Add(new CedarError("The context is no record.", Expected: "a JSON object"));
        }

        return errors.Count == 0 ? value.AsRecord : errors;
    }

    /// <summary>A value from JSON.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="expected">What a schema says about it; null without one.</param>
    /// <param name="where">Its place in words, for the errors.</param>
    /// <param name="errors">Receives what is wrong; the value answered then means nothing.</param>
    public static CedarValue Read(JsonElement json, ExpectedType? expected, string where, List<CedarError> errors)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return CedarValue.Of(json.GetBoolean());
            case JsonValueKind.Number:
                if (json.TryGetInt64(out var number))
                {
                    return CedarValue.Of(number);
                }

                return Wrong(errors, $"The number {json.GetRawText()} in {where} is no long.", "a whole number of 64 bits");
            case JsonValueKind.String:
                var text = json.GetString()!;
                return expected is ExpectedExtension extension ? Extension(Constructor(extension.Kind), [CedarValue.Of(text)], where, errors) : CedarValue.Of(text);
            case JsonValueKind.Array:
                var items = new CedarValue[json.GetArrayLength()];
                var i = 0;
                foreach (var item in json.EnumerateArray())
                {
                    items[i++] = Read(item, (expected as ExpectedSet)?.Item, where, errors);
                }

                return CedarValue.Of(new CedarSet(items));
            case JsonValueKind.Object:
                return Object(json, expected, where, errors);
            default:
                return Wrong(errors, $"A null is in {where}.", "a value");
        }
    }

    /// <summary>An entity's name from <c>{"type": …, "id": …}</c> or the same within <c>__entity</c>; null with an error added when it is neither.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="where">Its place in words, for the errors.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static EntityUid? ReadUid(JsonElement json, string where, List<CedarError> errors)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("__entity", out var inner))
        {
            json = inner;
        }

        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String
            || !json.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
        {
            errors.Add(new CedarError($"An entity's name in {where} is malformed.", Expected: "{\"type\": …, \"id\": …} with two texts"));
            return null;
        }

        var name = type.GetString()!;
        if (!Reserved.IsTypeName(name))
        {
            errors.Add(new CedarError($"{StringEscapes.Quote(name)} in {where} is no type's name.", Expected: "identifiers joined by ::"));
            return null;
        }

        return new EntityUid(name, id.GetString()!);
    }

    /// <summary>Parses a text as JSON and goes on with its root; malformed JSON becomes an error with its place.</summary>
    internal static CedarResult<T> ParseText<T>(string json, string what, Func<JsonElement, CedarResult<T>> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json, DocumentOptions);
            return read(document.RootElement);
        }
        catch (JsonException malformed)
        {
            return Malformed(what, malformed);
        }
    }

    internal static CedarError Malformed(string what, JsonException malformed) => new(
        $"The JSON of {what} is malformed: {malformed.Message.Split(" LineNumber:")[0]}",
        new SourceSpan(0, 0, (int)(malformed.LineNumber ?? 0) + 1, (int)(malformed.BytePositionInLine ?? 0) + 1),
        "JSON without duplicate names, not too deeply nested");

    private static CedarValue Object(JsonElement json, ExpectedType? expected, string where, List<CedarError> errors)
    {
        if (expected is ExpectedEntity && !json.TryGetProperty("__extn", out _))
        {
            return ReadUid(json, where, errors) is { } uid ? CedarValue.Of(uid) : default;
        }

        if (Escape(json) is { } escape)
        {
            if (json.GetPropertyCount() > 1)
            {
                return Wrong(errors, $"\"{escape}\" in {where} stands beside other names.", $"\"{escape}\" alone");
            }

            var content = json.GetProperty(escape);
            return escape switch
            {
                "__entity" => ReadUid(content, where, errors) is { } uid ? CedarValue.Of(uid) : default,
                "__extn" => Call(content, where, errors),
                _ => Wrong(errors, $"\"__expr\" in {where} is no longer part of the language.", "\"__entity\" or \"__extn\""),
            };
        }

        if (expected is ExpectedExtension && json.TryGetProperty("fn", out _))
        {
            return Call(json, where, errors);
        }

        var fields = (expected as ExpectedRecord)?.Fields;
        var record = new List<KeyValuePair<string, CedarValue>>();
        foreach (var property in json.EnumerateObject())
        {
            record.Add(new(property.Name, Read(property.Value, fields?.GetValueOrDefault(property.Name), where, errors)));
        }

        return CedarValue.Of(new CedarRecord(record));
    }

    private static string? Escape(JsonElement json)
    {
        foreach (var escape in (ReadOnlySpan<string>)["__entity", "__extn", "__expr"])
        {
            if (json.TryGetProperty(escape, out _))
            {
                return escape;
            }
        }

        return null;
    }

    private static CedarValue Call(JsonElement json, string where, List<CedarError> errors)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("fn", out var name) || name.ValueKind != JsonValueKind.String
            || json.TryGetProperty("arg", out var arg) == json.TryGetProperty("args", out var args)
            || (args.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Array)))
        {
            return Wrong(errors, $"An extension value in {where} is malformed.", "{\"fn\": …, \"arg\": …} or {\"fn\": …, \"args\": […]}");
        }

        if (FunctionTable.Find(name.GetString()!) is not { IsExtension: true } function)
        {
            return Wrong(errors, $"There is no function {StringEscapes.Quote(name.GetString()!)}, which {where} names.", "ip, decimal, datetime, duration or offset");
        }

        var before = errors.Count;
        CedarValue[] values = args.ValueKind == JsonValueKind.Array
            ? [.. args.EnumerateArray().Select(a => Read(a, null, where, errors))]
            : [Read(arg, null, where, errors)];
        return errors.Count == before ? Extension(function.Function, values, where, errors) : default;
    }

    private static CedarValue Extension(CedarFunction function, ReadOnlySpan<CedarValue> arguments, string where, List<CedarError> errors)
    {
        if (ExtensionFunctions.Call(function, arguments, out var value) is { } reason)
        {
            return Wrong(errors, $"A value in {where} is wrong: {reason.Describe(function, arguments)}", null);
        }

        return value;
    }

    private static CedarFunction Constructor(ValueKind kind) => kind switch
    {
        ValueKind.Decimal => CedarFunction.Decimal,
        ValueKind.Ip => CedarFunction.Ip,
        ValueKind.Datetime => CedarFunction.Datetime,
        _ => CedarFunction.Duration,
    };

    private static CedarValue Wrong(List<CedarError> errors, string message, string? expected)
    {
        errors.Add(new CedarError(message, Expected: expected));
        return default;
    }
}
