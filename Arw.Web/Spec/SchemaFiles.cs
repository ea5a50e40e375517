using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Web.Hosting;

namespace Arw.Web.Spec;

/// <summary>Schemas by kind: of events' payloads and of actions' inputs.</summary>
internal static class SchemaFiles
{
    private const string Extension = ".json";

    public static IResult List(KindCatalogue kinds, IEnumerable<ActionKind> actions) => Results.Json(
        new { events = kinds.All.Select(k => k.Name), actions = actions.Select(a => a.Id).Order(StringComparer.Ordinal) }, ArwJson.Options);

    public static IResult Get(string name, KindCatalogue kinds, IEnumerable<ActionKind> actions)
    {
        var id = name.EndsWith(Extension, StringComparison.Ordinal) ? name[..^Extension.Length] : name;
        var schema = kinds.Find(id)?.Schema() ?? actions.FirstOrDefault(a => a.Id == id)?.InputSchema.DeepClone();
        if (schema is null)
        {
            return Refusal.NotFound("schema", name).ToProblem();
        }

        if (schema is JsonObject members)
        {
            members["$id"] = $"/spec/schemas/{id}";
        }

        return Results.Json(schema, ArwJson.Options, "application/schema+json");
    }
}
