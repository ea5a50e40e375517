using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;

namespace Arw.Web.Spec;

/// <summary>Every kind of action as a tool of the model context protocol.</summary>
/// <param name="kinds">All kinds of action.</param>
internal sealed class ToolList(IEnumerable<ActionKind> kinds)
{
    private readonly ActionKind[] _kinds = [.. kinds.OrderBy(k => k.Id, StringComparer.Ordinal)];

    /// <summary>The kinds that somebody may use: control actions are for people.</summary>
    public IEnumerable<ActionKind> For(Principal principal) => _kinds.Where(k => principal.MayControl || !k.Control);

    public JsonObject Document() => new()
    {
        ["tools"] = new JsonArray([.. _kinds.Select(k => new JsonObject
        {
            ["name"] = k.Id,
            ["title"] = k.Title,
            ["description"] = k.Summary,
            ["inputSchema"] = k.InputSchema.DeepClone(),
            ["annotations"] = new JsonObject
            {
                ["readOnlyHint"] = k.Effects == Effects.None,
                ["openWorldHint"] = k.Effects == Effects.External,
            },
            ["_meta"] = new JsonObject { ["version"] = k.Version, ["people_only"] = k.Control },
        })]),
    };
}
