using System.Text.Json.Nodes;
using Arw.Core.Recipes;
using Arw.Tests.Recipes;
using Arw.Web.Features.Recipes;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Pages;

public sealed class RecipeLaunchViewTests
{
    private readonly RecipeLaunchView _view = new(
        new RecipeBook(new RecipesModel()),
        new RecipePlanner(TestTool.All(), new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero))));

    [Fact]
    public void Open_Unknown_RefusesInsteadOfAForm()
    {
        _view.Open("nowhere", "demo");
        Assert.Null(_view.Entry);
        Assert.NotNull(_view.Refusal);
    }

    [Fact]
    public void Replan_NewFeed_ChangesWhatItWillDo()
    {
        _view.Open("research-digest", "demo");
        Assert.Empty(_view.Plan!.Hosts);
        Field("feeds").Text = "http://127.0.0.1:5001/a.xml";
        _view.Replan("demo");
        Assert.Equal(["127.0.0.1:5001"], _view.Plan!.Hosts);
    }

    [Fact]
    public void Replan_WhileAFieldIsWrong_KeepsTheLastPlan()
    {
        _view.Open("research-digest", "demo");
        var before = _view.Plan;
        Field("max_topics").Text = "many";
        _view.Replan("demo");
        Assert.Same(before, _view.Plan);
        Assert.NotNull(Field("max_topics").Error);
    }

    [Fact]
    public void Launch_AcceptsExactlyTheManifestThatWasShown_AndLeavesDefaultsToTheRecipe()
    {
        _view.Open("research-digest", "demo");
        Field("title").Text = "Mine";
        var request = _view.Launch(_view.Form.Build().Value, "demo").Value;
        var input = request.Input!.AsObject();
        Assert.Equal(_view.Entry!.Digest, (string)input["accepted"]!);
        Assert.Equal("""{"title":"Mine"}""", input["inputs"]!.ToJsonString());
        Assert.Equal("demo", request.Project);
    }

    [Fact]
    public void Launch_InputTheManifestForbids_MarksTheField()
    {
        _view.Open("research-digest", "demo");
        Assert.False(_view.Launch(new JsonObject { ["feeds"] = new JsonArray("ftp://a.example") }, "demo").Ok);
        Assert.NotNull(_view.Form.FirstError);
    }

    private Arw.Web.Components.SchemaForm.SchemaField Field(string name) => _view.Form.Fields.Single(f => f.Name == name);
}
