using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>Input of <c>recipe.retry</c>.</summary>
public sealed record RecipeRetryInput([property: Description("Id of the run's action that failed or was cancelled.")] string Run);

/// <summary><c>recipe.retry</c>: goes on with a failed run, in the same episode, from the call that failed. Nothing is granted anew: what has expired since is asked for.</summary>
internal sealed class RecipeRetry(RecipeBook book, RecipePlanner planner, RecipeHistory history, RunStart start) : ActionKind<RecipeRetryInput>
{
    public override string Id => "recipe.retry";

    public override string Title => "Retry a recipe run";

    public override string Summary => "Continues a failed or cancelled recipe run from where it stopped: completed calls keep their results.";

    public override Effects Effects => Effects.None;

    public override bool Orchestrates => true;

    public override string? RecipeOf(JsonElement input) =>
        input.TryGetProperty("run", out var run) && run.ValueKind == JsonValueKind.String ? history.Find(run.GetString()!)?.Recipe : null;

    protected override string Describe(RecipeRetryInput input) =>
        history.Find(input.Run) is { } run ? $"Retry \"{run.Name}\"" : Title;

    protected override Result<IReadOnlyList<Capability>> Needs(RecipeRetryInput input, ActionContext context) =>
        Find(input, context).TryGet(out var run, out var refusal) ? RunNeeds.Of(run.Recipe, context) : refusal;

    protected override async Task<Result<JsonNode?>> RunAsync(RecipeRetryInput input, ActionRun run, CancellationToken cancel)
    {
        if (!Find(input, run.Context).TryGet(out var earlier, out var refusal) || !book.Find(earlier.Recipe).TryGet(out var entry, out refusal))
        {
            return refusal;
        }

        var launch = new Launch(entry, [], earlier.AcceptedBy, planner.Reviewed(entry.Manifest))
        {
            Before = run.Attempt > 1 ? history.Find(run.Context.ActionId) : null,
            RetryOf = earlier,
            Demo = earlier.Demo,
        };
        return await start.RunAsync(launch, run, cancel);
    }

    private Result<RecipeRunRow> Find(RecipeRetryInput input, ActionContext context)
    {
        // Somebody else's run is no different from one that does not exist.
        if (history.Find(input.Run) is not { } run || (!context.Principal.MayControl && run.Actor != context.Principal.Actor))
        {
            return Refusal.NotFound("recipe run", input.Run);
        }

        if (run.State is not (ActionState.Failed or ActionState.Cancelled or ActionState.Refused))
        {
            return Refusal.Conflict($"The run \"{run.Id}\" is {run.State.ToString().ToLowerInvariant()}.", "Only runs that failed or were cancelled can be retried.");
        }

        return run.CorrId != context.CorrId || run.Project != context.Project
            ? Refusal.Invalid(
                $"The run \"{run.Id}\" belongs to the episode \"{run.CorrId}\" of {(run.Project is null ? "no project" : $"the project \"{run.Project}\"")}.",
                "Submit the retry with its corr_id and project.")
            : run;
    }
}
