using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>Input of <c>text.render</c>.</summary>
public sealed record RenderInput(
    [property: Description("A Liquid template. Extra filters: flat, pick, by, position, md (text that means itself in Markdown), md_url, json.")] string Template,
    [property: Description("What it can read: each member is a variable.")] JsonObject? Data = null);

/// <summary><c>text.render</c>: a Liquid template and data to text. Pure and bounded.</summary>
internal sealed class RenderAction(TimeProvider time) : ActionKind<RenderInput>
{
    public override string Id => "text.render";

    public override string Title => "Render a template";

    public override string Summary => "Renders a Liquid template with data to text. Unknown variables are errors; files and network are out of its reach.";

    public override Effects Effects => Effects.None;

    protected override Result<IReadOnlyList<Capability>> Needs(RenderInput input, ActionContext context) =>
        LiquidTemplate.Parse(input.Template).TryGet(out _, out var refusal) ? new[] { Capability.Of("text.render") } : refusal;

    protected override async Task<Result<JsonNode?>> RunAsync(RenderInput input, ActionRun run, CancellationToken cancel)
    {
        if (!LiquidTemplate.Parse(input.Template).TryGet(out var template, out var refusal))
        {
            return refusal;
        }

        var data = new TemplateData(time.GetUtcNow()) { Values = (input.Data ?? []).ToDictionary(d => d.Key, d => d.Value, StringComparer.Ordinal) };
        var text = await Task.Run(() => template.Render(data, cancel), cancel);
        return text.Map(t => (JsonNode?)new JsonObject { ["text"] = t });
    }
}
