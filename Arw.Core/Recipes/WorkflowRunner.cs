using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>
/// Runs the steps of one recipe in order, each call as an action below the run. Calls are named <c>STEP/INDEX</c>, so that a restarted run finds what it already did,
/// and a retry takes over what an earlier run completed with the same input.
/// </summary>
internal sealed class WorkflowRunner(RecipeManifest manifest, ActionRun run, string? reviewed, IReadOnlyDictionary<string, CompletedCall> earlier)
{
    private const int MostItems = 500;
    private readonly JsonArray _steps = [];
    private readonly JsonObject _results = [];

    public async Task<Result<JsonNode?>> RunAsync(TemplateData data, CancellationToken cancel)
    {
        foreach (var step in manifest.Workflows)
        {
            if (!(await StepAsync(step, data, cancel)).TryGet(out var next, out var refusal))
            {
                return refusal;
            }

            data = next;
        }

        return new JsonObject
        {
            ["recipe"] = manifest.Id,
            ["version"] = manifest.Version,
            ["steps"] = _steps,
            ["results"] = _results,
            ["errors"] = data.Values["errors"]!.DeepClone(),
        };
    }

    private async Task<Result<TemplateData>> StepAsync(RecipeStep step, TemplateData data, CancellationToken cancel)
    {
        if (!StepInput.Holds(step, data, cancel).TryGet(out var holds, out var refusal))
        {
            return await FailAsync(step, refusal, cancel);
        }

        if (!holds)
        {
            await EndAsync(new RecipeStepCompleted(run.Context.ActionId, step.Step, step.Tool, 0, 0, "Skipped: its condition does not hold.") { Skipped = true }, cancel);
            return data.AfterStep(step.Step, null);
        }

        JsonArray items = [null];
        if (step.ForEach is not null)
        {
            if (!StepInput.Items(step, data, cancel).TryGet(out var list, out refusal))
            {
                return await FailAsync(step, refusal, cancel);
            }

            if (list.Count > MostItems)
            {
                return await FailAsync(step, Refusal.Invalid($"Step \"{step.Step}\" has {list.Count} items; {MostItems} are the most.", "Narrow the list."), cancel);
            }

            items = list;
        }

        await AppendAsync(RecipeEvents.StepStarted, new RecipeStepStarted(run.Context.ActionId, step.Step, step.Tool, items.Count), cancel);
        return await CallsAsync(step, items, data, cancel);
    }

    private async Task<Result<TemplateData>> CallsAsync(RecipeStep step, JsonArray items, TemplateData data, CancellationToken cancel)
    {
        var outputs = new List<JsonNode?>();
        var errors = (JsonArray)data.Values["errors"]!.DeepClone();
        var reused = 0;
        foreach (var (i, item) in items.Index())
        {
            var scope = step.ForEach is null ? data : data.With("item", item).With("index", i);
            if (!StepInput.Make(manifest, step, scope, cancel).TryGet(out var input, out var refusal))
            {
                return await FailAsync(step, refusal, cancel);
            }

            var key = $"{step.Step}/{i}";
            if (earlier.TryGetValue(key, out var call) && call.Kind == step.Tool && JsonNode.DeepEquals(call.Input, input))
            {
                outputs.Add(call.Output?.DeepClone());
                reused++;
                continue;
            }

            var child = step.Step == reviewed
                ? await run.RunReviewedChildAsync(step.Tool, input, key, cancel)
                : await run.RunChildAsync(step.Tool, input, key, cancel);
            if (child.State != ActionState.Completed)
            {
                var error = child.Error ?? new ActionError(child.State.ToString().ToLowerInvariant(), $"The action was {child.State.ToString().ToLowerInvariant()}.");
                if (!step.ContinueOnError)
                {
                    return await FailAsync(step, error, child.ActionId, cancel);
                }

                errors.Add(new JsonObject { ["step"] = step.Step, ["index"] = i, ["item"] = item?.DeepClone(), ["code"] = error.Code, ["message"] = error.Message });
            }

            outputs.Add(child.State == ActionState.Completed ? child.Output?.DeepClone() : null);
        }

        var failed = errors.Count - ((JsonArray)data.Values["errors"]!).Count;
        JsonNode? output = step.ForEach is null ? outputs[0] : new JsonArray([.. outputs]);
        await EndAsync(new RecipeStepCompleted(run.Context.ActionId, step.Step, step.Tool, items.Count, failed, StepSummary.Of(step, output, items.Count, failed)) { Reused = reused }, cancel);
        if (StepSummary.IsSmall(output))
        {
            _results[step.Step] = output?.DeepClone();
        }

        return data.AfterStep(step.Step, output).With("errors", errors);
    }

    private async Task EndAsync(RecipeStepCompleted end, CancellationToken cancel)
    {
        _steps.Add(new JsonObject
        {
            ["step"] = end.Step,
            ["state"] = end.Skipped ? "skipped" : "completed",
            ["calls"] = end.Calls,
            ["failed"] = end.Failed,
            ["reused"] = end.Reused,
            ["summary"] = end.Summary,
        });
        await AppendAsync(RecipeEvents.StepCompleted, end, cancel);
    }

    private Task<Refusal> FailAsync(RecipeStep step, Refusal refusal, CancellationToken cancel) =>
        FailAsync(step, new ActionError(refusal.Code, refusal.Message, refusal.Next), null, cancel);

    private async Task<Refusal> FailAsync(RecipeStep step, ActionError error, string? action, CancellationToken cancel)
    {
        await AppendAsync(RecipeEvents.StepFailed, new RecipeStepFailed(run.Context.ActionId, step.Step, step.Tool, error) { Action = action }, cancel);
        var words = error.Message.StartsWith("Step \"", StringComparison.Ordinal) ? error.Message : $"Step \"{step.Step}\" failed: {error.Message}";
        return new Refusal(error.Code, words, error.Next ?? "Correct the cause and retry the run: it goes on from this step.", 422, error.Decision);
    }

    private async Task AppendAsync<T>(EventKind<T> kind, T payload, CancellationToken cancel) => await run.AppendAsync(
        [kind.Draft(payload, run.Context.Principal.Actor, RecipeEvents.RunSubject(run.Context.ActionId), run.Context.Project, run.Context.CorrId, run.Context.ActionId)],
        cancel);
}
