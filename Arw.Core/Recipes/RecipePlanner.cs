using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Policy;

namespace Arw.Core.Recipes;

/// <summary>Works out what a launch will do by asking each tool what it needs for the inputs given. Pure: nothing is read or run.</summary>
public sealed class RecipePlanner
{
    private readonly RecipeTools _tools;
    private readonly TimeProvider _time;
    private readonly PlanCost _cost;

    internal RecipePlanner(RecipeTools tools, TimeProvider time, EgressPrices? prices = null) => (_tools, _time, _cost) = (tools, time, new PlanCost(prices));

    /// <summary>The plan of a launch.</summary>
    /// <param name="manifest">The recipe.</param>
    /// <param name="inputs">What the form holds; defaults are filled in. Faults are reported in the plan.</param>
    /// <param name="project">The project it will run in; null = none.</param>
    public RecipePlan Plan(RecipeManifest manifest, JsonObject inputs, string? project)
    {
        var now = _time.GetUtcNow();
        var faults = new List<InputFault>();
        var obstacles = manifest.Tools.Select(t => _tools.Find(t.Id).Refusal?.Message).OfType<string>().ToList();
        if (manifest.Workflows.Count == 0)
        {
            obstacles.Add(RecipeLaunch.NoWorkflow(manifest).Message);
        }

        var completed = InputSchema.WithDefaults(manifest.Inputs, inputs, RunData.Base(manifest, project, now));
        var complete = completed.Ok ? completed.Value : inputs;
        if (!completed.Ok)
        {
            faults.Add(new InputFault("", completed.Refusal.Message));
        }

        faults.AddRange(InputSchema.Validate(manifest.Inputs, complete));
        var steps = new List<PlannedStep>();
        if (RunData.Start(manifest, complete, project, now).TryGet(out var data, out var refusal))
        {
            steps.AddRange(manifest.Workflows.Select(s => Step(manifest, s, data, project)));
        }
        else
        {
            faults.Add(new InputFault("", refusal.Message));
        }

        var needs = steps.Where(s => !s.Skipped).SelectMany(s => s.Needs ?? []).Distinct().Select(CapabilityText.Of).ToArray();
        return new RecipePlan
        {
            Recipe = manifest.Id,
            Name = manifest.Name,
            Version = manifest.Version,
            Summary = PlanWords.Sentence(steps.Where(s => !s.Skipped)),
            Steps = steps,
            Permissions = [.. manifest.Permissions.Select(PlanWords.Permission)],
            Hosts = [.. needs.Select(n => n.Host).OfType<string>().Distinct()],
            Reads = [.. needs.Where(n => n.Name == "file.read").Select(n => n.Scope).OfType<string>()],
            Writes = [.. needs.Where(n => n.Name == "file.write").Select(n => n.Scope).OfType<string>()],
            Undeclared = [.. needs.Where(n => !Declared(manifest, n)).Select(n => n.Text)],
            InputFaults = faults,
            Obstacles = obstacles,
            Reviewed = Reviewed(manifest),
            Model = manifest.Model,
            Cost = steps.Aggregate(CostEstimate.Free, (sum, step) => sum.Plus(step.Cost)),
        };
    }

    /// <summary>The last step that changes something: the one that a review is about. Null when the recipe asks for none.</summary>
    internal string? Reviewed(RecipeManifest manifest) => manifest.Ui.ReviewRequired
        ? manifest.Workflows.LastOrDefault(s => _tools.Find(s.Tool) is { Ok: true, Value.Effects: not Effects.None })?.Step
        : null;

    private static bool Declared(RecipeManifest manifest, CapabilityText need) =>
        Capability.Parse(need.Text).TryGet(out var needed, out _)
        && manifest.Permissions.Any(p => p.Mode != PermissionMode.Never && Capability.Parse(p.Capability) is { Ok: true } held && held.Value.Covers(needed));

    private PlannedStep Step(RecipeManifest manifest, RecipeStep step, TemplateData data, string? project)
    {
        var read = StepInput.References(manifest, step);
        var dependsOn = read.Where(r => r.Root == "steps").Select(r => r.Member).OfType<string>().Distinct().ToArray();
        var late = step.When is null || LiquidTemplate.ParseCondition(step.When) is { Ok: true } condition && condition.Value.References.All.Any(r => r.Root is "steps" or "errors");
        var skipped = !late && StepInput.Holds(step, data, CancellationToken.None) is { Ok: true, Value: false };
        var planned = new PlannedStep(step.Step, step.Tool, step.Tool)
        {
            DependsOn = dependsOn,
            Condition = step.When,
            Skipped = skipped,
            ContinueOnError = step.ContinueOnError,
        };
        if (!_tools.Find(step.Tool).TryGet(out var kind, out _))
        {
            return planned;
        }

        var items = Items(step, data);
        var calls = items is null || skipped ? null : Needs(manifest, step, kind, data, items, project);
        planned = planned with { Calls = items?.Count, Needs = calls is null ? null : [.. calls.SelectMany(c => c)] };
        return planned with { Words = PlanWords.Of(kind, planned), Note = PlanWords.Note(planned), Cost = _cost.Of(kind, planned, calls) };
    }

    // The elements that a step runs over; one null for a step without for_each; null when an earlier step decides.
    private static List<JsonNode?>? Items(RecipeStep step, TemplateData data)
    {
        if (step.ForEach is null)
        {
            return [null];
        }

        return LiquidTemplate.ParseExpression(step.ForEach) is { Ok: true } template && template.Value.References.All.All(r => r.Root is not ("steps" or "errors"))
            && StepInput.Items(step, data, CancellationToken.None) is { Ok: true } items
            ? [.. items.Value]
            : null;
    }

    private static List<string[]>? Needs(RecipeManifest manifest, RecipeStep step, ActionKind kind, TemplateData data, List<JsonNode?> items, string? project)
    {
        var needs = new List<string[]>();
        foreach (var (i, item) in items.Index())
        {
            var scope = step.ForEach is null ? data : data.With("item", item).With("index", i);

            // Params that an earlier step decides get a stand-in. When two different stand-ins make no difference, the needs are known all the same.
            if (Needs(manifest, step, kind, scope, project, 0) is not { } one || Needs(manifest, step, kind, scope, project, 1) is not { } other || !one.SequenceEqual(other))
            {
                return null;
            }

            needs.Add(one);
        }

        return needs;
    }

    private static string[]? Needs(RecipeManifest manifest, RecipeStep step, ActionKind kind, TemplateData data, string? project, int variant)
    {
        var input = new JsonObject();
        var parameters = manifest.Tools.FirstOrDefault(t => t.Id == step.Tool)?.Params?.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal) ?? [];
        foreach (var (key, value) in step.Params)
        {
            parameters[key] = value;
        }

        foreach (var (key, value) in parameters)
        {
            var known = StepInput.References(manifest, new RecipeStep(step.Step, "") { Params = new JsonObject { [key] = value?.DeepClone() } })
                .All(r => r.Root is not ("steps" or "errors"));
            var rendered = known ? StepInput.Render(value, data, CancellationToken.None) : StandIn(kind.InputSchema["properties"]?[key], variant);
            if (!rendered.TryGet(out var made, out _))
            {
                return null;
            }

            if (made is not null)
            {
                input[key] = made;
            }
        }

        var context = new ActionContext { ActionId = "plan", Principal = Principal.Owner, Project = project, CorrId = "plan", Recipe = manifest.Id };
        return kind.Needs(RunData.Element(input), context) is { Ok: true } needs ? [.. needs.Value.Select(c => c.ToString())] : null;
    }

    private static JsonNode? StandIn(JsonNode? schema, int variant)
    {
        var type = schema?["type"] is JsonArray types ? types.Select(t => t?.ToString()).FirstOrDefault(t => t != "null") : schema?["type"]?.ToString();
        return type switch
        {
            "array" => new JsonArray(),
            "object" => new JsonObject(),
            "integer" or "number" => JsonValue.Create(1 + variant),
            "boolean" => JsonValue.Create(variant == 1),
            _ => JsonValue.Create($"stand-in-{variant}"),
        };
    }
}
