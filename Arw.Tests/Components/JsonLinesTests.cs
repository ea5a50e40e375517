using System.Text.Json.Nodes;
using Arw.Web.Components.Json;
using CsCheck;

namespace Arw.Tests.Components;

public sealed class JsonLinesTests
{
    [Fact]
    public void Of_Object_IsPrettyAndFoldsToItsEnd()
    {
        var lines = JsonLines.Of(JsonNode.Parse("""{"url":"https://a.example/ü","n":[1,null],"e":{}}"""));
        Assert.Equal(["{", "\"url\": \"https://a.example/ü\",", "\"n\": [", "1,", "null", "],", "\"e\": {}", "}"], lines.Select(Text));
        Assert.Equal(7, lines[0].FoldEnd);
        Assert.Equal(5, lines[2].FoldEnd);
        Assert.Equal(2, lines[3].Depth);
    }

    [Fact]
    public void Of_Bytes_ThatAreNoJson_ArePlain() => Assert.Equal("{oops", Text(Assert.Single(JsonLines.Of("{oops"u8.ToArray()))));

    [Fact]
    public void Of_AnyStrings_GivesTheSameJsonBack() => Gen.String.Array[0, 5].Sample(texts =>
    {
        var value = new JsonObject { ["a"] = new JsonArray([.. texts.Select(t => JsonValue.Create(t))]) };
        var back = JsonNode.Parse(string.Concat(JsonLines.Of(value).Select(Text)));
        Assert.True(JsonNode.DeepEquals(value, back));
    });

    private static string Text(JsonLine line) => string.Concat(line.Parts.Select(p => p.Text));
}
