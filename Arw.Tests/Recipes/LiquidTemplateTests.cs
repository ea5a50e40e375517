using System.Text.Json.Nodes;
using Arw.Core.Recipes;
using CsCheck;

namespace Arw.Tests.Recipes;

public class LiquidTemplateTests
{
    private static readonly string[] Pieces = ["{{", "}}", "{%", "%}", " if ", " endif ", " for i in ", " endfor ", "inputs", ".n", "|", " map: ", "'", "\"", "[", "]", "(1..3)", " assign x = ", "-", " raw ", "1", "items", " date: '%Y'", " sort ", " size ", "a", "x"];

    private static readonly TemplateData Data = new(DateTimeOffset.UnixEpoch)
    {
        Strict = new HashSet<string> { "inputs" },
        Values = new()
        {
            ["inputs"] = JsonNode.Parse("""{"n": 3, "list": [1, 2], "text": "a*b", "object": {"x": null}, "big": 9007199254740993, "half": 0.5, "yes": true}"""),
            ["items"] = JsonNode.Parse("""[{"id": "a", "v": 1}, {"id": "b", "v": 2, "w": "x"}]"""),
        },
    };

    [Theory]
    [InlineData("{{ inputs.n }}", "3")]
    [InlineData(" {{ inputs.n }}", "\" 3\"")]
    [InlineData("{{ inputs.list }}", "[1,2]")]
    [InlineData("{{ inputs.object }}", "{\"x\":null}")]
    [InlineData("{{ inputs.big }}", "9007199254740993")]
    [InlineData("{{ inputs.half }}", "0.5")]
    [InlineData("{{ inputs.yes }}", "true")]
    [InlineData("{{ items.first.missing }}", null)]
    [InlineData("n={{ inputs.n }}", "\"n=3\"")]
    [InlineData("{{ items | pick: 'id, value:v' }}", "[{\"id\":\"a\",\"value\":1},{\"id\":\"b\",\"value\":2}]")]
    [InlineData("{{ items | map: 'w' | compact }}", "[\"x\"]")]
    [InlineData("{{ inputs.text | md }}", "\"a\\\\*b\"")]
    [InlineData("{{ 'javascript:alert(1)' | md_url }}", "\"\"")]
    [InlineData("{{ 'https://example.org/a(b)' | md_url }}", "\"https://example.org/a%28b%29\"")]
    public void Evaluate_Expression_IsTypedOnlyWhenItStandsAlone(string template, string? json)
    {
        var value = LiquidTemplate.Parse(template).Value.Evaluate(Data, default);

        Assert.True(value.Ok, value.Refusal?.Message);
        Assert.Equal(json, value.Value?.ToJsonString(Arw.Core.Primitives.ArwJson.Options));
    }

    [Theory]
    [InlineData("{{ nobody }}", "nobody")]
    [InlineData("{{ inputs.nothing }}", "inputs.nothing")]
    [InlineData("{% if nobody %}x{% endif %}", "nobody")]
    [InlineData("{{ inputs.n | nofilter }}", "nofilter")]
    [InlineData("{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}", "")]
    [InlineData("{% assign x = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}{{ x | size }}", "more than it may")]
    [InlineData("{% assign x = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..40) %}{% assign x = x | replace: 'a', 'aaaaaaaa' %}{% endfor %}", "more than it may")]
    public void Render_BadOrBoundless_IsRefused(string template, string message)
    {
        var rendered = LiquidTemplate.Parse(template).Value.Render(Data, default);

        Assert.False(rendered.Ok);
        Assert.Contains(message, rendered.Refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% include 'x' %}")]
    [InlineData("{% render 'x' %}")]
    [InlineData("{% capture x %}y{% endcapture %}")]
    [InlineData("{% for i in (1..100000000) %}x{% endfor %}")]
    [InlineData("{% for i in (1..inputs.n) %}x{% endfor %}")]
    [InlineData("{{ a")]
    public void Parse_UnsafeOrBroken_IsRefused(string template) => Assert.False(LiquidTemplate.Parse(template).Ok);

    [Fact]
    public void Parse_DeeplyNested_IsRefusedBeforeTheStackIsAtRisk()
    {
        Assert.False(LiquidTemplate.Parse(string.Concat(Enumerable.Repeat("{% if a %}", 5_000))).Ok);
        Assert.False(LiquidTemplate.Parse($"{{{{ a {string.Concat(Enumerable.Repeat("| upcase ", 5_000))} }}}}").Ok);
        Assert.False(LiquidTemplate.Parse($"{{% if a {string.Concat(Enumerable.Repeat("and a ", 5_000))} %}}x{{% endif %}}").Ok);
        Assert.False(LiquidTemplate.Parse($"{{% assign x = \"%\" {string.Concat(Enumerable.Repeat("| upcase ", 5_000))} %}}x").Ok);
    }

    [Fact]
    public void Render_AnyTemplate_NeverThrows() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])
            .Array[0, 24].Select(string.Concat).Sample(text =>
            {
                if (LiquidTemplate.Parse(text).TryGet(out var template, out _))
                {
                    template.Evaluate(Data, default);
                }
            });
}
