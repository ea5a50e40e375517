using System.Text.Json.Nodes;
using Arw.Web.Components.SchemaForm;
using Bunit;

namespace Arw.Tests.Components;

public sealed class SchemaFormTests : BunitContext
{
    private const string Schema = """
        {
          "type": "object",
          "required": ["feeds", "max_items"],
          "properties": {
            "feeds": { "type": "array", "items": { "type": "string", "format": "uri" }, "description": "Feeds to read" },
            "max_items": { "type": "integer", "minimum": 1, "maximum": 50, "default": 20 },
            "style": { "type": "string", "enum": ["short", "long"], "default": "short" },
            "threshold": { "type": ["number", "null"] },
            "with_quotes": { "type": "boolean", "default": true },
            "ports": { "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": 65535 } },
            "where": { "type": "object", "properties": { "folder": { "type": "string" } } }
          }
        }
        """;

    private readonly SchemaFormModel _form = new(JsonNode.Parse(Schema));

    [Fact]
    public void Build_Defaults_FillTheInput()
    {
        Field("/feeds").Text = "https://a.example/rss\n\n project://demo/feeds/b.xml ";
        Assert.Equal(
            """{"feeds":["https://a.example/rss","project://demo/feeds/b.xml"],"max_items":20,"style":"short","with_quotes":true}""",
            _form.Build().Value.ToJsonString());
    }

    [Fact]
    public void Build_SchemaMadeInMemory_IsReadLikeAParsedOne()
    {
        var form = new SchemaFormModel(new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["n"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1L, ["maximum"] = 5, ["default"] = 2 },
                ["on"] = new JsonObject { ["type"] = "boolean", ["default"] = true },
            },
        });
        Assert.Equal("""{"n":2,"on":true}""", form.Build().Value.ToJsonString());
        form.Fields[0].Text = "6";
        Assert.Equal("At most 5.", form.Build() is { Ok: false } ? form.Fields[0].Error : null);
    }

    [Fact]
    public void Build_RequiredMissing_SaysSoAtTheField()
    {
        Assert.False(_form.Build().Ok);
        Assert.Equal("/feeds", _form.FirstError?.Pointer);
    }

    [Theory]
    [InlineData("/feeds", "not an address")]
    [InlineData("/max_items", "51")]
    [InlineData("/max_items", "2.5")]
    [InlineData("/threshold", "much")]
    [InlineData("/style", "medium")]
    [InlineData("/ports", "443\nhttps")]
    [InlineData("/ports", "443\n65536")]
    public void Build_WrongValue_IsRefusedWithTheInputQuotedOrTheLimit(string pointer, string text)
    {
        Field("/feeds").Text = "https://a.example/rss";
        Field(pointer).Text = text;
        Assert.Equal("invalid_input", _form.Build().Refusal?.Code);
        Assert.NotNull(Field(pointer).Error);
    }

    [Fact]
    public void Build_ListOfNumbers_IsOnePerLine()
    {
        Field("/feeds").Text = "https://a.example/rss";
        Field("/ports").Text = "443\n8443";
        Assert.Equal("[443,8443]", _form.Build().Value["ports"]?.ToJsonString());
    }

    [Fact]
    public void ElementIds_TwoFormsOfOnePage_Differ() =>
        Assert.NotEqual(new SchemaFormModel(JsonNode.Parse(Schema), id: "a").Fields[0].ElementId, new SchemaFormModel(JsonNode.Parse(Schema), id: "b").Fields[0].ElementId);

    [Fact]
    public void Build_Nested_BecomesAnObject()
    {
        Field("/feeds").Text = "https://a.example/rss";
        Field("/where/folder").Text = "digests";
        Assert.Equal("digests", _form.Build().Value["where"]?["folder"]?.ToString());
    }

    [Fact]
    public void Build_SchemaThatWasNotParsedFromJson_KeepsItsLimits()
    {
        var form = new SchemaFormModel(new JsonObject { ["properties"] = new JsonObject { ["n"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1L, ["maximum"] = 5 } } });
        form.Fields[0].Text = "6";
        Assert.Equal("At most 5.", form.Build().Ok ? null : form.Fields[0].Error);
        form.Fields[0].Text = "5";
        Assert.True(form.Build().Ok);
    }

    [Fact]
    public void View_ValueEntered_IsTold()
    {
        var told = 0;
        var view = Render<SchemaFormView>(p => p.Add(v => v.Model, _form).Add(v => v.OnChange, () => told++));
        view.Find("textarea").Input("https://a.example/rss");
        Assert.Equal(1, told);
    }

    [Fact]
    public void Mark_ErrorsByPointer_LandAtTheDeepestField()
    {
        var rest = _form.Mark([("/feeds/1", "no feed"), ("/where/folder", "no folder"), ("", "too much")]);
        Assert.Equal("no feed", Field("/feeds").Error);
        Assert.Equal("no folder", Field("/where/folder").Error);
        Assert.Equal("too much", Assert.Single(rest));
    }

    [Fact]
    public void View_Submit_HandsOverTheInput()
    {
        JsonObject? input = null;
        var view = Render<SchemaFormView>(p => p.Add(v => v.Model, _form).Add(v => v.OnInput, i => input = i));
        view.Find("textarea").Input("https://a.example/rss");
        view.Find("form").Submit();
        Assert.Equal("https://a.example/rss", input?["feeds"]?[0]?.ToString());
    }

    [Fact]
    public void View_WithError_TiesItToTheField()
    {
        var view = Render<SchemaFormView>(p => p.Add(v => v.Model, _form));
        view.Find("form").Submit();
        var feeds = view.Find("textarea");
        Assert.Equal("true", feeds.GetAttribute("aria-invalid"));
        Assert.Contains(view.Find(".err").Id!, feeds.GetAttribute("aria-describedby")!, StringComparison.Ordinal);
    }

    private SchemaField Field(string pointer) => All(_form.Fields).Single(f => f.Pointer == pointer);

    private static IEnumerable<SchemaField> All(IEnumerable<SchemaField> fields) => fields.SelectMany(f => All(f.Fields).Prepend(f));
}
