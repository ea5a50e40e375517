using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>What a person decides about a diff.</summary>
public enum DiffDecision
{
    /// <summary>Change the map.</summary>
    Apply,

    /// <summary>Leave the map as it is.</summary>
    Reject,

    /// <summary>Decide later; one that was rejected or undone is taken up again by this.</summary>
    Defer,
}

/// <summary>Input of <c>world.diff.decide</c>.</summary>
public sealed record DecideDiffInput(
    [property: Description("The diff's id.")] string Id,
    [property: Description("apply, reject or defer.")] DiffDecision Decision)
{
    /// <summary>The comparison that the decision rests on.</summary>
    [Description("The comparison that was looked at (its \"seen\"); needed with choices. When anything of it has changed, the decision is refused.")]
    public string? Seen { get; init; }

    /// <summary>How conflicts are settled.</summary>
    [Description("How each conflict is settled: keep_ours, take_theirs or keep_both, by the change's index.")]
    public IReadOnlyList<ChangeChoice> Choices { get; init; } = [];

    /// <summary>Why.</summary>
    [Description("Why, at most 500 characters.")]
    public string? Note { get; init; }
}

/// <summary><c>world.diff.decide</c>: a person applies, rejects or defers a diff. Applying writes all its beliefs' events in one append, or none.</summary>
public sealed class DecideDiff(DiffDesk desk, WorldDiffChangesModel changes, BeliefTurn turn) : ActionKind<DecideDiffInput>
{
    /// <summary>Longest note, in characters.</summary>
    internal const int MaxNote = 500;

    /// <inheritdoc/>
    public override string Id => "world.diff.decide";

    /// <inheritdoc/>
    public override string Title => "Decide about a diff of the map";

    /// <inheritdoc/>
    public override string Summary => "A person applies a diff, with a choice for each conflict, or rejects or defers it.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(DecideDiffInput input) => $"{input.Decision} the diff {input.Id}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(DecideDiffInput input, ActionContext context) =>
        input.Note?.Length > MaxNote ? Refusal.Invalid($"The note has {input.Note.Length:N0} characters.", $"Write at most {MaxNote}.")
        : input.Choices.DistinctBy(c => c.Index).Count() < input.Choices.Count ? Refusal.Invalid("A change is chosen for twice.", "Choose once for each index.")
        : input.Choices.Count > 0 && (input.Seen is null || input.Decision != DiffDecision.Apply)
            ? Refusal.Invalid("Choices are for one comparison, and for applying only.", "Send \"seen\" of the comparison that they are for, and the decision apply.")
        : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(DecideDiffInput input, ActionRun run, CancellationToken cancel)
    {
        using var held = await turn.TakeAsync(cancel);
        if (!desk.Find(input.Id).TryGet(out var diff, out var refusal))
        {
            return refusal;
        }

        if (!diff.IsOpen && (diff.State == DiffState.Applied || input.Decision != DiffDecision.Defer))
        {
            return new Refusal("already_decided", $"The diff \"{diff.Id}\" is {diff.State.ToString().ToLowerInvariant()}.",
                diff.State == DiffState.Applied ? "Undo it first (world.diff.revert)." : "Defer it to take it up again.", 409);
        }

        return input.Decision == DiffDecision.Apply
            ? await ApplyAsync(input, diff, run.Context, cancel)
            : await PutAsideAsync(input, diff, run.Context, cancel);
    }

    private async Task<Result<JsonNode?>> PutAsideAsync(DecideDiffInput input, WorldDiffRow diff, ActionContext context, CancellationToken cancel)
    {
        var kind = input.Decision == DiffDecision.Reject ? DiffEvents.Rejected : DiffEvents.Deferred;
        var written = await desk.AppendAsync(
            [kind.Draft(new DiffDecided(diff.Id, input.Note), context.Principal.Actor, DiffEvents.Subject(diff.Id))],
            [new Precondition(DiffEvents.Subject(diff.Id), diff.Seq)],
            context,
            diff.Project,
            cancel);
        return written.Map<JsonNode?>(_ => new JsonObject { ["id"] = diff.Id, ["state"] = input.Decision == DiffDecision.Reject ? "rejected" : "deferred" });
    }

    private async Task<Result<JsonNode?>> ApplyAsync(DecideDiffInput input, WorldDiffRow diff, ActionContext context, CancellationToken cancel)
    {
        var incoming = changes.Of(diff.Id);
        if (incoming.Count < diff.Changes)
        {
            return DiffDesk.Gone(diff);
        }

        var since = desk.Folded;
        var comparison = desk.Compare(diff.Project, incoming);
        if (input.Seen is { } seen && seen != comparison.Seen)
        {
            return Changed(comparison);
        }

        if (Unfit(input.Choices, comparison) is { } unfit)
        {
            return unfit;
        }

        var plan = DiffPlan.Of(comparison, input.Choices.ToDictionary(c => c.Index, c => c.Choice));
        if (plan.Undecided > 0)
        {
            return new Refusal("choices_missing", $"{plan.Undecided:N0} of the diff's changes are in conflict with what is held here and not settled.",
                "Choose keep_ours, take_theirs or keep_both for each, and send \"seen\" of this comparison.", 409, new ChangedComparison(comparison));
        }

        var (drafts, touched) = DiffDrafts.Of(plan, diff, context.Principal.Actor);
        var applied = new DiffApplied(diff.Id, plan.Counts, touched) { Choices = [.. input.Choices.OrderBy(c => c.Index)], Note = input.Note };
        var written = await desk.AppendAsync(
            [.. drafts, DiffEvents.Applied.Draft(applied, context.Principal.Actor, DiffEvents.Subject(diff.Id))],
            [new Precondition(DiffEvents.Subject(diff.Id), diff.Seq), .. desk.Unchanged(Looked(comparison), since)],
            context,
            diff.Project,
            cancel);
        return written.Ok
            ? new JsonObject { ["id"] = diff.Id, ["state"] = "applied", ["counts"] = System.Text.Json.JsonSerializer.SerializeToNode(plan.Counts, ArwJson.Options) }
            : written.Refusal.Code == "conflict" ? Changed(desk.Compare(diff.Project, incoming)) : written.Refusal;
    }

    private static IEnumerable<string> Looked(DiffComparison comparison) => comparison.Changes
        .SelectMany(c => c.Others.Select(o => o.Id).Append(c.Belief).Concat(c.Replaced is { } replaced ? [replaced.Id] : []));

    private static Refusal? Unfit(IReadOnlyList<ChangeChoice> choices, DiffComparison comparison) =>
        choices.FirstOrDefault(c => c.Index < 0 || c.Index >= comparison.Changes.Count || !comparison.Changes[c.Index].Choices.Contains(c.Choice)) is { } unfit
            ? Refusal.Invalid($"\"{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(unfit.Choice.ToString())}\" cannot be chosen for the change {unfit.Index}.", "Choose among the comparison's choices for that index.")
            : null;

    private static Refusal Changed(DiffComparison comparison) => new(
        "comparison_changed",
        "What is held here has changed since the diff was looked at. Nothing was applied.",
        "Look at the comparison again and decide anew.",
        409,
        new ChangedComparison(comparison));

    // Named in problem details.
    private sealed record ChangedComparison(DiffComparison Comparison);
}
