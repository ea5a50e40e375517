using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>A launch that was accepted, or that everything will be asked for.</summary>
/// <param name="Entry">The recipe.</param>
/// <param name="Inputs">Inputs as sent.</param>
/// <param name="AcceptedBy">Who accepted its permissions; null when nobody did.</param>
/// <param name="Reviewed">The step that a person reviews; null for none.</param>
internal sealed record Launch(RecipeEntry Entry, JsonObject Inputs, string? AcceptedBy, string? Reviewed)
{
    /// <summary>This run as an earlier attempt left it; null at the first.</summary>
    public RecipeRunRow? Before { get; init; }

    /// <summary>The run that it continues; null for a new one.</summary>
    public RecipeRunRow? RetryOf { get; init; }

    public bool Demo { get; init; }
}

/// <summary>Begins a run, new or continued: fixes inputs and time, changes policy once, then runs the steps.</summary>
/// <param name="tools">The tools.</param>
/// <param name="history">Earlier runs.</param>
/// <param name="time">The clock.</param>
/// <param name="ids">Ids of leases.</param>
/// <param name="folded">Completes when a seq is folded: the first step must be judged with the leases granted here.</param>
internal sealed class RunStart(RecipeTools tools, RecipeHistory history, TimeProvider time, IdSource ids, Func<long, CancellationToken, ValueTask> folded)
{
    public async Task<Result<JsonNode?>> RunAsync(Launch launch, ActionRun run, CancellationToken cancel)
    {
        var (manifest, context) = (launch.Entry.Manifest, run.Context);
        var fixedBy = launch.Before ?? launch.RetryOf;
        if (fixedBy is not null && fixedBy.Digest != launch.Entry.Digest)
        {
            return Refusal.Conflict($"\"{manifest.Id}\" has changed since this run began: it was {fixedBy.Digest}, now it is {launch.Entry.Digest}.", "Launch it anew.");
        }

        var now = Rfc3339.Truncate(time.GetUtcNow());
        var at = fixedBy?.At ?? now;
        var sent = fixedBy?.Inputs as JsonObject ?? launch.Inputs;
        if (!RecipeLaunch.Check(launch.Entry, sent, tools, context.Project, at).TryGet(out var inputs, out var refusal)
            || !RunData.Start(manifest, inputs, context.Project, at).TryGet(out var data, out refusal))
        {
            return refusal;
        }

        if (launch.Before is null)
        {
            // One append: either the run is launched with its leases and bans, or nothing is.
            var launched = RecipeEvents.Launched.Draft(
                new RecipeLaunched(context.ActionId, manifest.Id, manifest.Version, manifest.Name, launch.Entry.Digest, inputs.DeepClone(), at)
                {
                    AcceptedBy = launch.AcceptedBy,
                    Permissions = manifest.Permissions,
                    Steps = [.. manifest.Workflows.Select(s => new RecipeRunStep(s.Step, s.Tool))],
                    Reviewed = launch.Reviewed,
                    RetryOf = launch.RetryOf?.Id,
                    Demo = launch.Demo,
                },
                context.Principal.Actor,
                RecipeEvents.RunSubject(context.ActionId),
                context.Project,
                context.CorrId,
                context.ActionId);

            // A retry grants nothing: a lease may have been revoked since. Bans ended with the episode's first end, so they are set again.
            EventDraft[] drafts = [launched, .. LaunchPolicy.Drafts(manifest, context, launch.RetryOf is null ? launch.AcceptedBy : null, now, ids)];
            var written = await run.AppendAsync(drafts, cancel);
            await folded(written.LastSeq, cancel);
        }

        return await new WorkflowRunner(manifest, run, launch.Reviewed, history.Completed(launch.RetryOf?.Id ?? launch.Before?.RetryOf)).RunAsync(data, cancel);
    }
}
