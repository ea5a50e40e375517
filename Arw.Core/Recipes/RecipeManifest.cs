using System.Text.Json.Nodes;

namespace Arw.Core.Recipes;

/// <summary>A recipe: a declarative agent. Read and checked by <see cref="ManifestLoader"/>; an instance is always valid.</summary>
public sealed record RecipeManifest
{
    /// <summary>Id, <c>[a-z0-9][a-z0-9-_.]{0,63}</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people, at most 120 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Semantic version, <c>1.2.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The model it prefers; null when it names none.</summary>
    public RecipeModel? Model { get; init; }

    /// <summary>What it asks for, in the order of the manifest; at least one.</summary>
    public required IReadOnlyList<RecipePermission> Permissions { get; init; }

    /// <summary>How its launch looks.</summary>
    public RecipeUi Ui { get; init; } = new();

    /// <summary>Its prompts.</summary>
    public required RecipePrompts Prompts { get; init; }

    /// <summary>The action kinds that its steps may use.</summary>
    public required IReadOnlyList<RecipeTool> Tools { get; init; }

    /// <summary>The steps, run in order. Empty for a recipe that only declares an agent.</summary>
    public IReadOnlyList<RecipeStep> Workflows { get; init; } = [];

    /// <summary>JSON Schema (draft 2020-12) of what the launch form asks; null = no inputs.</summary>
    public JsonObject? Inputs { get; init; }

    /// <summary>Tags for the gallery.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Notes for people; null for none.</summary>
    public string? Notes { get; init; }
}

/// <summary>Models of a recipe.</summary>
/// <param name="Preferred">The model to use.</param>
/// <param name="Fallback">The one to use when that is missing; null for none.</param>
public sealed record RecipeModel(string Preferred, string? Fallback = null);

/// <summary>What a manifest says about one capability.</summary>
public enum PermissionMode
{
    /// <summary>A person is asked when it is first needed.</summary>
    Ask,

    /// <summary>A lease for the run, which the person accepts at launch.</summary>
    Allow,

    /// <summary>Forbidden to the run, whatever leases there are.</summary>
    Never,
}

/// <summary>One permission of a manifest.</summary>
/// <param name="Capability">The capability as text, <c>net.http:GET https://*.example.org/*</c>.</param>
/// <param name="Mode">Ask, allow or never.</param>
/// <param name="TtlSecs">How long an allowed lease lasts, in seconds, 1 to 86,400; null = until the episode ends.</param>
public sealed record RecipePermission(string Capability, PermissionMode Mode, int? TtlSecs = null);

/// <summary>How a launch looks.</summary>
/// <param name="FormFromSchema">Show a form made from the inputs schema; true by default.</param>
/// <param name="ReviewRequired">A person reviews the run's final write before it happens; true by default.</param>
public sealed record RecipeUi(bool FormFromSchema = true, bool ReviewRequired = true);

/// <summary>Prompts, as Liquid templates; steps reach them as <c>prompts.system</c> and <c>prompts.user</c>.</summary>
/// <param name="System">The system prompt.</param>
/// <param name="UserTemplate">The user's prompt, rendered with the inputs; null for none.</param>
public sealed record RecipePrompts(string System, string? UserTemplate = null);

/// <summary>A declared tool.</summary>
/// <param name="Id">The action kind, <c>feed.read</c>.</param>
/// <param name="Params">Defaults of its input in every step; null for none.</param>
public sealed record RecipeTool(string Id, JsonObject? Params = null);

/// <summary>One step.</summary>
/// <param name="Step">Its name, unique; later steps reach its output as <c>steps.NAME</c>.</param>
/// <param name="Tool">The declared tool that it calls.</param>
public sealed record RecipeStep(string Step, string Tool)
{
    /// <summary>Input of the call: text is Liquid. Without the reserved keys.</summary>
    public JsonObject Params { get; init; } = [];

    /// <summary>Liquid expression of a list: the tool is called once per element, which is <c>item</c>. Null = one call.</summary>
    public string? ForEach { get; init; }

    /// <summary>Liquid condition: the step is skipped when it does not hold. Null = always.</summary>
    public string? When { get; init; }

    /// <summary>True to go on after a failed call (<c>on_error: continue</c>); its output is then null.</summary>
    public bool ContinueOnError { get; init; }
}
