using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>Makes the input of a call from a step's params.</summary>
internal static class StepInput
{
    /// <summary>The tool's own params and the step's over them, with every text rendered. Members that come out as nothing are left out, so that optional inputs can be passed on.</summary>
    public static Result<JsonObject> Make(RecipeManifest manifest, RecipeStep step, TemplateData data, CancellationToken cancel)
    {
        var merged = (JsonObject?)manifest.Tools.FirstOrDefault(t => t.Id == step.Tool)?.Params?.DeepClone() ?? [];
        foreach (var (key, value) in step.Params)
        {
            merged[key] = value?.DeepClone();
        }

        return Render(merged, data, cancel).TryGet(out var rendered, out var refusal)
            ? (JsonObject)rendered!
            : refusal with { Message = $"Step \"{step.Step}\": {refusal.Message}" };
    }

    /// <summary>The elements that a step runs over.</summary>
    public static Result<JsonArray> Items(RecipeStep step, TemplateData data, CancellationToken cancel)
    {
        if (!LiquidTemplate.ParseExpression(step.ForEach!).TryGet(out var template, out var refusal)
            || !template.Evaluate(data, cancel).TryGet(out var value, out refusal))
        {
            return refusal with { Message = $"Step \"{step.Step}\", for_each: {refusal.Message}" };
        }

        return value switch
        {
            JsonArray list => list,
            null => new JsonArray(),
            _ => Refusal.Invalid($"Step \"{step.Step}\": \"for_each: {step.ForEach}\" is {Shown(value)}, not a list.", "Name a list."),
        };
    }

    /// <summary>Whether a step's condition holds.</summary>
    public static Result<bool> Holds(RecipeStep step, TemplateData data, CancellationToken cancel)
    {
        if (step.When is null)
        {
            return true;
        }

        return LiquidTemplate.ParseCondition(step.When).TryGet(out var template, out var refusal)
            && template.Render(data, cancel).TryGet(out var text, out refusal)
            ? text.Length > 0
            : refusal with { Message = $"Step \"{step.Step}\", when: {refusal.Message}" };
    }

    /// <summary>Every variable that a step's templates read.</summary>
    public static IReadOnlyList<(string Root, string? Member)> References(RecipeManifest manifest, RecipeStep step)
    {
        var read = new List<(string Root, string? Member)>();
        void Collect(Result<LiquidTemplate> template) => read.AddRange(template.Ok ? template.Value.References.All : []);
        void Walk(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject map:
                    foreach (var (_, value) in map)
                    {
                        Walk(value);
                    }

                    break;
                case JsonArray list:
                    foreach (var value in list)
                    {
                        Walk(value);
                    }

                    break;
                case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                    Collect(LiquidTemplate.Parse(text.GetValue<string>()));
                    break;
            }
        }

        Walk(step.Params);
        Walk(manifest.Tools.FirstOrDefault(t => t.Id == step.Tool)?.Params);
        if (step.ForEach is not null)
        {
            Collect(LiquidTemplate.ParseExpression(step.ForEach));
        }

        if (step.When is not null)
        {
            Collect(LiquidTemplate.ParseCondition(step.When));
        }

        return [.. read.Distinct()];
    }

    /// <summary>A value with every text in it rendered.</summary>
    public static Result<JsonNode?> Render(JsonNode? node, TemplateData data, CancellationToken cancel)
    {
        switch (node)
        {
            case JsonObject map:
                var rendered = new JsonObject();
                foreach (var (key, value) in map)
                {
                    if (!Render(value, data, cancel).TryGet(out var member, out var refusal))
                    {
                        return refusal;
                    }

                    if (member is not null)
                    {
                        rendered[key] = member;
                    }
                }

                return rendered;
            case JsonArray list:
                var items = new JsonArray();
                foreach (var value in list)
                {
                    if (!Render(value, data, cancel).TryGet(out var item, out var refusal))
                    {
                        return refusal;
                    }

                    items.Add(item);
                }

                return items;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is var liquid && liquid.Contains('{', StringComparison.Ordinal):
                return LiquidTemplate.Parse(liquid).TryGet(out var template, out var bad) ? template.Evaluate(data, cancel) : bad;
            default:
                return node?.DeepClone();
        }
    }

    private static string Shown(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.String => ManifestNode.Quote(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };
}
