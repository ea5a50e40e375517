using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Policy;

namespace Arw.Core.Recipes;

/// <summary>Turns positioned nodes into a manifest and checks every rule that needs no other part of the home.</summary>
internal sealed partial class ManifestReader(ProblemList problems)
{
    private const int MostSteps = 64;
    private const int MostPrompt = 32 * 1024;

    public RecipeManifest? Read(ManifestNode root)
    {
        var fields = new ManifestFields(root, problems, "id", "name", "version", "model", "permissions", "ui", "prompts", "tools", "workflows", "inputs", "tags", "notes");
        var id = fields.Text("id", "an id such as research-digest", 64, required: true);
        if (id is not null && !IdPattern().IsMatch(id))
        {
            problems.Add(root.Find("id")!, $"The id {ManifestNode.Quote(id)} is malformed.", "1 to 64 of a-z, 0-9, dash, underscore and dot, beginning with a letter or digit");
        }

        var version = fields.Text("version", "a version in quotes such as \"1.0.0\"", 64, required: true);
        if (version is not null && !SemVer().IsMatch(version))
        {
            problems.Add(root.Find("version")!, $"The version {ManifestNode.Quote(version)} is no semantic version.", "MAJOR.MINOR.PATCH, for example 1.0.0");
        }

        var name = fields.Text("name", "a name for people", 120, required: true);
        var inputs = Inputs(fields.Node("inputs", NodeKind.Map, "a JSON Schema of type object"));
        var permissions = Permissions(fields.Required("permissions", NodeKind.Map, "at least one capability with ask, allow or never"));
        var prompts = fields.Required("prompts", NodeKind.Map, "a map with system and user_template");
        var tools = Tools(fields.Required("tools", NodeKind.List, "a list of tools, each with an id"));
        var workflow = fields.Node("workflows", NodeKind.List, "a list of steps");
        var templates = new TemplateRules(problems, inputs, prompts?.Find("user_template") is not null);
        var manifest = new RecipeManifest
        {
            Id = id ?? "",
            Name = name ?? "",
            Version = version ?? "",
            Model = Model(fields.Node("model", NodeKind.Map, "a map with preferred and fallback")),
            Permissions = permissions,
            Ui = Ui(fields.Node("ui", NodeKind.Map, "a map with form_from_schema and review_required")),
            Prompts = Prompts(prompts, templates),
            Tools = tools,
            Workflows = new StepReader(problems, templates, tools).Read(workflow, MostSteps),
            Inputs = inputs,
            Tags = Tags(fields.Node("tags", NodeKind.List, "a list of words")),
            Notes = fields.Text("notes", "a text", 8_000),
        };
        return problems.Any ? null : manifest;
    }

    private RecipeModel? Model(ManifestNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var fields = new ManifestFields(node, problems, "preferred", "fallback");
        return new RecipeModel(fields.Text("preferred", "a model id", 200, required: true) ?? "", fields.Text("fallback", "a model id", 200));
    }

    private RecipeUi Ui(ManifestNode? node)
    {
        if (node is null)
        {
            return new RecipeUi();
        }

        var fields = new ManifestFields(node, problems, "form_from_schema", "review_required");
        return new RecipeUi(fields.Flag("form_from_schema", true), fields.Flag("review_required", true));
    }

    private RecipePrompts Prompts(ManifestNode? node, TemplateRules templates)
    {
        if (node is null)
        {
            return new RecipePrompts("");
        }

        var fields = new ManifestFields(node, problems, "system", "user_template");
        var prompts = new RecipePrompts(
            fields.Text("system", "the system prompt", MostPrompt, required: true) ?? "",
            fields.Text("user_template", "a Liquid template", MostPrompt));
        foreach (var text in node.Entries.Where(e => e.Value.Kind == NodeKind.Text))
        {
            templates.CheckPrompt(text.Value);
        }

        return prompts;
    }

    private List<RecipePermission> Permissions(ManifestNode? node)
    {
        var permissions = new List<RecipePermission>();
        if (node is { Entries.Count: 0 })
        {
            problems.Add(node, "There are no permissions.", "at least one capability with ask, allow or never");
        }

        foreach (var (key, line, column, value) in node?.Entries ?? [])
        {
            if (!Capability.Parse(key).TryGet(out _, out var refusal))
            {
                problems.Add(line, column, value.Path, $"{ManifestNode.Quote(key)} is no capability: {refusal.Message}", "for example file.write project://notes/**");
            }

            permissions.Add(Permission(key, value));
        }

        return permissions;
    }

    private RecipePermission Permission(string capability, ManifestNode value)
    {
        const string Modes = "ask, allow or never";
        if (value.Kind != NodeKind.Map)
        {
            if (Mode(value) is not { } plain)
            {
                problems.Add(value, $"The permission is {value.Shown}.", Modes);
                return new RecipePermission(capability, PermissionMode.Never);
            }

            return new RecipePermission(capability, plain);
        }

        var fields = new ManifestFields(value, problems, "mode", "ttl_secs");
        var node = fields.Required("mode", NodeKind.Text, Modes);
        var mode = node is null ? null : Mode(node);
        if (node is not null && mode is null)
        {
            problems.Add(node, $"The mode is {node.Shown}.", Modes);
        }

        int? seconds = null;
        if (fields.Node("ttl_secs", NodeKind.Number, "a whole number of seconds") is { } ttl)
        {
            seconds = int.TryParse(ttl.Text, System.Globalization.CultureInfo.InvariantCulture, out var parsed) && parsed is >= 1 and <= 86_400 ? parsed : null;
            if (seconds is null)
            {
                problems.Add(ttl, $"\"ttl_secs\" is {ttl.Text}.", "1 to 86400 seconds");
            }
        }

        return new RecipePermission(capability, mode ?? PermissionMode.Never, seconds);
    }

    private static PermissionMode? Mode(ManifestNode node) => (node.Kind, node.Text) switch
    {
        (NodeKind.Text, "ask") => PermissionMode.Ask,
        (NodeKind.Text, "allow") => PermissionMode.Allow,
        (NodeKind.Text, "never") => PermissionMode.Never,
        _ => null,
    };

    private List<RecipeTool> Tools(ManifestNode? node)
    {
        var tools = new List<RecipeTool>();
        foreach (var item in node?.Items ?? [])
        {
            var fields = new ManifestFields(item, problems, "id", "params");
            var id = fields.Text("id", "the id of an action kind such as feed.read", 64, required: true);
            if (id is null)
            {
                continue;
            }

            if (!ToolPattern().IsMatch(id))
            {
                problems.Add(item.Find("id")!, $"The tool id {ManifestNode.Quote(id)} is malformed.", "lower-case words joined by dots, for example feed.read");
            }

            if (tools.Any(t => t.Id == id))
            {
                problems.Add(item.Find("id")!, $"The tool \"{id}\" is declared twice.", "each tool once");
            }

            tools.Add(new RecipeTool(id, fields.Node("params", NodeKind.Map, "a map")?.ToJson() as JsonObject));
        }

        return tools;
    }

    private JsonObject? Inputs(ManifestNode? node)
    {
        if (node is null)
        {
            return null;
        }

        InputSchema.Check(node, problems);
        return (JsonObject)node.ToJson()!;
    }

    private List<string> Tags(ManifestNode? node)
    {
        var tags = new List<string>();
        foreach (var item in node?.Items ?? [])
        {
            if (item.Kind != NodeKind.Text || item.Text.Length is 0 or > 40)
            {
                problems.Add(item, $"The tag is {item.Shown}.", "a word of 1 to 40 characters");
            }
            else if (tags.Contains(item.Text))
            {
                problems.Add(item, $"The tag \"{item.Text}\" appears twice.", "each tag once");
            }
            else
            {
                tags.Add(item.Text);
            }
        }

        return tags;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_.-]{0,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ToolPattern();

    // The grammar of semver.org.
    [GeneratedRegex(@"\A(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SemVer();
}
