using System.Text.Json;

namespace Arw.Core.Policy.Cedar.Json;

/// <summary>Reads the parts of a JSON object and ends the reading where one is missing or wrong.</summary>
internal static class JsonForm
{
    public static JsonElement Object(JsonElement json, string what) =>
        json.ValueKind == JsonValueKind.Object ? json : throw new JsonFault($"{what} is no object.", "a JSON object");

    public static JsonElement Member(JsonElement json, string name, string what) =>
        Object(json, what).TryGetProperty(name, out var member) ? member : throw new JsonFault($"{what} lacks \"{name}\".", $"\"{name}\"");

    public static string Text(JsonElement json, string name, string what) =>
        Member(json, name, what) is { ValueKind: JsonValueKind.String } member
            ? member.GetString()!
            : throw new JsonFault($"\"{name}\" of {what} is no text.", "a text");

    public static JsonElement Array(JsonElement json, string name, string what) =>
        Member(json, name, what) is { ValueKind: JsonValueKind.Array } member ? member : throw new JsonFault($"\"{name}\" of {what} is no array.", "a JSON array");

    public static void Only(JsonElement json, string what, params ReadOnlySpan<string> names)
    {
        foreach (var property in Object(json, what).EnumerateObject())
        {
            if (!names.Contains(property.Name))
            {
                throw new JsonFault($"\"{property.Name}\" is no part of {what}.", string.Join(", ", names.ToArray()));
            }
        }
    }
}
