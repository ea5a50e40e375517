using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;

namespace Arw.Core.Recipes;

/// <summary>Kinds of events about recipes (subject <c>recipe:ID</c>) and their runs (subject <c>recipe_run:ACTION</c>).</summary>
public static class RecipeEvents
{
    /// <summary>A recipe came into the gallery; the journal keeps its manifest.</summary>
    public static readonly EventKind<RecipeInstalled> Installed = new("recipes.installed", "A recipe was installed, or replaced by another version.");

    /// <summary>A recipe left the gallery.</summary>
    public static readonly EventKind<RecipeRemoved> Removed = new("recipes.removed", "An installed recipe was removed.");

    /// <summary>A run began: what was accepted, by whom, and for which inputs.</summary>
    public static readonly EventKind<RecipeLaunched> Launched = new("recipe.launched", "A recipe run began, with the manifest and permissions that were accepted.");

    /// <summary>A step began.</summary>
    public static readonly EventKind<RecipeStepStarted> StepStarted = new("recipe.step.started", "A step of a recipe run began.");

    /// <summary>A step ended well, or was skipped.</summary>
    public static readonly EventKind<RecipeStepCompleted> StepCompleted = new("recipe.step.completed", "A step of a recipe run ended; outputs stay with its actions.");

    /// <summary>A step failed and ended the run.</summary>
    public static readonly EventKind<RecipeStepFailed> StepFailed = new("recipe.step.failed", "A step of a recipe run failed and ended the run.");

    /// <summary>Subject of a recipe's events.</summary>
    public static string Subject(string recipeId) => $"recipe:{recipeId}";

    /// <summary>Subject of a run's events.</summary>
    public static string RunSubject(string actionId) => $"recipe_run:{actionId}";
}

/// <summary>Payload of <c>recipes.installed</c>.</summary>
/// <param name="Id">Recipe id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Digest of the manifest's bytes.</param>
/// <param name="Manifest">The manifest's text.</param>
/// <param name="Source">Where it came from, in words: <c>upload</c>, <c>file recipe.yaml</c>.</param>
public sealed record RecipeInstalled(string Id, string Version, string Name, string Digest, string Manifest, string Source);

/// <summary>Payload of <c>recipes.removed</c>.</summary>
public sealed record RecipeRemoved(string Id);

/// <summary>Payload of <c>recipe.launched</c>.</summary>
/// <param name="Run">Id of the run's action.</param>
/// <param name="Recipe">Recipe id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Digest of the manifest that runs.</param>
/// <param name="Inputs">The inputs, defaults filled in.</param>
/// <param name="At">The time that the run's templates see; the same after a restart and in a retry.</param>
public sealed record RecipeLaunched(string Run, string Recipe, string Version, string Name, string Digest, JsonNode Inputs, DateTimeOffset At)
{
    /// <summary>Who accepted the permissions; null when nobody did, and each is asked for.</summary>
    public string? AcceptedBy { get; init; }

    /// <summary>What the manifest asks for.</summary>
    public IReadOnlyList<RecipePermission> Permissions { get; init; } = [];

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<RecipeRunStep> Steps { get; init; } = [];

    /// <summary>The step whose write a person reviews; null for none.</summary>
    public string? Reviewed { get; init; }

    /// <summary>The run that this one continues; null for a new one.</summary>
    public string? RetryOf { get; init; }

    /// <summary>True for the demo's run.</summary>
    public bool Demo { get; init; }
}

/// <summary>A step and its tool.</summary>
public sealed record RecipeRunStep(string Step, string Tool);

/// <summary>Payload of <c>recipe.step.started</c>.</summary>
/// <param name="Run">Id of the run's action.</param>
/// <param name="Step">The step.</param>
/// <param name="Tool">Its tool.</param>
/// <param name="Calls">How many calls it makes.</param>
public sealed record RecipeStepStarted(string Run, string Step, string Tool, int Calls);

/// <summary>Payload of <c>recipe.step.completed</c>.</summary>
/// <param name="Run">Id of the run's action.</param>
/// <param name="Step">The step.</param>
/// <param name="Tool">Its tool.</param>
/// <param name="Calls">How many calls it made.</param>
/// <param name="Failed">How many of them failed and were passed over.</param>
/// <param name="Summary">The outcome in a few words.</param>
public sealed record RecipeStepCompleted(string Run, string Step, string Tool, int Calls, int Failed, string Summary)
{
    /// <summary>True when its condition did not hold and nothing was called.</summary>
    public bool Skipped { get; init; }

    /// <summary>How many calls were taken over from the run that this one continues.</summary>
    public int Reused { get; init; }
}

/// <summary>Payload of <c>recipe.step.failed</c>.</summary>
/// <param name="Run">Id of the run's action.</param>
/// <param name="Step">The step.</param>
/// <param name="Tool">Its tool.</param>
/// <param name="Error">Why.</param>
public sealed record RecipeStepFailed(string Run, string Step, string Tool, ActionError Error)
{
    /// <summary>The action that failed; null when the step's input could not be made.</summary>
    public string? Action { get; init; }
}
