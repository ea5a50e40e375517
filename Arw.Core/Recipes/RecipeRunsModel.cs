using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Recipes;

/// <summary>A recipe run as pages see it.</summary>
/// <param name="Id">Id of the run's action.</param>
/// <param name="Recipe">Recipe id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Digest of the manifest that ran.</param>
public sealed record RecipeRunRow(string Id, string Recipe, string Version, string Name, string Digest)
{
    /// <summary>running, completed, failed, refused or cancelled.</summary>
    public ActionState State { get; init; } = ActionState.Running;

    /// <summary>The inputs, defaults filled in.</summary>
    public JsonNode? Inputs { get; init; }

    /// <summary>The time that its templates see.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who launched it.</summary>
    public required string Actor { get; init; }

    /// <summary>Who accepted its permissions; null when nobody did.</summary>
    public string? AcceptedBy { get; init; }

    /// <summary>Project; null for none.</summary>
    public string? Project { get; init; }

    /// <summary>Episode.</summary>
    public string? CorrId { get; init; }

    /// <summary>The run that it continues; null for a new one.</summary>
    public string? RetryOf { get; init; }

    /// <summary>True for the demo's run.</summary>
    public bool Demo { get; init; }

    /// <summary>Its steps, in order.</summary>
    public IReadOnlyList<RecipeRunStepRow> Steps { get; init; } = [];
}

/// <summary>A step of a run.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Tool">Its tool.</param>
/// <param name="State">pending, running, completed, skipped or failed.</param>
public sealed record RecipeRunStepRow(string Step, string Tool, StepState State)
{
    /// <summary>Calls that it makes; 0 before it begins.</summary>
    public int Calls { get; init; }

    /// <summary>Calls that failed and were passed over.</summary>
    public int Failed { get; init; }

    /// <summary>The outcome in a few words; null before the end.</summary>
    public string? Summary { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public ActionError? Error { get; init; }
}

/// <summary>Where a step is.</summary>
public enum StepState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Begun.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Completed,

    /// <summary>Its condition did not hold.</summary>
    Skipped,

    /// <summary>Ended the run.</summary>
    Failed,
}

/// <summary>All recipe runs: <c>/state/recipe_runs</c>.</summary>
public sealed class RecipeRunsModel : TableModel<RecipeRunRow>
{
    /// <inheritdoc/>
    public override string Id => "recipe_runs";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<RecipeRunRow>> Columns { get; } =
    [
        new("recipe", r => r.Recipe),
        new("state", r => r.State.ToString().ToLowerInvariant()),
        new("project", r => r.Project),
        new("corr_id", r => r.CorrId),
        new("at", r => r.At),
    ];

    /// <inheritdoc/>
    protected override void Fold(IRowSet<RecipeRunRow> rows, JournalEvent e)
    {
        if (RecipeEvents.Launched.Is(e))
        {
            var launched = RecipeEvents.Launched.Read(e);
            rows.Put(launched.Run, Row(launched, e));
        }
        else if (RecipeEvents.StepStarted.Is(e))
        {
            var started = RecipeEvents.StepStarted.Read(e);
            Change(rows, started.Run, started.Step, s => s with { State = StepState.Running, Calls = started.Calls, Error = null });
        }
        else if (RecipeEvents.StepCompleted.Is(e))
        {
            var completed = RecipeEvents.StepCompleted.Read(e);
            Change(rows, completed.Run, completed.Step, s => s with
            {
                State = completed.Skipped ? StepState.Skipped : StepState.Completed,
                Calls = completed.Calls,
                Failed = completed.Failed,
                Summary = completed.Summary,
            });
        }
        else if (RecipeEvents.StepFailed.Is(e))
        {
            var failed = RecipeEvents.StepFailed.Read(e);
            Change(rows, failed.Run, failed.Step, s => s with { State = StepState.Failed, Error = failed.Error });
        }
        else if (End(e) is { } end && e.Subject is { } subject && subject.StartsWith("action:", StringComparison.Ordinal)
            && rows.Find(subject["action:".Length..]) is { } run)
        {
            rows.Put(run.Id, run with { State = end });
        }
    }

    private static ActionState? End(JournalEvent e) =>
        ActionEvents.Completed.Is(e) ? ActionState.Completed
        : ActionEvents.Failed.Is(e) ? ActionState.Failed
        : ActionEvents.Refused.Is(e) ? ActionState.Refused
        : ActionEvents.Cancelled.Is(e) ? ActionState.Cancelled
        : null;

    private static RecipeRunRow Row(RecipeLaunched launched, JournalEvent e) => new(launched.Run, launched.Recipe, launched.Version, launched.Name, launched.Digest)
    {
        Inputs = launched.Inputs,
        At = launched.At,
        Actor = e.Actor,
        AcceptedBy = launched.AcceptedBy,
        Project = e.Project,
        CorrId = e.CorrId,
        RetryOf = launched.RetryOf,
        Demo = launched.Demo,
        Steps = [.. launched.Steps.Select(s => new RecipeRunStepRow(s.Step, s.Tool, StepState.Pending))],
    };

    private static void Change(IRowSet<RecipeRunRow> rows, string run, string step, Func<RecipeRunStepRow, RecipeRunStepRow> change)
    {
        if (rows.Find(run) is { } row)
        {
            rows.Put(run, row with { Steps = [.. row.Steps.Select(s => s.Step == step ? change(s) : s)] });
        }
    }
}
