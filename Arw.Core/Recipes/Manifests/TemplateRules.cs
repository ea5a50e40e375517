using System.Text.Json.Nodes;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>Checks the Liquid of a manifest before anything runs: syntax, and that every variable will exist where it is used.</summary>
internal sealed class TemplateRules(ProblemList problems, JsonObject? inputs, bool hasUserPrompt)
{
    private static readonly string[] Everywhere = ["inputs", "project", "date", "now", "model", "recipe"];
    private readonly HashSet<string> _inputs = [.. (inputs?["properties"] as JsonObject ?? []).Select(p => p.Key)];

    public void CheckPrompt(ManifestNode text) => Check(text, LiquidTemplate.Parse(text.Text), "the prompt", Everywhere, null);

    public void CheckStep(string step, ManifestNode? parameters, IReadOnlySet<string> earlier, bool perItem)
    {
        foreach (var (key, _, _, value) in parameters?.Entries ?? [])
        {
            string[] roots = [.. Everywhere, "prompts", "steps", "errors", .. perItem && key is not StepReader.ForEach and not StepReader.When ? ["item", "index"] : Array.Empty<string>()];
            switch (key)
            {
                case StepReader.ForEach when value.Kind == NodeKind.Text:
                    Check(value, LiquidTemplate.ParseExpression(value.Text), $"step \"{step}\"", roots, earlier);
                    break;
                case StepReader.When when value.Kind == NodeKind.Text:
                    Check(value, LiquidTemplate.ParseCondition(value.Text), $"step \"{step}\"", roots, earlier);
                    break;
                case not StepReader.OnError:
                    Walk(value, step, roots, earlier);
                    break;
            }
        }
    }

    private void Walk(ManifestNode node, string step, string[] roots, IReadOnlySet<string> earlier)
    {
        if (node.Kind == NodeKind.Text)
        {
            Check(node, LiquidTemplate.Parse(node.Text), $"step \"{step}\"", roots, earlier);
        }

        foreach (var child in node.Items.Concat(node.Entries.Select(e => e.Value)))
        {
            Walk(child, step, roots, earlier);
        }
    }

    private void Check(ManifestNode node, Result<LiquidTemplate> parsed, string where, string[] roots, IReadOnlySet<string>? earlier)
    {
        if (!parsed.TryGet(out var template, out var refusal))
        {
            problems.Add(node, $"In {where}: {refusal.Message}", "a Liquid template");
            return;
        }

        foreach (var (root, member) in template.References.All)
        {
            if (!roots.Contains(root))
            {
                problems.Add(node, $"In {where}: there is no variable \"{root}\".", $"one of {string.Join(", ", roots)}");
            }
            else if (root == "inputs" && member is not null && !_inputs.Contains(member))
            {
                problems.Add(node, $"In {where}: there is no input \"{member}\".", _inputs.Count == 0 ? "inputs declared under \"inputs\"" : $"one of {string.Join(", ", _inputs)}");
            }
            else if (root == "steps" && member is not null && earlier?.Contains(member) != true)
            {
                problems.Add(node, $"In {where}: there is no earlier step \"{member}\".", "the name of a step above this one");
            }
            else if (root == "prompts" && member == "user" && !hasUserPrompt)
            {
                problems.Add(node, $"In {where}: there is no prompt \"user\".", "a user_template under \"prompts\"");
            }
        }
    }
}
