using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Text;
using Arw.Tests.Actions;
using Arw.Tests.Inference;

namespace Arw.Tests.Text;

/// <summary>The text actions on the real model.</summary>
public sealed class TextActionsTests : IAsyncLifetime
{
    private readonly WorkerHome _home = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _home.DisposeAsync();

    [Fact]
    public async Task Embed_Texts_AnswersVectors()
    {
        var output = await RunAsync(new EmbedAction(_home.Client), """{"texts":["a","b"]}""");

        Assert.Equal("all-MiniLM-L6-v2", output["model"]!.GetValue<string>());
        Assert.Equal([384, 384], output["vectors"]!.AsArray().Select(v => v!.AsArray().Count));
    }

    [Fact]
    public void Embed_NoTexts_IsInvalid() => Assert.Equal("invalid_input", Needs(new EmbedAction(_home.Client), """{"texts":[]}""").Refusal?.Code);

    [Fact]
    public async Task Cluster_NewsOfTwoKinds_SeparatesThemAndKeepsTheItems()
    {
        const string Input = """
            {"items":[
            {"id":"s1","title":"Solar power record","text":"Solar panels produced more electricity than ever.","url":"https://a.example/1","author":"Ann"},
            {"id":"f1","title":"Football final","text":"The home team won the football cup after penalties."},
            {"id":"s2","title":"Wind and solar farms","summary":"Renewable electricity from wind and solar farms grows."},
            {"id":"f2","title":"Football coach leaves","text":"The coach of the football club resigned after the match."},
            {"id":"s3","title":"Cheaper solar panels","text":"The price of solar panels and batteries for electricity falls."},
            {"id":"f3","title":"Striker injured","text":"The football striker misses the next matches of the team."}]}
            """;

        var output = await RunAsync(new ClusterAction(_home.Client), Input);

        var topics = output["topics"]!.AsArray();
        Assert.Equal([["s1", "s2", "s3"], ["f1", "f2", "f3"]], topics.Select(t => t!["items"]!.AsArray().Select(i => i!["id"]!.GetValue<string>()).ToArray()));
        Assert.Equal("Ann", topics[0]!["items"]![0]!["author"]!.GetValue<string>());
        Assert.Contains("solar", topics[0]!["label"]!.GetValue<string>(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(output.ToJsonString(), (await RunAsync(new ClusterAction(_home.Client), Input)).ToJsonString());
    }

    [Fact]
    public async Task Summarize_Items_CitesTheSourceOfEachSentence()
    {
        var output = await RunAsync(new SummarizeAction(_home.Client), """
            {"sentences":2,"items":[
            {"id":"a","url":"https://a.example/","text":"The central bank raised interest rates by half a point. Subscribe now."},
            {"id":"b","url":"https://b.example/","text":"The central bank raised its interest rates by half a point today. Mortgages will become more expensive for families."}]}
            """);

        var sentences = output["sentences"]!.AsArray();
        Assert.Equal(2, sentences.Count);
        Assert.All(sentences, s => Assert.Equal($"https://{s!["item_id"]}.example/", s["source_url"]!.GetValue<string>()));
        Assert.Equal(string.Join(' ', sentences.Select(s => s!["text"]!.GetValue<string>())), output["summary"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"text":"a","items":[]}""")]
    [InlineData("""{"text":"a","sentences":0}""")]
    public void Summarize_BadInput_IsInvalid(string input) => Assert.Equal("invalid_input", Needs(new SummarizeAction(_home.Client), input).Refusal?.Code);

    [Fact]
    public async Task Extract_Path_ReadsTheFileThroughTheFileAction()
    {
        var run = new FakeRun
        {
            Child = (kind, input, _) => new ChildResult("c", ActionState.Completed, new JsonObject { ["text"] = $"<p>{kind} {input["path"]}</p>" }, null),
        };

        var output = await RunAsync(new ExtractAction(), """{"path":"project://in/a.html","url":"https://a.example/"}""", run);

        Assert.Equal("file.read project://in/a.html", output["text"]!.GetValue<string>());
        Assert.Equal("https://a.example/", output["url"]!.GetValue<string>());
        Assert.Equal(["text.extract", "file.read project://in/a.html"], Needs(new ExtractAction(), """{"path":"project://in/a.html"}""").Value.Select(c => c.ToString()));
    }

    [Fact]
    public async Task Extract_FileThatMayNotBeRead_FailsWithItsReason()
    {
        var run = new FakeRun { Child = (_, _, _) => new ChildResult("c", ActionState.Refused, null, new ActionError("needs_lease", "No lease.")) };

        Assert.Equal("needs_lease", (await new ExtractAction().RunAsync(Json("""{"path":"project://a.html"}"""), run, default)).Refusal?.Code);
    }

    [Fact]
    public async Task Extract_FileCutOff_IsTooLarge()
    {
        var run = new FakeRun { Child = (_, _, _) => new ChildResult("c", ActionState.Completed, new JsonObject { ["text"] = "<p>half", ["truncated"] = true }, null) };

        Assert.Equal("too_large", (await new ExtractAction().RunAsync(Json("""{"path":"project://a.html"}"""), run, default)).Refusal?.Code);
    }

    [Fact]
    public void ItemSchema_MoreMembers_AreAllowed() =>
        Assert.Null(new ClusterAction(_home.Client).InputSchema["properties"]!["items"]!["items"]!["additionalProperties"]);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static Result<IReadOnlyList<Capability>> Needs(ActionKind kind, string input) => kind.Needs(Json(input), new FakeRun().Context);

    private static async Task<JsonNode> RunAsync(ActionKind kind, string input, ActionRun? run = null) =>
        (await kind.RunAsync(Json(input), run ?? new FakeRun(), default)).Value!;
}
