using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>What the templates of a run can read: inputs, prompts, outputs of earlier steps, failures that were passed over.</summary>
internal static class RunData
{
    private static readonly HashSet<string> StrictRoots = ["inputs", "steps", "prompts", "model", "recipe"];

    /// <summary>Variables that exist before any input: those of defaults.</summary>
    public static TemplateData Base(RecipeManifest manifest, string? project, DateTimeOffset now) => new(now)
    {
        Strict = StrictRoots,
        Values = new Dictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["project"] = project,
            ["date"] = Rfc3339.Format(now)[..10],
            ["time"] = Rfc3339.Format(now)[11..19].Replace(":", "", StringComparison.Ordinal),
            ["now"] = Rfc3339.Format(now),
            ["model"] = new JsonObject { ["preferred"] = manifest.Model?.Preferred, ["fallback"] = manifest.Model?.Fallback },
            ["recipe"] = new JsonObject { ["id"] = manifest.Id, ["name"] = manifest.Name, ["version"] = manifest.Version },
        },
    };

    /// <summary>Variables of a run whose inputs are known.</summary>
    public static Result<TemplateData> Start(RecipeManifest manifest, JsonObject inputs, string? project, DateTimeOffset now)
    {
        var data = Base(manifest, project, now).With("inputs", InputSchema.ForTemplates(manifest.Inputs, inputs));
        var prompts = new JsonObject();
        foreach (var (name, text) in new[] { ("system", manifest.Prompts.System), ("user", manifest.Prompts.UserTemplate) })
        {
            if (text is null)
            {
                continue;
            }

            if (!LiquidTemplate.Parse(text).TryGet(out var template, out var refusal)
                || !template.Render(data, CancellationToken.None).TryGet(out var rendered, out refusal))
            {
                return refusal with { Message = $"Prompt \"{name}\": {refusal.Message}" };
            }

            prompts[name] = rendered;
        }

        return data.With("prompts", prompts).With("steps", new JsonObject()).With("errors", new JsonArray());
    }

    /// <summary>The data with one step's output more.</summary>
    public static TemplateData AfterStep(this TemplateData data, string step, JsonNode? output)
    {
        var steps = (JsonObject)data.Values["steps"]!.DeepClone();
        steps[step] = output?.DeepClone();
        return data.With("steps", steps);
    }

    /// <summary>A value as an element; it owns its memory.</summary>
    public static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node, ArwJson.Options);
}
