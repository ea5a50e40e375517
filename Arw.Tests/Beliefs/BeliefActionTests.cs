using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Beliefs;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Tests.Actions;
using Arw.Tests.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Arw.Tests.Beliefs;

public sealed class BeliefActionTests : IAsyncLifetime
{
    private readonly JournalFixture _journal = new();
    private readonly BeliefsModel _beliefs = new();
    private readonly IntentsModel _intents = new();
    private ViewsDatabase _views = null!;
    private StateHost _state = null!;
    private BeliefTurn _turn = null!;
    private ProposeBeliefs _propose = null!;

    public async Task InitializeAsync()
    {
        _views = new ViewsDatabase(_journal.Options.ViewsPath);
        _state = new StateHost(_journal.Journal, _views, [_beliefs, _intents], NullLogger<StateHost>.Instance);
        await _state.StartAsync(default);
        _turn = new BeliefTurn(_journal.Journal, _state);
        _propose = new ProposeBeliefs(new BeliefWriter(_beliefs, _turn));
    }

    public async Task DisposeAsync()
    {
        _turn.Dispose();
        await _state.DisposeAsync();
        _views.Dispose();
        await _journal.DisposeAsync();
    }

    [Fact]
    public async Task Propose_OtherValueForOneSlot_IsAConflict_FoundAtOnce()
    {
        const string one = """{"claims":[{"text":"It has 7 layers","subject":"Model X","predicate":"layers","confidence":0.8}]}""";
        const string two = """{"claims":[{"text":"It has 9 layers","subject":"model x","predicate":"Layers","confidence":0.5},{"text":"It has 11 layers","subject":"model x","predicate":"Layers","confidence":0.5}]}""";
        var first = (string)(await Run(_propose, one)).Value!["beliefs"]![0]!;
        var second = (await Run(_propose, two)).Value!["beliefs"]!.AsArray();
        await _state.WaitForAsync(_journal.Journal.Head);

        var row = _beliefs.Rows.Find(first)!;
        Assert.Equal(BeliefStatus.Conflict, row.Status);
        Assert.Equal(2, row.Conflicts.Count);
        Assert.Equal(2, _beliefs.Rows.Find((string)second[1]!)!.Conflicts.Count);
    }

    [Fact]
    public async Task Propose_Retried_ChangesNothing()
    {
        const string input = """{"claims":[{"text":"a","confidence":0.4,"evidence":[{"url":"https://x.example/1"}]}]}""";
        var id = (string)(await Run(_propose, input)).Value!["beliefs"]![0]!;
        Assert.Equal(id, (string)(await Run(_propose, input)).Value!["beliefs"]![0]!);
        await _state.WaitForAsync(_journal.Journal.Head);
        Assert.Equal(0.4, _beliefs.Rows.Find(id)!.Confidence, 5);
        Assert.Equal(1, _beliefs.Rows.Count(new TableQuery()));
    }

    [Fact]
    public async Task Accept_Belief_IsAPersonsWord_ThatRetractCannotUndo()
    {
        var id = (string)(await Run(_propose, """{"claims":[{"text":"a","confidence":0.4}]}""")).Value!["beliefs"]![0]!;
        await _state.WaitForAsync(_journal.Journal.Head);
        var accept = new AcceptBelief(_beliefs);
        Assert.True(accept.Control);
        Assert.True((await Run(accept, new JsonObject { ["id"] = id }.ToJsonString())).Ok);
        await _state.WaitForAsync(_journal.Journal.Head);
        Assert.Equal(BeliefStatus.Accepted, _beliefs.Rows.Find(id)!.Status);
        Assert.Equal("conflict", (await Run(new RetractBelief(_beliefs), new JsonObject { ["id"] = id }.ToJsonString())).Refusal!.Code);
        Assert.Equal("not_found", (await Run(accept, """{"id":"none"}""")).Refusal!.Code);
    }

    [Fact]
    public async Task Retract_BeliefOfAnotherProject_IsRefused()
    {
        var id = (string)(await Run(_propose, """{"claims":[{"text":"a","confidence":0.4}]}""")).Value!["beliefs"]![0]!;
        await _state.WaitForAsync(_journal.Journal.Head);
        var input = new JsonObject { ["id"] = id }.ToJsonString();
        var other = await new RetractBelief(_beliefs).RunAsync(JsonElement.Parse(input), new JournalRun(_journal.Journal, "other"), default);
        Assert.Equal("conflict", other.Refusal!.Code);
        Assert.True((await Run(new RetractBelief(_beliefs), input)).Ok);
    }

    [Fact]
    public async Task Intent_Approved_ShowsWhoAndWhy()
    {
        var id = (string)(await Run(new ProposeIntent(_intents), """{"title":"Read the paper","why":"it is cited","beliefs":["b"]}""")).Value!["id"]!;
        await _state.WaitForAsync(_journal.Journal.Head);
        await Run(new ApproveIntent(_intents), new JsonObject { ["id"] = id, ["reason"] = "good" }.ToJsonString());
        await _state.WaitForAsync(_journal.Journal.Head);
        var row = _intents.Find(id)!;
        Assert.Equal((IntentStatus.Approved, "person:owner", "good"), (row.Status, row.JudgedBy, row.Reason));
    }

    [Theory]
    [InlineData("""{"claims":[]}""", "0 claims")]
    [InlineData("""{"claims":[{"text":" ","confidence":0.5}]}""", "Claim 1")]
    [InlineData("""{"claims":[{"text":"a","confidence":1.5}]}""", "confidence")]
    [InlineData("""{"claims":[{"text":"a","confidence":0.5,"evidence":[{"url":"javascript:alert(1)"}]}]}""", "javascript")]
    [InlineData("""{"claims":[{"text":"a","confidence":0.5,"evidence":[{}]}]}""", "empty evidence")]
    [InlineData("""{"claims":[{"text":"a","confidence":0.5,"relations":[{"kind":"supports","target":""}]}]}""", "target")]
    public void Needs_BadClaim_SaysWhich(string input, string expected) =>
        Assert.Contains(expected, _propose.Needs(JsonElement.Parse(input), new FakeRun().Context).Refusal!.Message, StringComparison.Ordinal);

    private Task<Result<JsonNode?>> Run(ActionKind kind, string input) =>
        kind.RunAsync(JsonElement.Parse(input), new JournalRun(_journal.Journal), CancellationToken.None);
}
