using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>Input of <c>world.diff.revert</c>.</summary>
public sealed record RevertDiffInput(
    [property: Description("The diff's id.")] string Id,
    [property: Description("Why, at most 500 characters.")] string? Note = null);

/// <summary><c>world.diff.revert</c>: a person undoes what applying a diff changed, as long as nothing has been said since about the beliefs that it touched.</summary>
public sealed class RevertDiff(DiffDesk desk, WorldDiffChangesModel changes, BeliefTurn turn) : ActionKind<RevertDiffInput>
{
    private const int MaxNamed = 3;

    /// <inheritdoc/>
    public override string Id => "world.diff.revert";

    /// <inheritdoc/>
    public override string Title => "Undo a diff of the map";

    /// <inheritdoc/>
    public override string Summary => "Puts the beliefs that a diff changed back to where they stood, unless something has been said about them since.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(RevertDiffInput input) => $"Undo the diff {input.Id}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RevertDiffInput input, ActionContext context) =>
        input.Note?.Length > DecideDiff.MaxNote
            ? Refusal.Invalid($"The note has {input.Note.Length:N0} characters.", $"Write at most {DecideDiff.MaxNote}.")
            : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RevertDiffInput input, ActionRun run, CancellationToken cancel)
    {
        using var held = await turn.TakeAsync(cancel);
        if (!desk.Find(input.Id).TryGet(out var diff, out var refusal))
        {
            return refusal;
        }

        if (diff.State != DiffState.Applied)
        {
            return new Refusal("not_applied", $"The diff \"{diff.Id}\" is {diff.State.ToString().ToLowerInvariant()}, so there is nothing to undo.", "Look at what became of it.", 409);
        }

        var since = desk.Folded;
        if (Changed(diff) is { } changed)
        {
            return changed;
        }

        var said = changes.Of(diff.Id).ToDictionary(c => c.BeliefIn(diff.Project), StringComparer.Ordinal);
        if (diff.Touched.Any(t => t.Claimed && !said.ContainsKey(t.Id)))
        {
            return DiffDesk.Gone(diff);
        }

        // The opposite order: each step is then undone from where it led.
        var actor = run.Context.Principal.Actor;
        List<EventDraft> drafts = [.. Enumerable.Reverse(diff.Touched).Select(t => DiffDrafts.Back(desk.Held(t.Id)!, t, said.GetValueOrDefault(t.Id), diff, actor))];
        var written = await desk.AppendAsync(
            [.. drafts, DiffEvents.Reverted.Draft(new DiffDecided(diff.Id, input.Note), actor, DiffEvents.Subject(diff.Id))],
            [new Precondition(DiffEvents.Subject(diff.Id), diff.Seq), .. desk.Unchanged(diff.Touched.Select(t => t.Id), since)],
            run.Context,
            diff.Project,
            cancel);
        return written.Ok ? new JsonObject { ["id"] = diff.Id, ["state"] = "reverted" }
            : written.Refusal.Code == "conflict" ? Changed(diff) ?? written.Refusal
            : written.Refusal;
    }

    private Refusal? Changed(WorldDiffRow diff)
    {
        var changed = diff.Touched.Where(t => !IsAsLeft(t, diff.Id)).Select(t => desk.Held(t.Id)?.Text ?? t.Id).ToList();
        return changed.Count == 0 ? null : new Refusal(
            "changed_since",
            $"Since the diff was applied, something was said about {string.Join(", ", changed.Take(MaxNamed).Select(t => $"\"{t}\""))}{(changed.Count > MaxNamed ? $" and {changed.Count - MaxNamed:N0} more" : "")}. Nothing was undone.",
            "Judge those beliefs on the map one by one.",
            409);
    }

    // A contradiction that came since is as much of a change as a judgement or a further claim.
    private bool IsAsLeft(DiffTouched touched, string diff) =>
        desk.Held(touched.Id) is { Before: { } before } row && before.Diff == diff
        && row.Conflicts.All(c => touched.Contradicts.Contains(c.Id) || before.Row?.Conflicts.Any(b => b.Id == c.Id) == true);
}
