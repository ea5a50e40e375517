using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Models;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Text;
using Arw.Tests.Actions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Models;

public sealed class ChatActionTests : IAsyncLifetime
{
    private const string Secret = "sk-test-secret";
    private readonly ModelCatalogue _models = new();
    private readonly FakeTimeProvider _time = new();
    private TinyEndpoint _endpoint = null!;
    private string? _key = Secret;

    public async Task InitializeAsync()
    {
        _endpoint = await TinyEndpoint.StartAsync();
        Register(new ModelManifest("tiny", _endpoint.Url, "tiny-1", "TINY_KEY", PriceIn: 1_000_000, PriceOut: 2_000_000));
        Register(new ModelManifest("free", _endpoint.Url, "free-1"));
    }

    public async Task DisposeAsync() => await _endpoint.DisposeAsync();

    [Fact]
    public async Task Chat_Answer_StreamsAndCountsTokensAndCost()
    {
        _endpoint.Says("Hel", "lo", " world");
        var run = new FakeRun();

        var output = (await RunAsync("""{"model":"tiny","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"max_tokens":50,"temperature":0.5}""", run)).Value!;

        Assert.Equal("Hello world", output["text"]!.GetValue<string>());
        Assert.Equal((100L, 20L, 140L), (output["input_tokens"]!.GetValue<long>(), output["output_tokens"]!.GetValue<long>(), output["cost_micro_usd"]!.GetValue<long>()));
        Assert.Equal("Hello world", string.Concat(Read(run, ModelEvents.Delta).Select(d => d.Text)));
        var done = Assert.Single(Read(run, ModelEvents.Completed));
        Assert.Equal(("tiny", "stop", 140L), (done.Model, done.FinishReason, done.CostMicroUsd));
        Assert.Equal(["model.run tiny", $"spend.usd {run.Demands[1].ToString().Split(' ')[1]}"], run.Demands.Select(d => d.ToString()));

        var sent = Assert.Single(_endpoint.Bodies);
        Assert.Equal("tiny-1", sent["model"]!.GetValue<string>());
        Assert.Equal(["system", "user"], sent["messages"]!.AsArray().Select(m => m!["role"]!.GetValue<string>()));
        Assert.Equal([$"Bearer {Secret}"], _endpoint.Keys);
        Assert.DoesNotContain(run.Written, d => System.Text.Encoding.UTF8.GetString(d.Payload.Span).Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_FastStream_IsCoalesced()
    {
        _endpoint.Says([.. Enumerable.Repeat("x ", 200)]);
        var run = new FakeRun();

        await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Hi"}]}""", run);

        // The clock stands still: the first piece is written at once, the rest at the end.
        Assert.Equal([2, 398], Read(run, ModelEvents.Delta).Select(d => d.Text.Length));
    }

    [Fact]
    public async Task Chat_UnknownPrice_CostIsNotKnown()
    {
        _endpoint.Says("Hi");
        var run = new FakeRun();

        var output = (await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Hi"}]}""", run)).Value!;

        Assert.Null(output["cost_micro_usd"]);
        Assert.Null(Assert.Single(Read(run, ModelEvents.Completed)).CostMicroUsd);
        Assert.Equal(["model.run free"], run.Demands.Select(d => d.ToString()));
    }

    [Fact]
    public async Task Chat_ToolCall_RunsAsChildActionAndItsResultGoesBack()
    {
        _endpoint.Calls("text_extract", """{"html":"<p>x</p>"}""").Says("Done");
        var children = new List<string>();
        var run = new FakeRun
        {
            Child = (kind, input, key) =>
            {
                children.Add($"{kind} {input["html"]}");
                Assert.StartsWith("1.0:text.extract:", key, StringComparison.Ordinal);
                return new ChildResult("c", ActionState.Completed, new JsonObject { ["text"] = "x" }, null);
            },
        };

        var output = (await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Read it"}],"tools":["text.extract"]}""", run)).Value!;

        Assert.Equal("Done", output["text"]!.GetValue<string>());
        Assert.Equal(2, output["rounds"]!.GetValue<int>());
        Assert.Equal(["text.extract <p>x</p>"], children);
        Assert.Equal([["text.extract"], []], Read(run, ModelEvents.Completed).Select(c => c.ToolCalls));
        var tool = _endpoint.Bodies[1]["messages"]!.AsArray()[^1]!;
        Assert.Equal(("tool", "call_1", """{"text":"x"}"""), (tool["role"]!.GetValue<string>(), tool["tool_call_id"]!.GetValue<string>(), tool["content"]!.GetValue<string>()));
        Assert.Equal("text_extract", _endpoint.Bodies[0]["tools"]![0]!["function"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Chat_ToolThatIsRefused_IsToldToTheModel()
    {
        _endpoint.Calls("text_extract", "{}").Says("Sorry");
        var run = new FakeRun { Child = (_, _, _) => new ChildResult("c", ActionState.Refused, null, new ActionError("needs_lease", "No lease.")) };

        Assert.True((await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Hi"}],"tools":["text.extract"]}""", run)).Ok);
        Assert.Equal("error needs_lease: No lease.", _endpoint.Bodies[1]["messages"]!.AsArray()[^1]!["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task Chat_ToolThatWasNotOffered_NeverRuns()
    {
        _endpoint.Calls("policy_lease_grant", "{}").Says("Well");

        Assert.True((await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Hi"}],"tools":["text.extract"]}""", new FakeRun())).Ok);
        Assert.StartsWith("error unknown_tool", _endpoint.Bodies[1]["messages"]!.AsArray()[^1]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_EndlessToolCalls_End()
    {
        for (var i = 0; i < 8; i++)
        {
            _endpoint.Calls("text_extract", "{}");
        }

        var run = new FakeRun { Child = (_, _, _) => new ChildResult("c", ActionState.Completed, null, null) };

        Assert.Equal("too_many_rounds", (await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Hi"}],"tools":["text.extract"]}""", run)).Refusal?.Code);
        Assert.Equal(8, _endpoint.Bodies.Count);
    }

    [Fact]
    public async Task Chat_SpendingRefused_SendsNothing()
    {
        var run = new FakeRun { Judge = c => c.Name == "spend.usd" ? new Refusal("needs_lease", "No money.") : null };

        Assert.Equal("needs_lease", (await RunAsync("""{"model":"tiny","messages":[{"role":"user","content":"Hi"}]}""", run)).Refusal?.Code);
        Assert.Empty(_endpoint.Bodies);
    }

    [Fact]
    public async Task Chat_LeaseRevokedMidAnswer_CutsTheConnection()
    {
        var run = new FakeRun();
        var gone = new TaskCompletionSource();
        _endpoint.Answers(async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            await TinyEndpoint.SendAsync(context, TinyEndpoint.Chunk(new JsonObject { ["content"] = "Once" }));
            await context.Response.Body.FlushAsync();
            await run.Revocation.CancelAsync();
            await gone.Task;
        });

        Assert.Equal("needs_lease", (await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Hi"}]}""", run)).Refusal?.Code);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Chat_EndpointRefuses_IsNotRepeated()
    {
        _endpoint.Answers(context =>
        {
            context.Response.StatusCode = 429;
            return context.Response.WriteAsync("""{"error":{"message":"slow down"}}""");
        });

        var refusal = (await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Hi"}]}""", new FakeRun())).Refusal;

        Assert.Equal("model_refused", refusal?.Code);
        Assert.Contains("429", refusal!.Message, StringComparison.Ordinal);
        Assert.Single(_endpoint.Bodies);
    }

    [Fact]
    public async Task Chat_Gibberish_IsARefusal()
    {
        _endpoint.Answers(context => context.Response.WriteAsync("data: {\"choices\": 7\n\n"));

        Assert.Equal("model_answer_malformed", (await RunAsync("""{"model":"free","messages":[{"role":"user","content":"Hi"}]}""", new FakeRun())).Refusal?.Code);
    }

    [Fact]
    public async Task Chat_NobodyListens_IsUnreachable()
    {
        Register(new ModelManifest("gone", "http://127.0.0.1:1/v1", "x"));

        Assert.Equal("model_unreachable", (await RunAsync("""{"model":"gone","messages":[{"role":"user","content":"Hi"}]}""", new FakeRun())).Refusal?.Code);
    }

    [Fact]
    public async Task Chat_KeyNotSet_NamesTheVariable()
    {
        _key = null;

        var refusal = (await RunAsync("""{"model":"tiny","messages":[{"role":"user","content":"Hi"}]}""", new FakeRun())).Refusal;

        Assert.Equal("no_api_key", refusal?.Code);
        Assert.Contains("TINY_KEY", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Needs_PricedModel_NamesModelAddressAndMostMoney()
    {
        var needs = Needs("""{"model":"tiny","messages":[{"role":"user","content":"0123456789"}],"max_tokens":1000}""").Value;

        // 10 bytes and 16 for the role at 1 USD, 1000 tokens at 2 USD per million.
        Assert.Equal(["model.run tiny", Capability.ParseHttp("POST", $"{_endpoint.Url}/chat/completions").Value.ToString(), Capability.Of("spend.usd", "0.002026").ToString()], needs.Select(n => n.ToString()));
    }

    [Theory]
    [InlineData("""{"model":"none","messages":[{"role":"user","content":"a"}]}""", "not_found")]
    [InlineData("""{"model":"tiny","messages":[]}""", "invalid_input")]
    [InlineData("""{"model":"tiny","messages":[{"role":"root","content":"a"}]}""", "invalid_input")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"a"}],"max_tokens":0}""", "invalid_input")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"a"}],"temperature":3}""", "invalid_input")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"a"}],"tools":["no.such"]}""", "invalid_input")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"a"}],"tools":["model.register"]}""", "invalid_input")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"a"}],"tools":["model.chat"]}""", "invalid_input")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"a"}],"tools":["text.extract","text.extract"]}""", "invalid_input")]
    public void Needs_BadInput_IsRefused(string input, string code) => Assert.Equal(code, Needs(input).Refusal?.Code);

    private static IEnumerable<T> Read<T>(FakeRun run, EventKind<T> kind) =>
        run.Written.Where(d => d.Kind == kind.Name).Select(d => ArwJson.FromUtf8<T>(d.Payload.Span));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private ChatAction Chat() => new(
        _models,
        new ChatEndpoints(_ => new SocketsHttpHandler(), name => name == "TINY_KEY" ? _key : null),
        id => id switch
        {
            "text.extract" => new ExtractAction(),
            "model.register" => new RegisterModelAction(),
            "model.chat" => Chat(),
            _ => null,
        },
        _time);

    private Result<IReadOnlyList<Capability>> Needs(string input) => Chat().Needs(Json(input), new FakeRun().Context);

    private Task<Result<JsonNode?>> RunAsync(string input, FakeRun run) => Chat().RunAsync(Json(input), run, default);

    private void Register(ModelManifest model) => _models.Apply(ModelCatalogueTests.Event(ModelEvents.Registered, model));
}
