using System.Text.Json.Nodes;
using Arw.Core.Journal;

namespace Arw.Web.Spec;

/// <summary>The AsyncAPI 3.0 description of the event stream, made from the catalogue of kinds.</summary>
/// <param name="kinds">All kinds.</param>
internal sealed class AsyncApi(KindCatalogue kinds)
{
    public JsonObject Document()
    {
        var (messages, references) = (new JsonObject(), new JsonObject());
        var (all, open) = (new JsonArray(), new JsonArray());
        foreach (var kind in kinds.All)
        {
            messages[kind.Name] = Message(kind);
            references[kind.Name] = Reference($"#/components/messages/{kind.Name}");
            all.Add((JsonNode)Reference($"#/channels/events/messages/{kind.Name}"));
            if (kind.Open)
            {
                open.Add((JsonNode)Reference($"#/channels/events/messages/{kind.Name}"));
            }
        }

        foreach (var frame in StreamFrames.All())
        {
            var name = (string)frame["name"]!;
            messages[name] = frame;
            references[name] = Reference($"#/components/messages/{name}");
            all.Add((JsonNode)Reference($"#/channels/events/messages/{name}"));
        }

        var operations = new JsonObject
        {
            ["follow"] = Operation("send", "GET /events: server-sent events in journal order; the id of a frame is its sequence number and resumes the stream.", all),
        };
        if (open.Count > 0)
        {
            operations["append"] = Operation("receive", "POST /events: kinds that outsiders may append, besides any kind under \"ext.\".", open);
        }

        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Arw.Web events", ["version"] = "1" },
            ["defaultContentType"] = "application/json",
            ["channels"] = new JsonObject { ["events"] = new JsonObject { ["address"] = "/events", ["messages"] = references } },
            ["operations"] = operations,
            ["components"] = new JsonObject { ["messages"] = messages },
        };
    }

    private static JsonObject Operation(string action, string summary, JsonArray messages) => new()
    {
        ["action"] = action,
        ["summary"] = summary,
        ["channel"] = Reference("#/channels/events"),
        ["messages"] = messages,
    };

    private static JsonObject Message(EventKind kind)
    {
        static JsonObject Text() => new() { ["type"] = "string" };
        static JsonObject Time() => new() { ["type"] = "string", ["format"] = "date-time" };
        return new JsonObject
        {
            ["name"] = kind.Name,
            ["summary"] = kind.Summary,
            ["payload"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("seq", "recorded", "time", "kind", "actor"),
                ["properties"] = new JsonObject
                {
                    ["seq"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
                    ["recorded"] = Time(),
                    ["time"] = Time(),
                    ["kind"] = new JsonObject { ["const"] = kind.Name },
                    ["subject"] = Text(),
                    ["actor"] = Text(),
                    ["project"] = Text(),
                    ["corr_id"] = Text(),
                    ["span_id"] = Text(),
                    ["parent_id"] = Text(),
                    ["payload"] = Reference($"/spec/schemas/{kind.Name}"),
                    ["erased"] = new JsonObject { ["const"] = true, ["description"] = "Instead of a payload that a person erased; journal.erased says who and why." },
                    ["payload_ref"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["description"] = "Instead of a payload over 32 KiB: read it by GET /blobs/{digest}.",
                        ["properties"] = new JsonObject { ["digest"] = Text(), ["bytes"] = new JsonObject { ["type"] = "integer" } },
                    },
                },
            },
        };
    }

    private static JsonObject Reference(string target) => new() { ["$ref"] = target };
}
