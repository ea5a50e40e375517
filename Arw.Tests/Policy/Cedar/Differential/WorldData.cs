using System.Text.Json;
using System.Text.Json.Nodes;

namespace Arw.Tests.Policy.Cedar.Differential;

/// <summary>Entities and requests for a world, in JSON, mostly as its schema wants them.</summary>
internal sealed class WorldData(World world, Draw draw)
{
    public static readonly string[] Ids = ["x", "y", "z z"];

    public string Entities()
    {
        var all = new JsonArray();
        foreach (var (type, id) in from e in world.Entities from id in Ids select (e, id))
        {
            if (draw.OneIn(4))
            {
                continue;
            }

            var entity = new JsonObject { ["uid"] = Uid(type.Name, id), ["attrs"] = Fields(type.Fields), ["parents"] = new JsonArray([.. Parents(type, id)]) };
            if (type.Tags is { } tags && draw.OneIn(2))
            {
                entity["tags"] = new JsonObject { ["t"] = Value(tags) };
            }

            all.Add(entity);
        }

        return all.ToJsonString();
    }

    /// <summary>The parts of a request as members of a JSON object.</summary>
    public string Request()
    {
        var action = draw.Any(world.Actions);
        var principal = draw.OneIn(20) ? draw.Any(World.Names) : draw.Any(action.Principals);
        var resource = draw.OneIn(20) ? draw.Any(World.Names) : draw.Any(action.Resources);
        return new JsonObject
        {
            ["principal"] = Uid(principal, draw.Any(Ids)),
            ["action"] = Uid("Action", action.Id),
            ["resource"] = Uid(resource, draw.Any(Ids)),
            ["context"] = Fields(action.Context.Fields),
        }.ToJsonString();
    }

    // Only to greater ids of the same type, so that nothing is above itself.
    private IEnumerable<JsonNode> Parents(WorldEntity type, string id) =>
        from parent in type.In
        from other in Ids
        where (parent != type.Name || string.CompareOrdinal(other, id) > 0) && draw.OneIn(3)
        select (JsonNode)Uid(parent, other);

    private JsonObject Fields(IReadOnlyList<WorldField> fields)
    {
        var made = new JsonObject();
        foreach (var field in fields)
        {
            if (draw.OneIn(300))
            {
                made[field.Name.Trim('"')] = Value(World.Type(draw));
            }
            else if (!field.Optional || draw.OneIn(2))
            {
                made[field.Name.Trim('"')] = Value(field.Type);
            }
        }

        return made;
    }

    private JsonNode Value(WorldType type) => type switch
    {
        WorldType.Entity e => new JsonObject { ["__entity"] = Uid(e.Name, draw.Any(Ids)) },
        WorldType.Set s => new JsonArray([.. Enumerable.Range(0, draw.Below(4)).Select(_ => Value(s.Item))]),
        WorldType.Record r => Fields(r.Fields),
        _ when type == WorldType.Bool => JsonValue.Create(draw.OneIn(2)),
        _ when type == WorldType.Long => JsonValue.Create(WorldText.Long(draw)),
        _ when type == WorldType.Text => JsonValue.Create(WorldText.Word(draw)),
        _ => new JsonObject { ["__extn"] = new JsonObject { ["fn"] = WorldText.Constructor(type), ["arg"] = WorldText.Argument(draw, type) } },
    };

    private static JsonObject Uid(string type, string id) => new() { ["type"] = type, ["id"] = id };

    /// <summary>A text as JSON.</summary>
    public static string Json(string text) => JsonSerializer.Serialize(text);
}
