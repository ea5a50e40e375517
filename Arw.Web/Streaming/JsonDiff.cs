using System.Text.Json.Nodes;

namespace Arw.Web.Streaming;

/// <summary>The RFC 6902 patch that turns one JSON value into another.</summary>
public static class JsonDiff
{
    /// <summary>The operations, in the order in which they apply; empty for equal values.</summary>
    public static JsonArray Between(JsonNode? from, JsonNode? to)
    {
        var operations = new JsonArray();
        Compare("", from, to, operations);
        return operations;
    }

    private static void Compare(string path, JsonNode? from, JsonNode? to, JsonArray operations)
    {
        if (ReferenceEquals(from, to))
        {
            return;
        }

        switch (from, to)
        {
            case (JsonObject a, JsonObject b):
                CompareObjects(path, a, b, operations);
                break;
            case (JsonArray a, JsonArray b):
                CompareArrays(path, a, b, operations);
                break;
            default:
                if (!JsonNode.DeepEquals(from, to))
                {
                    operations.Add((JsonNode)Operation("replace", path, to));
                }

                break;
        }
    }

    private static void CompareObjects(string path, JsonObject from, JsonObject to, JsonArray operations)
    {
        foreach (var (name, _) in from)
        {
            if (!to.ContainsKey(name))
            {
                operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = Member(path, name) });
            }
        }

        foreach (var (name, value) in to)
        {
            if (from.TryGetPropertyValue(name, out var before))
            {
                Compare(Member(path, name), before, value, operations);
            }
            else
            {
                operations.Add((JsonNode)Operation("add", Member(path, name), value));
            }
        }
    }

    // Lists mostly grow or lose at one place: what is equal at both ends stays, the middle is compared position by position.
    private static void CompareArrays(string path, JsonArray from, JsonArray to, JsonArray operations)
    {
        var start = 0;
        while (start < from.Count && start < to.Count && JsonNode.DeepEquals(from[start], to[start]))
        {
            start++;
        }

        var (fromEnd, toEnd) = (from.Count, to.Count);
        while (fromEnd > start && toEnd > start && JsonNode.DeepEquals(from[fromEnd - 1], to[toEnd - 1]))
        {
            fromEnd--;
            toEnd--;
        }

        var common = Math.Min(fromEnd, toEnd);
        for (var i = start; i < common; i++)
        {
            Compare($"{path}/{i}", from[i], to[i], operations);
        }

        for (var i = fromEnd - 1; i >= common; i--)
        {
            operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = $"{path}/{i}" });
        }

        for (var i = common; i < toEnd; i++)
        {
            operations.Add((JsonNode)Operation("add", $"{path}/{i}", to[i]));
        }
    }

    private static JsonObject Operation(string op, string path, JsonNode? value) => new() { ["op"] = op, ["path"] = path, ["value"] = value?.DeepClone() };

    private static string Member(string path, string name) =>
        $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
