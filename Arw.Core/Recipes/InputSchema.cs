using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Json.Schema;

namespace Arw.Core.Recipes;

/// <summary>One fault of a launch's inputs.</summary>
/// <param name="Pointer">JSON pointer of the input, <c>/feeds/0</c>; empty for the whole.</param>
/// <param name="Message">What is wrong.</param>
public sealed record InputFault(string Pointer, string Message);

/// <summary>The inputs schema of a recipe: JSON Schema draft 2020-12 for one flat form, without references, so that no schema can reach outside or run in circles.</summary>
internal static class InputSchema
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";
    private static readonly HashSet<string> Refused = ["$ref", "$dynamicRef", "$recursiveRef", "$id", "$anchor", "$dynamicAnchor", "$vocabulary", "patternProperties"];

    static InputSchema() => SchemaWords.Use();

    public static void Check(ManifestNode node, ProblemList problems)
    {
        Walk(node, problems, isSchema: true);
        if (node.Find("$schema") is { } dialect && dialect.Text.TrimEnd('#') != Draft)
        {
            problems.Add(dialect, $"The schema dialect is {dialect.Shown}.", Draft);
        }

        if (node.Find("type")?.Text != "object")
        {
            problems.Add(node.Find("type") ?? node, "The inputs schema does not describe an object.", "type: object");
        }

        using var document = JsonDocument.Parse(node.ToJson()!.ToJsonString());
        foreach (var (pointer, message) in Errors(MetaSchemas.Draft202012.Evaluate(document.RootElement, Listing)))
        {
            problems.Add(node.Locate(pointer), $"The inputs schema is invalid: {message}", "JSON Schema draft 2020-12");
        }
    }

    /// <summary>All faults of the inputs; empty when they fit.</summary>
    public static IReadOnlyList<InputFault> Validate(JsonObject? schema, JsonObject inputs)
    {
        if (schema is null)
        {
            return [.. inputs.Select(i => new InputFault($"/{i.Key}", "This recipe takes no inputs."))];
        }

        var faults = new List<InputFault>();
        var bare = (JsonObject)schema.DeepClone();
        bare.TryAdd("additionalProperties", false);
        Patterns(bare, inputs, faults);
        using var document = JsonDocument.Parse(bare.ToJsonString());
        using var instance = JsonDocument.Parse(inputs.ToJsonString());
        var built = JsonSchema.Build(document.RootElement, new BuildOptions { SchemaRegistry = new SchemaRegistry() });
        faults.AddRange(Errors(built.Evaluate(instance.RootElement, Listing)).Select(e => new InputFault(e.Pointer, e.Message)));
        return faults;
    }

    /// <summary>The inputs with the schema's defaults filled in; declared ones that stay unset are null. Text defaults are templates of the manifest's author; what a person or agent sent is never a template.</summary>
    public static Result<JsonObject> WithDefaults(JsonObject? schema, JsonObject inputs, TemplateData data)
    {
        var complete = (JsonObject)inputs.DeepClone();
        foreach (var (name, property) in schema?["properties"] as JsonObject ?? [])
        {
            if (complete.ContainsKey(name) || property is not JsonObject described || described["default"] is not { } standard)
            {
                continue;
            }

            if (!StepInput.Render(standard, data, CancellationToken.None).TryGet(out var value, out var refusal))
            {
                return refusal;
            }

            complete[name] = value;
        }

        return complete;
    }

    /// <summary>Every declared input by name, unset ones as null: what templates read.</summary>
    public static JsonObject ForTemplates(JsonObject? schema, JsonObject inputs)
    {
        var all = (JsonObject)inputs.DeepClone();
        foreach (var (name, _) in schema?["properties"] as JsonObject ?? [])
        {
            all.TryAdd(name, null);
        }

        return all;
    }

    private static EvaluationOptions Listing => new() { OutputFormat = OutputFormat.List };

    // Faults of alternatives that did not apply are left out: those below a part of the schema that accepts the same value.
    private static IEnumerable<(string Pointer, string Message)> Errors(EvaluationResults results)
    {
        if (results.IsValid)
        {
            return [];
        }

        var all = (results.Details ?? []).Prepend(results).ToArray();
        var accepted = all.Where(d => d.IsValid).Select(d => (d.InstanceLocation.ToString(), d.EvaluationPath.ToString())).ToHashSet();
        return all.Where(d => d.Errors is { Count: > 0 } && !Above(d.EvaluationPath.ToString()).Any(p => accepted.Contains((d.InstanceLocation.ToString(), p))))
            .SelectMany(d => d.Errors!.Select(e => (d.InstanceLocation.ToString(), e.Value)))
            .Distinct();
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash >= 0; slash = slash == 0 ? -1 : path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    private static void Walk(ManifestNode node, ProblemList problems, bool isSchema)
    {
        foreach (var (key, line, column, value) in node.Entries)
        {
            if (isSchema && Refused.Contains(key))
            {
                problems.Add(line, column, value.Path, $"\"{key}\" is not supported in an inputs schema.", "the schema itself, spelled out");
            }

            if (isSchema && key == "pattern")
            {
                Pattern(value, problems);
            }

            if (key is not "default" and not "const" and not "enum" and not "examples")
            {
                // Under "properties" keys are the author's own names, one level down they are keywords again.
                Walk(value, problems, !(isSchema && key is "properties" or "$defs"));
            }
        }

        foreach (var item in node.Items)
        {
            Walk(item, problems, isSchema);
        }
    }

    private static void Pattern(ManifestNode node, ProblemList problems)
    {
        // The evaluator's own matching could be made to run for ever: patterns are matched here, in linear time, and only where a form has them.
        var parts = node.Path.Split('/');
        if (parts.Length != 5 && !(parts.Length == 6 && parts[4] == "items"))
        {
            problems.Add(node, "A pattern can stand only on an input or on the items of one.", "properties/NAME/pattern or properties/NAME/items/pattern");
        }
        else if (Linear(node.Text) is null)
        {
            problems.Add(node, $"The pattern {node.Shown} cannot be matched in linear time.", "a regular expression without look-around and back-references");
        }
    }

    private static void Patterns(JsonObject schema, JsonObject inputs, List<InputFault> faults)
    {
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (property is not JsonObject described)
            {
                continue;
            }

            Match(described, inputs[name], $"/{name}", faults);
            if (described["items"] is JsonObject items)
            {
                foreach (var (i, element) in (inputs[name] as JsonArray ?? []).Index())
                {
                    Match(items, element, $"/{name}/{i}", faults, keep: true);
                }

                items.Remove("pattern");
            }
        }
    }

    private static void Match(JsonObject described, JsonNode? value, string pointer, List<InputFault> faults, bool keep = false)
    {
        if (described["pattern"]?.GetValue<string>() is not { } pattern)
        {
            return;
        }

        if (value?.GetValueKind() == JsonValueKind.String && Linear(pattern) is { } regex && !regex.IsMatch(value.GetValue<string>()))
        {
            faults.Add(new InputFault(pointer, $"\"{value.GetValue<string>()}\" does not match the pattern {pattern}."));
        }

        if (!keep)
        {
            described.Remove("pattern");
        }
    }

    private static Regex? Linear(string pattern)
    {
        try
        {
            return pattern.Length > 500 ? null : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
