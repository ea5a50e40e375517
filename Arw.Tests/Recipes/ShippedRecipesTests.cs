using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Arw.Core.Recipes;
using Arw.Tests.Actions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Recipes;

public class ShippedRecipesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void All_Load_WithoutProblems() => Assert.Equal(
        [("paperwork-helper", 0), ("research-digest", 0), ("system-health", 0)],
        ShippedRecipes.All.Select(r => (r.Manifest?.Id ?? string.Join('\n', r.Problems), r.Problems.Count)));

    [Fact]
    public void All_PlanWithTheirDefaults_NeedNothingUndeclared() => Assert.All(ShippedRecipes.All, r =>
    {
        var plan = new RecipePlanner(TestTool.All(), new FakeTimeProvider(Now)).Plan(r.Manifest!, [], "demo");

        Assert.Empty(plan.Obstacles);
        Assert.Empty(plan.InputFaults);
        Assert.Empty(plan.Undeclared);
        Assert.Null(plan.Reviewed);
    });

    [Fact]
    public async Task ResearchDigest_OneFeedFails_WritesTheGoldenDigest()
    {
        var (written, claims) = await Digest();

        Assert.Equal(await File.ReadAllTextAsync(Golden()), written);
        Assert.Equal("Narrow leases held. Broad ones did not.", (string?)claims[0]!["text"]);
        Assert.Equal(
            """[{"url":"https://a.example/1","title":"Leases *work*","item_id":"1"},{"url":"https://b.example/2","title":"Broad access","item_id":"2"}]""",
            claims[0]!["evidence"]!.ToJsonString(ArwJson.Options));
    }

    [Fact]
    public void DemoContent_HasFeedsAndPapers() => Assert.Equal(
        ["feeds/field-notes.xml", "feeds/open-agents.json", "feeds/oversight-weekly.xml", "papers/invoice-2026-1187.html", "papers/letter-from-the-landlord.txt", "papers/subscriptions.csv"],
        DemoContent.Files.Select(f => f.Path));

    private static string Golden([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "research-digest.golden.md");

    private static async Task<(string Written, JsonArray Claims)> Digest()
    {
        var manifest = ShippedRecipes.Find("research-digest")!.Manifest!;
        var inputs = JsonNode.Parse("""{"feeds": ["https://a.example/f", "https://b.example/f", "https://c.example/f"], "title": "Agents & safety"}""")!.AsObject();
        var (content, claims) = ("", new JsonArray());
        var run = new FakeRun
        {
            Child = (kind, input, key) =>
            {
                switch (kind)
                {
                    case "file.write":
                        content = (string)input["content"]!;
                        break;
                    case "beliefs.propose":
                        claims.Add(input["claims"]![0]!.DeepClone());
                        break;
                }

                return key == "feeds/2"
                    ? new ChildResult("x", ActionState.Failed, null, new ActionError("http_status", "\"https://c.example/f\" answered 503."))
                    : new ChildResult("x", ActionState.Completed, JsonNode.Parse(Output(key)), null);
            },
        };
        var complete = InputSchema.WithDefaults(manifest.Inputs, inputs, RunData.Base(manifest, "demo", Now)).Value;
        var data = RunData.Start(manifest, complete, "demo", Now).Value;
        var result = await new WorkflowRunner(manifest, run, null, new Dictionary<string, CompletedCall>()).RunAsync(data, CancellationToken.None);
        Assert.True(result.Ok, result.Refusal?.ToString());
        return (content, claims);
    }

    private static string Output(string key) => key switch
    {
        "feeds/0" => """{"feed": {"title": "A"}, "items": [{"id": "1", "title": "Leases *work*", "url": "https://a.example/1", "summary": "Narrow leases held.", "published": "2026-11-20T08:00:00.000Z"}], "warnings": []}""",
        "feeds/1" => """{"feed": {"title": "B"}, "items": [{"id": "2", "title": "Broad access", "url": "https://b.example/2", "summary": "Broad ones did not."}, {"id": "3", "title": "Alone", "summary": ""}], "warnings": []}""",
        "topics/0" => """{"topics": [{"id": "topic-1", "label": "Leases", "keywords": ["lease", "narrow"], "cohesion": 0.8, "items": [{"id": "1", "title": "Leases *work*", "url": "https://a.example/1"}, {"id": "2", "title": "Broad access", "url": "https://b.example/2"}]}, {"id": "topic-2", "label": "Alone", "keywords": [], "cohesion": 1, "items": [{"id": "3", "title": "Alone"}]}]}""",
        "summaries/0" => """{"summary": "Narrow leases held. Broad ones did not.", "sentences": [{"text": "Narrow leases held.", "source_url": "https://a.example/1", "item_id": "1"}, {"text": "Broad ones <b>did</b> not.", "source_url": "https://b.example/2", "item_id": "2"}]}""",
        "summaries/1" => """{"summary": "", "sentences": []}""",
        _ => "{}",
    };
}
