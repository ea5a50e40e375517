using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Arw.Core.Recipes;

/// <summary>Reads the steps of a workflow: their names, tools, reserved keys and templates.</summary>
internal sealed partial class StepReader(ProblemList problems, TemplateRules templates, IReadOnlyList<RecipeTool> tools)
{
    public const string ForEach = "for_each";
    public const string OnError = "on_error";
    public const string When = "when";

    public List<RecipeStep> Read(ManifestNode? workflow, int most)
    {
        var steps = new List<RecipeStep>();
        if (workflow is { Items.Count: var count } && count > most)
        {
            problems.Add(workflow, $"There are {count} steps.", $"at most {most}");
        }

        foreach (var item in workflow?.Items ?? [])
        {
            if (Step(item, steps) is { } step)
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    private RecipeStep? Step(ManifestNode item, List<RecipeStep> before)
    {
        var fields = new ManifestFields(item, problems, "step", "tool", "params");
        var name = fields.Text("step", "a name such as read_feeds", 64, required: true);
        var tool = fields.Text("tool", "the id of a declared tool", 64, required: true);
        var parameters = fields.Node("params", NodeKind.Map, "a map");
        if (name is null)
        {
            return null;
        }

        if (!NamePattern().IsMatch(name))
        {
            problems.Add(item.Find("step")!, $"The step name {ManifestNode.Quote(name)} is malformed.", "lower-case letters, digits and underscores, beginning with a letter");
        }

        if (before.Any(s => s.Step == name))
        {
            problems.Add(item.Find("step")!, $"The step \"{name}\" appears twice.", "a name of its own");
        }

        if (tool is not null && tools.All(t => t.Id != tool))
        {
            problems.Add(item.Find("tool")!, $"The tool {ManifestNode.Quote(tool)} of step \"{name}\" is not declared.", $"one of the tools above: {string.Join(", ", tools.Select(t => t.Id))}");
        }

        var reserved = new ManifestFields(Reserved(parameters, item), problems, ForEach, OnError, When);
        var forEach = reserved.Text(ForEach, "a Liquid expression such as inputs.feeds", 2_000);
        var when = reserved.Text(When, "a Liquid condition such as inputs.model != blank", 2_000);
        var onError = reserved.Text(OnError, "continue or stop", 20);
        if (onError is not null and not "continue" and not "stop")
        {
            problems.Add(parameters!.Find(OnError)!, $"\"on_error\" is {ManifestNode.Quote(onError)}.", "continue or stop");
        }

        var earlier = before.Select(s => s.Step).ToHashSet(StringComparer.Ordinal);
        templates.CheckStep(name, parameters, earlier, forEach is not null);
        return new RecipeStep(name, tool ?? "")
        {
            Params = new JsonObject((parameters?.Entries ?? []).Where(e => !IsReserved(e.Key)).Select(e => KeyValuePair.Create(e.Key, e.Value.ToJson()))),
            ForEach = forEach,
            When = when,
            ContinueOnError = onError == "continue",
        };
    }

    public static bool IsReserved(string key) => key is ForEach or OnError or When;

    private static ManifestNode Reserved(ManifestNode? parameters, ManifestNode item)
    {
        var map = new ManifestNode(NodeKind.Map, item.Line, item.Column, parameters?.Path ?? item.Path);
        map.Entries.AddRange((parameters?.Entries ?? []).Where(e => IsReserved(e.Key)));
        return map;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
