using System.Text.Json.Nodes;

namespace Arw.Web.Spec;

/// <summary>Frames of the event stream that are not events of the journal.</summary>
internal static class StreamFrames
{
    public static IEnumerable<JsonObject> All()
    {
        yield return Frame(
            "service.connected",
            "The first frame. Its id is the seq that the stream begins after.",
            new JsonObject
            {
                ["kind"] = new JsonObject { ["const"] = "service.connected" },
                ["time"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
                ["payload"] = Members(new JsonObject
                {
                    ["request_id"] = Text(),
                    ["resume_from"] = Seq(),
                    ["replay"] = Members(new JsonObject
                    {
                        ["mode"] = new JsonObject { ["enum"] = new JsonArray("after", "recent", "live") },
                        ["count"] = new JsonObject { ["type"] = "integer" },
                    }),
                    ["prefixes"] = new JsonObject { ["type"] = new JsonArray("array", "null"), ["items"] = Text() },
                }),
            },
            "kind", "time", "payload");
        yield return Frame(
            "bus.gap",
            "Events that retention has removed; its id is the last of them. Nothing else is ever left out.",
            new JsonObject { ["from"] = Seq(), ["to"] = Seq() },
            "from", "to");
        yield return Frame(
            "state.read.model.patch",
            "A read model changed; sent where the prefix names \"state.\". It carries no id. Documents and default pages come with an RFC 6902 patch for what GET /state/{id} answers, other tables with their changed keys. "
                + "Skip those whose version is not above your own; where from is not your version, read the model again.",
            new JsonObject
            {
                ["id"] = Text(),
                ["from"] = Seq(),
                ["version"] = Seq(),
                ["patch"] = new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = Members(new JsonObject
                    {
                        ["op"] = new JsonObject { ["enum"] = new JsonArray("add", "remove", "replace") },
                        ["path"] = Text(),
                        ["value"] = new JsonObject(),
                    }),
                },
                ["changed"] = new JsonObject { ["type"] = "array", ["items"] = Text() },
            },
            "id", "from", "version");
    }

    private static JsonObject Frame(string name, string summary, JsonObject members, params string[] required)
    {
        var payload = Members(members);
        payload["required"] = new JsonArray([.. required.Select(r => JsonValue.Create(r))]);
        return new JsonObject { ["name"] = name, ["summary"] = summary, ["payload"] = payload };
    }

    private static JsonObject Members(JsonObject members) => new() { ["type"] = "object", ["properties"] = members };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Seq() => new() { ["type"] = "integer", ["minimum"] = 0 };
}
