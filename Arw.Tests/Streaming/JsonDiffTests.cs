using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Web.Streaming;
using CsCheck;

namespace Arw.Tests.Streaming;

public class JsonDiffTests
{
    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf(
        Gen.Int[0, 3].Select(i => (JsonNode?)JsonValue.Create(i)),
        Words("a", "b/c", "d~e").Select(s => (JsonNode?)JsonValue.Create(s)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> Value = Nested(3);

    [Fact]
    public void Patch_AppliedToTheFirst_GivesTheSecond() =>
        Gen.Select(Value, Value).Sample((from, to) =>
        {
            var patch = JsonDiff.Between(from, to);
            var result = Apply(from?.DeepClone(), patch);
            return JsonNode.DeepEquals(result, to);
        });

    [Fact]
    public void Patch_OfEqualValues_IsEmpty() =>
        Value.Sample(value => JsonDiff.Between(value, value?.DeepClone()).Count == 0);

    [Fact]
    public void Patch_OfListThatGrewAtItsHead_IsOneAddition()
    {
        var from = JsonNode.Parse("""{"items":[{"id":2},{"id":1}]}""");
        var to = JsonNode.Parse("""{"items":[{"id":3},{"id":2},{"id":1}]}""");
        Assert.Equal("""[{"op":"add","path":"/items/0","value":{"id":3}}]""", JsonDiff.Between(from, to).ToJsonString());
    }

    private static Gen<string> Words(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static Gen<JsonNode?> Nested(int depth) => depth == 0
        ? Scalar
        : Gen.OneOf(
            Scalar,
            Nested(depth - 1).Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())])),
            Gen.Select(Words("x", "y", "z/~"), Nested(depth - 1)).Array[0, 3].Select(members =>
            {
                var o = new JsonObject();
                foreach (var (name, value) in members)
                {
                    o[name] = value?.DeepClone();
                }

                return (JsonNode?)o;
            }));

    private static JsonNode? Apply(JsonNode? root, JsonArray patch)
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

        return holder["root"];
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
