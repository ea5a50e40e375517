using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>Input of <c>recipe.run</c>.</summary>
public sealed record RecipeRunInput(
    [property: Description("Id of the recipe, for example research-digest.")] string Recipe,
    [property: Description("The version that is expected; whichever is installed by default.")] string? Version = null,
    [property: Description("What the recipe's form asks for; defaults are filled in.")] JsonObject? Inputs = null,
    [property: Description(RecipeRunInput.AcceptedHelp)] JsonNode? Accepted = null,
    [property: Description("Marks the run of the demo.")] bool Demo = false)
{
    internal const string AcceptedHelp = "The digest of the manifest whose permissions you accept, or true for the one that is installed now. Only people can accept; for agents every permission is asked for.";
}

/// <summary><c>recipe.run</c>: runs a recipe's steps in order, each as an action of its own.</summary>
internal sealed class RecipeRun(RecipeBook book, RecipeTools tools, RecipePlanner planner, RecipeHistory history, RunStart start) : ActionKind<RecipeRunInput>
{
    private JsonNode? _schema;

    public override string Id => "recipe.run";

    public override string Title => "Run a recipe";

    public override string Summary => "Runs a recipe's workflow: every step is an action that policy judges on its own. A failed run can be retried from where it stopped.";

    public override Effects Effects => Effects.None;

    public override bool Orchestrates => true;

    public override JsonNode InputSchema => _schema ??= MakeSchema();

    public override string? RecipeOf(JsonElement input) =>
        input.TryGetProperty("recipe", out var recipe) && recipe.ValueKind == JsonValueKind.String ? recipe.GetString() : null;

    protected override string Describe(RecipeRunInput input) =>
        book.Find(input.Recipe) is { Ok: true } found ? $"Run \"{found.Value.Manifest.Name}\"" : $"Run the recipe {input.Recipe}";

    protected override Result<IReadOnlyList<Capability>> Needs(RecipeRunInput input, ActionContext context)
    {
        // Judged here as well as in the run, so that whoever submits hears it at once. Defaults with a date in them only have to be well-formed here.
        if (!book.Find(input.Recipe, input.Version).TryGet(out var entry, out var refusal)
            || !RecipeLaunch.Acceptance(entry, input.Accepted, context).TryGet(out _, out refusal)
            || !RecipeLaunch.Check(entry, input.Inputs ?? [], tools, context.Project, DateTimeOffset.UnixEpoch).TryGet(out _, out refusal))
        {
            return refusal;
        }

        return RunNeeds.Of(entry.Manifest.Id, context);
    }

    protected override async Task<Result<JsonNode?>> RunAsync(RecipeRunInput input, ActionRun run, CancellationToken cancel)
    {
        if (!book.Find(input.Recipe, input.Version).TryGet(out var entry, out var refusal))
        {
            return refusal;
        }

        // A restarted run goes on with what was accepted and fixed at its first attempt.
        var before = run.Attempt > 1 ? history.Find(run.Context.ActionId) : null;
        var accepted = before is not null ? before.AcceptedBy : null;
        if (before is null && !RecipeLaunch.Acceptance(entry, input.Accepted, run.Context).TryGet(out accepted, out refusal))
        {
            return refusal;
        }

        return await start.RunAsync(new Launch(entry, input.Inputs ?? [], accepted, planner.Reviewed(entry.Manifest)) { Before = before, Demo = input.Demo }, run, cancel);
    }

    private static JsonNode MakeSchema()
    {
        var schema = ActionSchema.Of(typeof(RecipeRunInput));
        // The type says only "any JSON".
        schema["properties"]!["accepted"] = new JsonObject
        {
            ["description"] = RecipeRunInput.AcceptedHelp,
            ["type"] = new JsonArray("boolean", "string", "null"),
        };
        return schema;
    }
}

/// <summary>What running a recipe needs.</summary>
internal static class RunNeeds
{
    /// <summary>Nothing for a person, whose launch is the acceptance; a lease for anybody else.</summary>
    public static Result<IReadOnlyList<Capability>> Of(string recipe, ActionContext context) =>
        context.Principal.MayControl ? Array.Empty<Capability>() : new[] { Capability.Of("recipe.run", recipe) };
}
