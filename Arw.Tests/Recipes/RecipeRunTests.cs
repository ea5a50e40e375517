using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.Recipes;
using Arw.Tests.Actions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Recipes;

public class RecipeRunTests
{
    private const string Manifest = """
        id: three-steps
        name: Three steps
        version: 1.0.0
        permissions:
          demo.echo: { mode: allow, ttl_secs: 60 }
          text.summarize: allow
          shell.exec: never
        ui: { review_required: REVIEW }
        prompts: { system: s }
        tools: [{ id: feed.read }, { id: demo.echo }, { id: file.write }]
        inputs:
          type: object
          required: [feeds]
          properties:
            feeds: { type: array, items: { type: string } }
            loud: { type: boolean, default: false }
        workflows:
          - step: read
            tool: feed.read
            params: { for_each: inputs.feeds, on_error: CONTINUE, url: "{{ item }}" }
          - step: shout
            tool: demo.echo
            params: { when: inputs.loud, text: "loud" }
          - step: count
            tool: demo.echo
            params: { ok: "{{ steps.read | compact | size }}", failed: "{{ errors }}" }
          - step: write
            tool: file.write
            params: { path: "project://out/{{ date }}.md", content: "{{ steps.count.ok }}" }
        """;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, RecipeRunRow> _runs = [];
    private readonly List<CompletedCall> _calls = [];
    private readonly List<(string Kind, string Input, string Key)> _made = [];
    private readonly RecipesModel _model = new();

    [Fact]
    public async Task Run_FailureWithContinue_PassesOverItAndTellsLaterSteps()
    {
        Install(Manifest.Replace("CONTINUE", "continue", StringComparison.Ordinal).Replace("REVIEW", "false", StringComparison.Ordinal));
        var run = Fake((kind, input, key) => key == "read/1" ? Failed("http_status", "It answered 500.") : Completed(input));

        var result = await Execute(run, new { recipe = "three-steps", accepted = true, inputs = new { feeds = new[] { "a", "b", "c" } } });

        Assert.True(result.Ok, result.Refusal?.ToString());
        Assert.Equal(["read/0", "read/1", "read/2", "count/0", "write/0"], _made.Select(m => m.Key));
        Assert.Equal("""{"ok":2,"failed":[{"step":"read","index":1,"item":"b","code":"http_status","message":"It answered 500."}]}""", _made[3].Input);
        Assert.Equal("""{"path":"project://out/2026-11-25.md","content":2}""", _made[4].Input);
        Assert.Equal(1, (int)result.Value!["steps"]![0]!["failed"]!);
        Assert.Equal("skipped", (string?)result.Value!["steps"]![1]!["state"]);
        Assert.Empty(run.Reviewed);
    }

    [Fact]
    public async Task Run_FailureWithStop_EndsTheRunAtThatStep()
    {
        Install(Manifest.Replace("CONTINUE", "stop", StringComparison.Ordinal).Replace("REVIEW", "true", StringComparison.Ordinal));
        var run = Fake((kind, input, key) => key == "read/1" ? Failed("needs_lease", "Nobody holds a lease.") : Completed(input));

        var result = await Execute(run, new { recipe = "three-steps", accepted = true, inputs = new { feeds = new[] { "a", "b", "c" } } });

        Assert.Equal(("needs_lease", "Step \"read\" failed: Nobody holds a lease."), (result.Refusal!.Code, result.Refusal.Message));
        Assert.Equal(2, _made.Count);
        Assert.Equal(["recipe.launched", "policy.recipe.forbids", "policy.lease.granted", "policy.lease.granted", "recipe.step.started", "recipe.step.failed"], run.Written.Select(w => w.Kind));
    }

    [Fact]
    public async Task Run_ReviewRequired_ReviewsTheLastStepThatChangesSomething()
    {
        Install(Manifest.Replace("CONTINUE", "stop", StringComparison.Ordinal).Replace("REVIEW", "true", StringComparison.Ordinal));
        var run = Fake((kind, input, key) => Completed(input));

        await Execute(run, new { recipe = "three-steps", accepted = true, inputs = new { feeds = new[] { "a" } } });

        Assert.Equal(["write/0"], run.Reviewed);
    }

    [Theory]
    [InlineData("null", "not_accepted")]
    [InlineData("false", "not_accepted")]
    [InlineData("\"sha256:0000\"", "conflict")]
    public async Task Run_NotAccepted_IsRefusedAndChangesNothing(string accepted, string code)
    {
        Install(Manifest.Replace("CONTINUE", "stop", StringComparison.Ordinal).Replace("REVIEW", "false", StringComparison.Ordinal));
        var run = Fake((kind, input, key) => Completed(input));

        var result = await Execute(run, new { recipe = "three-steps", accepted = JsonNode.Parse(accepted), inputs = new { feeds = new[] { "a" } } });

        Assert.Equal(code, result.Refusal!.Code);
        Assert.Empty(run.Written);
        Assert.Empty(_made);
    }

    [Fact]
    public void Acceptance_OfAnAgent_CountsForNothing()
    {
        Install(Manifest.Replace("CONTINUE", "stop", StringComparison.Ordinal).Replace("REVIEW", "false", StringComparison.Ordinal));
        var entry = new RecipeBook(_model).Find("three-steps").Value;
        var agent = new ActionContext { ActionId = "a", Principal = new Principal(PrincipalKind.Agent, "x"), CorrId = "c", Project = "demo" };

        var accepted = RecipeLaunch.Acceptance(entry, JsonValue.Create(true), agent);

        Assert.True(accepted.Ok);
        Assert.Null(accepted.Value);
        Assert.Equal(["policy.recipe.forbids"], LaunchPolicy.Drafts(entry.Manifest, agent, accepted.Value, _time.GetUtcNow(), new IdSource(_time)).Select(d => d.Kind));
        Assert.Equal(["recipe.run three-steps"], RunNeeds.Of("three-steps", agent).Value.Select(c => c.ToString()));
    }

    [Fact]
    public async Task Run_BadInputs_IsRefusedWithPointers()
    {
        Install(Manifest.Replace("CONTINUE", "stop", StringComparison.Ordinal).Replace("REVIEW", "false", StringComparison.Ordinal));

        var result = await Execute(Fake((_, input, _) => Completed(input)), new { recipe = "three-steps", accepted = true, inputs = new { feeds = new object[] { 1 } } });

        Assert.Equal("/feeds/0", Assert.Single((IReadOnlyList<InputFault>)result.Refusal!.Details!).Pointer);
    }

    [Fact]
    public async Task Retry_AfterFailure_ReusesWhatIsUnchangedAndRunsTheRest()
    {
        Install(Manifest.Replace("CONTINUE", "continue", StringComparison.Ordinal).Replace("REVIEW", "false", StringComparison.Ordinal));
        var entry = new RecipeBook(_model).Find("three-steps").Value;
        _runs["old"] = new RecipeRunRow("old", "three-steps", "1.0.0", "Three steps", entry.Digest)
        {
            Actor = "person:owner",
            State = ActionState.Failed,
            Inputs = JsonNode.Parse("""{"feeds": ["a", "b"], "loud": false}"""),
            At = _time.GetUtcNow().AddDays(-1),
            Project = "demo",
            CorrId = "test",
        };
        _calls.Add(new CompletedCall("read/0", "feed.read", JsonNode.Parse("""{"url":"a"}"""), JsonNode.Parse("""{"n":1}""")));
        _calls.Add(new CompletedCall("count/0", "demo.echo", JsonNode.Parse("""{"ok":1,"failed":[{"step":"read","index":1,"item":"b","code":"x","message":"y"}]}"""), JsonNode.Parse("""{"ok":1}""")));
        var run = Fake((kind, input, key) => Completed(input));

        var result = await Retry(run, "old");

        Assert.True(result.Ok, result.Refusal?.ToString());

        // The first feed is taken over; the second now succeeds, so the count made of both is made anew, and the date stays the first run's.
        Assert.Equal(["read/1", "count/0", "write/0"], _made.Select(m => m.Key));
        Assert.Equal("""{"ok":2,"failed":[]}""", _made[1].Input);
        Assert.Contains("2026-11-24.md", _made[2].Input, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Written, w => w.Kind == "policy.lease.granted");
    }

    [Fact]
    public async Task Retry_OfACompletedOrForeignRun_IsRefused()
    {
        _runs["done"] = new RecipeRunRow("done", "x", "1.0.0", "X", "d") { Actor = "person:owner", State = ActionState.Completed, Project = "demo", CorrId = "test" };
        _runs["elsewhere"] = _runs["done"] with { Id = "elsewhere", State = ActionState.Failed, CorrId = "other" };

        Assert.Equal("conflict", (await Retry(Fake((_, _, _) => Completed(null)), "done")).Refusal!.Code);
        Assert.Equal("invalid_input", (await Retry(Fake((_, _, _) => Completed(null)), "elsewhere")).Refusal!.Code);
        Assert.Equal("not_found", (await Retry(Fake((_, _, _) => Completed(null)), "nobody")).Refusal!.Code);
    }

    private static ChildResult Completed(JsonNode? output) => new("child", ActionState.Completed, output?.DeepClone(), null);

    private static ChildResult Failed(string code, string message) => new("child", ActionState.Failed, null, new ActionError(code, message));

    private FakeRun Fake(Func<string, JsonNode, string, ChildResult> child) => new()
    {
        Child = (kind, input, key) =>
        {
            _made.Add((kind, input.ToJsonString(ArwJson.Options), key));
            return child(kind, input, key);
        },
    };

    private void Install(string manifest)
    {
        var loaded = ManifestLoader.Load(manifest);
        Assert.Empty(loaded.Problems);
        _model.Apply(new JournalEvent
        {
            Seq = 1,
            Recorded = _time.GetUtcNow(),
            Time = _time.GetUtcNow(),
            Kind = RecipeEvents.Installed.Name,
            Actor = "person:owner",
            Payload = ArwJson.ToUtf8(new RecipeInstalled("three-steps", "1.0.0", "Three steps", loaded.Digest, manifest, "upload")),
        });
    }

    private (RecipeBook Book, RecipeTools Tools, RecipePlanner Planner, RecipeHistory History, RunStart Start) Parts()
    {
        var tools = TestTool.All();
        var history = new RecipeHistory(_runs.GetValueOrDefault, run => run == "old" ? _calls : []);
        return (new RecipeBook(_model), tools, new RecipePlanner(tools, _time), history, new RunStart(tools, history, _time, new IdSource(_time), (_, _) => ValueTask.CompletedTask));
    }

    private Task<Result<JsonNode?>> Execute(FakeRun run, object input)
    {
        var (book, tools, planner, history, start) = Parts();
        return new RecipeRun(book, tools, planner, history, start).RunAsync(JsonSerializer.SerializeToElement(input), run, CancellationToken.None);
    }

    private Task<Result<JsonNode?>> Retry(FakeRun run, string id)
    {
        var (book, _, planner, history, start) = Parts();
        return new RecipeRetry(book, planner, history, start).RunAsync(JsonSerializer.SerializeToElement(new { run = id }), run, CancellationToken.None);
    }
}
