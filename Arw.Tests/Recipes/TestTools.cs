using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Recipes;

namespace Arw.Tests.Recipes;

/// <summary>A tool that needs what a function says and is never run: runs go through <c>FakeRun.Child</c>.</summary>
internal sealed class TestTool(string id, string title, Func<JsonElement, Result<IReadOnlyList<Capability>>> needs) : ActionKind
{
    public override string Id => id;

    public override string Title => title;

    public override string Summary => title;

    public Effects? Does { get; init; }

    public override Effects Effects => Does ?? (id.StartsWith("file.write", StringComparison.Ordinal) ? Effects.Local : Effects.None);

    public bool IsControl { get; init; }

    public override bool Control => IsControl;

    public override JsonNode InputSchema => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["items"] = new JsonObject { ["type"] = "array" },
            ["claims"] = new JsonObject { ["type"] = "array" },
            ["sentences"] = new JsonObject { ["type"] = new JsonArray("integer", "null") },
            ["content"] = new JsonObject { ["type"] = "string" },
        },
    };

    public override Result<IReadOnlyList<Capability>> Needs(JsonElement input, ActionContext context) => needs(input);

    public override Task<Result<JsonNode?>> RunAsync(JsonElement input, ActionRun run, CancellationToken cancel) =>
        throw new InvalidOperationException("Tools of these tests do not run.");

    /// <summary>All tools that the shipped recipes use, with the needs of the real ones.</summary>
    public static RecipeTools All(params ActionKind[] more) => new(() =>
    [
        new TestTool("feed.read", "Read a feed", i => Text(i, "url") is { } url && url.StartsWith("project://", StringComparison.Ordinal)
            ? Capability.ParseFile("read", url).Map(Only)
            : Capability.ParseHttp("GET", Text(i, "url")!).Map(Only)),
        new TestTool("topics.cluster", "Group items into topics", _ => Only(Capability.Of("topics.cluster")).AsResult()),
        new TestTool("text.summarize", "Summarize", _ => Only(Capability.Of("text.summarize")).AsResult()),
        new TestTool("text.extract", "Extract text", i => Capability.ParseFile("read", Text(i, "path")!).Map(Only)),
        new TestTool("text.facts", "Find dates, amounts and deadlines", _ => Only(Capability.Of("text.facts")).AsResult()),
        new TestTool("model.chat", "Ask a model", i => Only(Capability.Of("model.run", Text(i, "model"))).AsResult()),
        new TestTool("file.list", "List files", i => Capability.ParseFile("read", Text(i, "path")!).Map(Only)),
        new TestTool("file.write", "Write a file", i => Capability.ParseFile("write", Text(i, "path")!).Map(Only)),
        new TestTool("beliefs.propose", "Propose beliefs", i => i.GetProperty("claims").GetArrayLength() > 0
            ? Only(Capability.Of("beliefs.propose")).AsResult()
            : Refusal.Invalid("There are no claims.")),
        new TestTool("state.read", "Read the home's state", i => Only(Capability.Of("state.read", Text(i, "model"))).AsResult()),
        new TestTool("demo.echo", "Echo", _ => Only(Capability.Of("demo.echo")).AsResult()),
        .. more,
    ]);

    private static string? Text(JsonElement input, string name) => input.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IReadOnlyList<Capability> Only(Capability capability) => [capability];
}

internal static class ResultExtensions
{
    public static Result<IReadOnlyList<Capability>> AsResult(this IReadOnlyList<Capability> capabilities) => capabilities.ToArray();
}
