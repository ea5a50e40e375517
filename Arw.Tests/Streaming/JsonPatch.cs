using System.Globalization;
using System.Text.Json.Nodes;

namespace Arw.Tests.Streaming;

/// <summary>Applies the operations of RFC 6902 that patches use: add, remove and replace.</summary>
internal static class JsonPatch
{
    public static JsonNode? Apply(JsonNode? root, JsonArray patch)
    {
        var holder = new JsonObject { ["root"] = root };
        foreach (var operation in patch)
        {
            var path = ("/root" + (string)operation!["path"]!).Split('/').Skip(1).Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
            JsonNode parent = holder;
            foreach (var step in path[..^1])
            {
                parent = parent is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : parent[step]!;
            }

            Apply(parent, path[^1], (string)operation["op"]!, operation["value"]?.DeepClone());
        }

        var result = holder["root"];
        holder.Remove("root");
        return result;
    }

    private static void Apply(JsonNode parent, string name, string op, JsonNode? value)
    {
        if (parent is JsonArray list)
        {
            var index = int.Parse(name, CultureInfo.InvariantCulture);
            switch (op)
            {
                case "add":
                    list.Insert(index, value);
                    break;
                case "remove":
                    list.RemoveAt(index);
                    break;
                default:
                    list[index] = value;
                    break;
            }
        }
        else if (op == "remove")
        {
            Assert.True(((JsonObject)parent).Remove(name));
        }
        else
        {
            parent[name] = value;
        }
    }
}
