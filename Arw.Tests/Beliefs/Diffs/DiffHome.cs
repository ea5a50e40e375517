using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Core.World;
using Arw.Tests.Actions;

namespace Arw.Tests.Beliefs.Diffs;

/// <summary>The kernel with beliefs and the map, and people and agents who bring and decide diffs.</summary>
internal sealed class DiffHome : IAsyncDisposable
{
    public KernelFixture Kernel { get; } = new(services => services.AddArwBeliefs().AddArwWorld());

    public BeliefsModel Beliefs => Kernel.Get<BeliefsModel>();

    public WorldDiffsModel Diffs => Kernel.Get<WorldDiffsModel>();

    public DiffDesk Desk => Kernel.Get<DiffDesk>();

    public static async Task<DiffHome> StartAsync()
    {
        var home = new DiffHome();
        await home.Kernel.StartAsync();
        return home;
    }

    public static DiffChange Add(string value, string? subject = "Lake", string? predicate = "colour", double confidence = 0.7) =>
        new(DiffOp.Add, value) { Subject = subject, Predicate = predicate, Confidence = confidence };

    public static DiffChange Change(string was, string value, string? subject = "Lake", string? predicate = "colour") =>
        new(DiffOp.Change, value) { Subject = subject, Predicate = predicate, Was = was, Confidence = 0.7 };

    public static DiffChange Retract(string value, string? subject = "Lake", string? predicate = "colour") =>
        new(DiffOp.Retract, value) { Subject = subject, Predicate = predicate };

    /// <summary>Claims something here and returns the belief's id.</summary>
    public async Task<string> ProposeAsync(string text, string? subject = "Lake", string? predicate = "colour", double confidence = 0.6, string project = "demo")
    {
        var claim = new JsonObject { ["text"] = text, ["confidence"] = confidence, ["subject"] = subject, ["predicate"] = predicate, ["topic"] = "Water", ["evidence"] = new JsonArray(new JsonObject { ["url"] = $"https://here.example/{subject}" }) };
        foreach (var name in claim.Where(m => m.Value is null).Select(m => m.Key).ToList())
        {
            claim.Remove(name);
        }

        var outcome = await Kernel.SubmitAsync("beliefs.propose", new JsonObject { ["claims"] = new JsonArray(claim) }, change: r => r with { Project = project });
        var end = await Kernel.EndOf(outcome.Id);
        Assert.Equal(ActionState.Completed, end.State);
        return (string)end.Output!["beliefs"]![0]!;
    }

    public Task JudgeAsync(string kind, string belief, string project = "demo") => RunAsync(kind, new JsonObject { ["id"] = belief }, project);

    /// <summary>Brings a diff; the row of the action that did.</summary>
    public async Task<ActionRow> BringAsync(QueueDiffInput input, Principal? by = null, string project = "demo")
    {
        var outcome = await Kernel.SubmitAsync("world.diff.queue", Node(input), by, r => r with { Project = project });
        return await Kernel.EndOf(outcome.Id);
    }

    /// <summary>Brings a diff from another home and returns its id.</summary>
    public async Task<string> QueueAsync(string project, params DiffChange[] changes)
    {
        var end = await BringAsync(new QueueDiffInput(changes) { From = "home-b" }, project: project);
        Assert.True(end.State == ActionState.Completed, end.Error?.Message);
        return (string)end.Output!["id"]!;
    }

    public Task<Result<SubmitOutcome>> DecideAsync(string id, DiffDecision decision, string? seen = null, params ChangeChoice[] choices) =>
        Kernel.Actions.SubmitAsync(new SubmitRequest("world.diff.decide", Node(new DecideDiffInput(id, decision) { Seen = seen, Choices = choices })), Principal.Owner);

    /// <summary>Applies a diff with one choice for all its conflicts.</summary>
    public async Task ApplyAsync(string id, Func<ComparedChange, DiffChoice>? choose = null)
    {
        var comparison = Desk.Compare(id)!;
        var choices = comparison.Changes.Where(c => c.Conflicts.Count > 0).Select(c => new ChangeChoice(c.Index, choose?.Invoke(c) ?? DiffChoice.TakeTheirs)).ToArray();
        var outcome = await DecideAsync(id, DiffDecision.Apply, comparison.Seen, choices);
        Assert.True(outcome.Ok, outcome.Refusal?.ToString());
    }

    public Task<Result<SubmitOutcome>> RevertAsync(string id) =>
        Kernel.Actions.SubmitAsync(new SubmitRequest("world.diff.revert", new JsonObject { ["id"] = id }), Principal.Owner);

    public async Task RunAsync(string kind, JsonObject input, string project)
    {
        var outcome = await Kernel.SubmitAsync(kind, input, change: r => r with { Project = project });
        await Kernel.EndOf(outcome.Id);
    }

    public BeliefRow Belief(string value, string? subject = "Lake", string? predicate = "colour", string project = "demo") =>
        Find(value, subject, predicate, project) ?? throw new Xunit.Sdk.XunitException($"\"{value}\" is not held.");

    public BeliefRow? Find(string value, string? subject = "Lake", string? predicate = "colour", string project = "demo") =>
        Beliefs.Rows.Find(BeliefIdentity.Of(project, subject, predicate, value));

    public string Dump() => Kernel.Get<StateHost>().Dump(Beliefs.Id);

    /// <summary>What is drawn: ids of nodes, keys of edges.</summary>
    public (IReadOnlyList<string> Nodes, IReadOnlyList<string> Edges) Map()
    {
        var all = new TableQuery { Limit = 10_000 };
        return ([.. Kernel.Get<WorldNodesModel>().Rows.Query(all).Select(n => n.Id).Order(StringComparer.Ordinal)],
            [.. Kernel.Get<WorldEdgesModel>().Rows.Query(all).Select(e => WorldEdge.Key(e.Src, e.Kind, e.Dst)).Order(StringComparer.Ordinal)]);
    }

    public ValueTask DisposeAsync() => Kernel.DisposeAsync();

    private static JsonNode Node<T>(T input) => JsonSerializer.SerializeToNode(input, ArwJson.Options)!;
}
