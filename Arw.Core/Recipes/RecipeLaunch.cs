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
internal static class RecipeEpisode
{
    public static EpisodeStarted Describe(EpisodeStarted started, ActionKind kind, JsonElement input, RecipeBook book)
    {
        if (kind is not RecipeRun || !book.Find(kind.RecipeOf(input) ?? "").TryGet(out var entry, out _))
        {
            return started;
        }

        var manifest = entry.Manifest;
        return started with
        {
            Title = manifest.Name,
            Recipe = new EpisodeRecipe(manifest.Id, manifest.Version, entry.Digest),
            Tools = [.. manifest.Tools.Select(t => t.Id)],
            Model = manifest.Model?.Preferred ?? started.Model,
            Demo = started.Demo || (input.TryGetProperty("demo", out var demo) && demo.ValueKind == JsonValueKind.True),
        };
    }
}
