using System.Text.Json;
using System.Text.Json.Nodes;

namespace Arw.Web.Components.Json;

/// <summary>What a piece of JSON text is, for its colour.</summary>
public enum JsonPart
{
    Plain,
    Key,
    Text,
    Literal,
}

/// <summary>A line of pretty JSON.</summary>
/// <param name="Depth">Levels of indentation.</param>
/// <param name="Parts">Its pieces.</param>
/// <param name="FoldEnd">Index of the line that closes what this one opens; null when it opens nothing.</param>
public sealed record JsonLine(int Depth, IReadOnlyList<(JsonPart Part, string Text)> Parts, int? FoldEnd = null);

/// <summary>JSON as lines that can be folded.</summary>
public static class JsonLines
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines of a value.</summary>
    public static IReadOnlyList<JsonLine> Of(JsonNode? node)
    {
        var lines = new List<JsonLine>();
        Add(lines, 0, null, node, last: true);
        return lines;
    }

    /// <summary>The lines of UTF-8 JSON; text that is no JSON becomes plain lines.</summary>
    public static IReadOnlyList<JsonLine> Of(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return Of(utf8.IsEmpty ? new JsonObject() : JsonNode.Parse(utf8.Span));
        }
        catch (JsonException)
        {
            var text = System.Text.Encoding.UTF8.GetString(utf8.Span);
            return [.. text.Split('\n').Select(l => new JsonLine(0, [(JsonPart.Plain, l)]))];
        }
    }

    private static void Add(List<JsonLine> lines, int depth, string? name, JsonNode? node, bool last)
    {
        var start = new List<(JsonPart, string)>();
        if (name is not null)
        {
            start.Add((JsonPart.Key, JsonSerializer.Serialize(name, Relaxed)));
            start.Add((JsonPart.Plain, ": "));
        }

        var comma = last ? "" : ",";
        switch (node)
        {
            case JsonObject { Count: > 0 } o:
                Nest(lines, depth, start, "{", "}" + comma, o.Count, i => Add(lines, depth + 1, o.GetAt(i).Key, o.GetAt(i).Value, i == o.Count - 1));
                return;
            case JsonArray { Count: > 0 } a:
                Nest(lines, depth, start, "[", "]" + comma, a.Count, i => Add(lines, depth + 1, null, a[i], i == a.Count - 1));
                return;
            case JsonObject:
                start.Add((JsonPart.Plain, "{}" + comma));
                break;
            case JsonArray:
                start.Add((JsonPart.Plain, "[]" + comma));
                break;
            default:
                var text = node is null ? "null" : node.ToJsonString(Relaxed);
                start.Add((text.StartsWith('"') ? JsonPart.Text : JsonPart.Literal, text));
                if (!last)
                {
                    start.Add((JsonPart.Plain, ","));
                }

                break;
        }

        lines.Add(new JsonLine(depth, start));
    }

    private static void Nest(List<JsonLine> lines, int depth, List<(JsonPart, string)> start, string open, string close, int count, Action<int> add)
    {
        var at = lines.Count;
        lines.Add(new JsonLine(depth, start));
        for (var i = 0; i < count; i++)
        {
            add(i);
        }

        lines.Add(new JsonLine(depth, [(JsonPart.Plain, close)]));
        lines[at] = new JsonLine(depth, [.. start, (JsonPart.Plain, open)], lines.Count - 1);
    }
}
