using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Episodes;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>What must hold before a recipe runs: it exists, its tools exist, its inputs fit, and a person accepted exactly this manifest.</summary>
internal static class RecipeLaunch
{
    public static Refusal NoWorkflow(RecipeManifest manifest) =>
        Refusal.Invalid($"\"{manifest.Id}\" has no workflow, so there is nothing to run.", "Add steps under \"workflows\".");

    /// <summary>The complete inputs, or why it cannot be launched.</summary>
    public static Result<JsonObject> Check(RecipeEntry entry, JsonObject inputs, RecipeTools tools, string? project, DateTimeOffset now)
    {
        var manifest = entry.Manifest;
        if (manifest.Workflows.Count == 0)
        {
            return NoWorkflow(manifest);
        }

        foreach (var tool in manifest.Tools)
        {
            if (!tools.Find(tool.Id).TryGet(out _, out var missing))
            {
                return missing;
            }
        }

        if (!InputSchema.WithDefaults(manifest.Inputs, inputs, RunData.Base(manifest, project, now)).TryGet(out var complete, out var refusal))
        {
            return refusal;
        }

        var faults = InputSchema.Validate(manifest.Inputs, complete);
        return faults.Count == 0
            ? complete
            : Refusal.Invalid(
                $"The inputs of \"{manifest.Id}\" do not fit: {string.Join("; ", faults.Take(3).Select(f => $"{(f.Pointer.Length == 0 ? "inputs" : f.Pointer)}: {f.Message}"))}",
                "Correct the inputs named and launch again.",
                faults);
    }

    /// <summary>
    /// Who accepted the manifest: the actor, when it may and did; null when it may not (an agent), so that every permission is asked for.
    /// A person who accepts nothing, or another manifest than the one that would run, is refused.
    /// </summary>
    public static Result<string?> Acceptance(RecipeEntry entry, JsonNode? accepted, ActionContext context)
    {
        if (!context.Principal.MayControl)
        {
            return (string?)null;
        }

        switch (accepted?.GetValueKind())
        {
            case JsonValueKind.True:
            case JsonValueKind.String when accepted.GetValue<string>() == entry.Digest:
                return context.Principal.Actor;
            case JsonValueKind.String:
                return Refusal.Conflict(
                    $"You accepted the manifest {accepted.GetValue<string>()}, but \"{entry.Manifest.Id}\" is now {entry.Digest}.",
                    "Look at what it asks for now, and accept that.");
            default:
                return new Refusal("not_accepted", $"\"{entry.Manifest.Name}\" asks for permissions that nobody has accepted.",
                    "Look at its plan and send \"accepted\" with the manifest's digest.", 403, entry.Manifest.Permissions);
        }
    }
}

/// <summary>What an episode's first event says about the recipe that it runs.</summary>
public static class RecipeEpisode
{
    /// <summary>Title, recipe, tools and model of a recipe's episode.</summary>
    /// <param name="entry">The recipe.</param>
    /// <param name="demo">True for the demo's run; false by default.</param>
    public static EpisodeStarted Started(RecipeEntry entry, bool demo = false) => Add(new EpisodeStarted(entry.Manifest.Name) { Demo = demo }, entry);

    // Whoever submits recipe.run, the pipeline asks here: an episode says what it runs even when its launcher did not.
    internal static EpisodeStarted Describe(EpisodeStarted started, ActionKind kind, JsonElement input, RecipeBook book)
    {
        if (kind is not RecipeRun || !book.Find(kind.RecipeOf(input) ?? "").TryGet(out var entry, out _))
        {
            return started;
        }

        var demo = input.TryGetProperty("demo", out var marked) && marked.ValueKind == JsonValueKind.True;
        return Add(started with { Title = entry.Manifest.Name, Demo = started.Demo || demo }, entry);
    }

    private static EpisodeStarted Add(EpisodeStarted started, RecipeEntry entry) => started with
    {
        Recipe = new EpisodeRecipe(entry.Manifest.Id, entry.Manifest.Version, entry.Digest),
        Tools = [.. entry.Manifest.Tools.Select(t => t.Id)],
        Model = entry.Manifest.Model?.Preferred ?? started.Model,
    };
}
