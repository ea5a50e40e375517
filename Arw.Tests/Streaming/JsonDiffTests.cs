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
            var result = JsonPatch.Apply(from?.DeepClone(), patch);
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
}
