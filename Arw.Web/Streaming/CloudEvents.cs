using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Web.Api;

namespace Arw.Web.Streaming;

/// <summary>How a request carries CloudEvents.</summary>
internal enum CloudEventForm
{
    /// <summary>It carries events of the home's own form.</summary>
    None,

    /// <summary>One event as a JSON object.</summary>
    Structured,

    /// <summary>Events as a JSON array.</summary>
    Batch,

    /// <summary>Attributes as headers, the data as the body.</summary>
    Binary,
}

/// <summary>Reads CloudEvents 1.0. The data's members become the payload's, so that pages and rollups understand them; the attributes stand beside them under <c>cloudevent</c>.</summary>
internal static class CloudEvents
{
    /// <summary>Member of the payload that holds the attributes.</summary>
    public const string Attributes = "cloudevent";

    private const string HeaderPrefix = "ce-";
    private const string Version = "1.0";

    /// <summary>How the request carries them.</summary>
    public static CloudEventForm FormOf(HttpRequest request) => request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "application/cloudevents+json" => CloudEventForm.Structured,
        "application/cloudevents-batch+json" => CloudEventForm.Batch,
        _ => request.Headers.ContainsKey(HeaderPrefix + "specversion") ? CloudEventForm.Binary : CloudEventForm.None,
    };

    /// <summary>The event of a request in binary form.</summary>
    public static async Task<Result<IncomingEvent>> ReadBinaryAsync(HttpRequest request)
    {
        var whole = new JsonObject();
        foreach (var (name, value) in request.Headers.Where(h => h.Key.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            whole[name[HeaderPrefix.Length..].ToLowerInvariant()] = Uri.UnescapeDataString(value.ToString());
        }

        if (request.ContentType is not null || request.ContentLength > 0)
        {
            if (!(await JsonBody.ReadAsync(request)).TryGet(out var data, out var refusal))
            {
                return refusal;
            }

            using (data)
            {
                whole["data"] = JsonNode.Parse(data.RootElement.GetRawText());
            }
        }

        return Read(JsonSerializer.SerializeToElement(whole));
    }

    /// <summary>An event in structured form.</summary>
    public static Result<IncomingEvent> Read(JsonElement from)
    {
        if (from.ValueKind != JsonValueKind.Object)
        {
            return Refusal.Invalid("A CloudEvent is a JSON object.", "Send one object, or an array of them as application/cloudevents-batch+json.");
        }

        if (Check(from) is { } unfit)
        {
            return unfit;
        }

        var kind = Text(from, "type")!.ToLowerInvariant();
        kind = kind.StartsWith("ext.", StringComparison.Ordinal) ? kind : "ext." + kind;
        if (!EventNames.IsKind(kind))
        {
            return Refusal.Invalid($"The type \"{Text(from, "type")}\" makes no event kind.", "Use words of letters, digits, _ and - joined by dots, such as com.example.build.finished.");
        }

        DateTimeOffset? time = null;
        if (from.TryGetProperty("time", out var claimed) && claimed.ValueKind != JsonValueKind.Null)
        {
            if (claimed.ValueKind != JsonValueKind.String || !claimed.TryGetDateTimeOffset(out var moment))
            {
                return Refusal.Invalid($"The time {claimed.GetRawText()} is no RFC 3339 time.", "Write it as 2026-11-25T10:00:00Z.");
            }

            time = moment;
        }

        return Payload(from).Map(payload => new IncomingEvent(kind, payload, Text(from, "corrid") ?? Trace(from), Text(from, "project"), time));
    }

    private static Refusal? Check(JsonElement from)
    {
        foreach (var required in (string[])["specversion", "id", "source", "type"])
        {
            if (string.IsNullOrEmpty(Text(from, required)))
            {
                return Refusal.Invalid($"The CloudEvent has no {required}.", "A CloudEvent needs specversion, id, source and type, each a text.");
            }
        }

        if (Text(from, "specversion") is var version && version != Version)
        {
            return Refusal.Invalid($"The CloudEvent is of version \"{version}\".", $"Send version {Version}.");
        }

        foreach (var member in from.EnumerateObject())
        {
            if (member.Name is not ("data" or "data_base64") && (!member.Name.All(char.IsAsciiLetterOrDigit) || member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
            {
                return Refusal.Invalid($"\"{member.Name}\" is no attribute of a CloudEvent.", "Attributes have names of letters and digits, and plain values; everything else goes into data.");
            }
        }

        return from.TryGetProperty("data", out _) && from.TryGetProperty("data_base64", out _)
            ? Refusal.Invalid("The CloudEvent has both data and data_base64.", "Send one of them.")
            : null;
    }

    private static Result<JsonElement?> Payload(JsonElement from)
    {
        var attributes = new JsonObject();
        foreach (var member in from.EnumerateObject().Where(m => m.Name is not ("data" or "data_base64" or "time" or "specversion")))
        {
            attributes[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        var payload = new JsonObject();
        if (from.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object)
        {
            payload = JsonNode.Parse(data.GetRawText())!.AsObject();
            if (payload.ContainsKey(Attributes))
            {
                return Refusal.Invalid($"The data has a member \"{Attributes}\", which holds the CloudEvent's attributes here.", "Name it otherwise.");
            }
        }
        else if (data.ValueKind != JsonValueKind.Undefined)
        {
            payload["data"] = JsonNode.Parse(data.GetRawText());
        }
        else if (Text(from, "data_base64") is { } bytes)
        {
            payload["data_base64"] = bytes;
        }

        payload[Attributes] = attributes;
        return (JsonElement?)JsonSerializer.SerializeToElement(payload, ArwJson.Options);
    }

    // An event that names its trace belongs to that trace's episode: 00-TRACE-SPAN-FLAGS.
    private static string? Trace(JsonElement from) =>
        Text(from, "traceparent") is { Length: >= 55 } parent && parent[2] == '-' && parent[35] == '-' && parent[3..35].All(char.IsAsciiHexDigitLower)
            ? $"otel:{parent[3..35]}"
            : null;

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
