using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Arw.Core.Recipes;
using Arw.Web.Components.Formats;
using Arw.Web.Components.SchemaForm;

namespace Arw.Web.Features.Recipes;

/// <summary>The launch of a recipe: its form, and in plain words what it will do and what it asks for.</summary>
public sealed class RecipeLaunchView(RecipeBook book, RecipePlanner planner, LaunchDestinations? previews = null)
{
    /// <summary>The recipe; null when there is none of that id.</summary>
    public RecipeEntry? Entry { get; private set; }

    /// <summary>Why there is none; null when there is one.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>The form of its inputs.</summary>
    public SchemaFormModel Form { get; private set; } = new(null);

    /// <summary>The plan for what the form holds.</summary>
    public RecipePlan? Plan { get; private set; }

    /// <summary>The requests that the plan names, each previewed.</summary>
    public IReadOnlyList<LaunchDestination> Destinations { get; private set; } = [];

    /// <summary>What is classified in the inputs and will be redacted, in words; null for nothing.</summary>
    public string? Redacted { get; private set; }

    /// <summary>What the run would cost, in words.</summary>
    public string Cost => Plan is not { } plan ? ""
        : plan.Cost switch
        {
            { NotKnown.Count: 0, AtLeastMicroUsd: 0 } => plan.Hosts.Count == 0 ? "nothing: it sends nothing" : "nothing",
            { NotKnown.Count: 0, AtLeastMicroUsd: var cost } => $"at most about {Format.Money(cost)}",
            { AtLeastMicroUsd: 0, NotKnown: var open } => $"not known: {string.Join("; ", open)}",
            { AtLeastMicroUsd: var cost, NotKnown: var open } => $"about {Format.Money(cost)}, and what is not known: {string.Join("; ", open)}",
        };

    /// <summary>Opens a recipe.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="project">The project that it will run in.</param>
    public void Open(string id, string? project)
    {
        book.Find(id).TryGet(out var entry, out var refusal);
        (Entry, Refusal, Plan) = (entry, refusal, null);
        if (entry is not null)
        {
            Form = new SchemaFormModel(entry.Manifest.Inputs?.DeepClone());
            Show(planner.Plan(entry.Manifest, [], project), [], project);
        }
    }

    /// <summary>Works the plan out again for what was entered; keeps the last one while a field is wrong.</summary>
    public void Replan(string? project)
    {
        if (Entry is { } entry && Form.Build().TryGet(out var inputs, out _))
        {
            Show(planner.Plan(entry.Manifest, Changed(entry, inputs), project), inputs, project);
        }
    }

    /// <summary>The request that runs it: the person accepts exactly the manifest that was shown. A refusal when the inputs do not fit; the fields then say why.</summary>
    public Result<SubmitRequest> Launch(JsonObject inputs, string? project)
    {
        var entry = Entry ?? throw new InvalidOperationException("No recipe is open.");
        inputs = Changed(entry, inputs);
        Show(planner.Plan(entry.Manifest, inputs, project), inputs, project);
        if (!Plan!.Launchable)
        {
            var rest = Form.Mark(Plan.InputFaults.Select(f => (f.Pointer, f.Message)));
            return Refusal.Invalid(string.Join(" ", Plan.Obstacles.Concat(rest).DefaultIfEmpty("Some inputs do not fit.")), "Correct the marked fields.");
        }

        var input = new JsonObject { ["recipe"] = entry.Manifest.Id, ["version"] = entry.Manifest.Version, ["inputs"] = inputs, ["accepted"] = entry.Digest };
        return new SubmitRequest("recipe.run", input) { Project = project, OnNeedsLease = OnNeedsLease.Ask };
    }

    private void Show(RecipePlan plan, JsonObject inputs, string? project) =>
        (Plan, Destinations, Redacted) = (plan, previews?.Of(plan, project) ?? [], previews?.Redacted(inputs));

    // A default may be a template of the manifest's author (a date in a file name), while what a person sends never is: what was left as it stood is left to the recipe.
    private static JsonObject Changed(RecipeEntry entry, JsonObject inputs)
    {
        var properties = entry.Manifest.Inputs?["properties"];
        return new JsonObject(inputs
            .Where(i => !JsonNode.DeepEquals(i.Value, properties?[i.Key]?["default"]))
            .Select(i => KeyValuePair.Create(i.Key, i.Value?.DeepClone())));
    }
}
