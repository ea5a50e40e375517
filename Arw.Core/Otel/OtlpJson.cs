using System.Globalization;
using System.Text.Json;
using Arw.Core.Primitives;

namespace Arw.Core.Otel;

/// <summary>Reads export requests in OTLP's JSON: lowerCamelCase names, ids in hex, 64-bit numbers as texts or numbers, unknown members passed over.</summary>
internal sealed class OtlpJson
{
    // Each level of an attribute's value takes up to five of JSON.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    private readonly OtlpCount _count = new();

    /// <summary>The groups of a request.</summary>
    public static Result<List<OtlpGroup>> Read(ReadOnlyMemory<byte> request, OtelSignal signal)
    {
        var read = new OtlpJson();
        try
        {
            using var document = JsonDocument.Parse(request, Options);
            return read.Groups(document.RootElement, signal);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or InvalidOperationException)
        {
            // A member of a wrong type or out of range, a lone surrogate, an id that is no hex; or too many things.
            return read._count.Explain();
        }
    }

    private List<OtlpGroup> Groups(JsonElement request, OtelSignal signal)
    {
        var groups = new List<OtlpGroup>();
        foreach (var program in Items(request, signal == OtelSignal.Traces ? "resourceSpans" : "resourceLogs"))
        {
            var resource = program.TryGetProperty("resource", out var found) ? Attributes(found, []) : [];
            foreach (var scoped in Counted(program, signal == OtelSignal.Traces ? "scopeSpans" : "scopeLogs"))
            {
                var group = new OtlpGroup { Resource = resource };
                if (scoped.TryGetProperty("scope", out var scope))
                {
                    (group.Scope, group.ScopeVersion) = (Text(scope, "name"), Text(scope, "version"));
                }

                group.Spans.AddRange(Counted(scoped, "spans").Select(Span));
                group.Logs.AddRange(Counted(scoped, "logRecords").Select(Log));
                groups.Add(group);
            }
        }

        return groups;
    }

    private OtlpSpan Span(JsonElement from)
    {
        var span = new OtlpSpan
        {
            TraceId = Id(from, "traceId"),
            SpanId = Id(from, "spanId"),
            ParentId = Id(from, "parentSpanId"),
            TraceState = Text(from, "traceState"),
            Name = Text(from, "name"),
            Kind = (int)Number(from, "kind"),
            Flags = (uint)Number(from, "flags"),
            Start = Number(from, "startTimeUnixNano"),
            End = Number(from, "endTimeUnixNano"),
            Dropped = Number(from, "droppedAttributesCount") + Number(from, "droppedEventsCount") + Number(from, "droppedLinksCount"),
        };
        Attributes(from, span.Attributes);
        foreach (var happened in Counted(from, "events"))
        {
            var at = new OtlpSpanEvent { Time = Number(happened, "timeUnixNano"), Name = Text(happened, "name") };
            Attributes(happened, at.Attributes);
            span.Events.Add(at);
        }

        foreach (var linked in Counted(from, "links"))
        {
            var link = new OtlpLink { TraceId = Id(linked, "traceId"), SpanId = Id(linked, "spanId") };
            Attributes(linked, link.Attributes);
            span.Links.Add(link);
        }

        if (from.TryGetProperty("status", out var status))
        {
            (span.StatusCode, span.StatusMessage) = ((int)Number(status, "code"), Text(status, "message"));
        }

        return span;
    }

    private OtlpLog Log(JsonElement from)
    {
        var log = new OtlpLog
        {
            Time = Number(from, "timeUnixNano"),
            Observed = Number(from, "observedTimeUnixNano"),
            Severity = (int)Number(from, "severityNumber"),
            SeverityText = Text(from, "severityText"),
            EventName = Text(from, "eventName"),
            Body = from.TryGetProperty("body", out var body) ? Value(body, 0) : null,
            TraceId = Id(from, "traceId"),
            SpanId = Id(from, "spanId"),
        };
        Attributes(from, log.Attributes);
        return log;
    }

    private static OtlpAttributes Attributes(JsonElement from, OtlpAttributes to, string name = "attributes", int depth = 0)
    {
        foreach (var pair in Items(from, name))
        {
            to.Add(new(Text(pair, "key"), pair.TryGetProperty("value", out var value) ? Value(value, depth) : null));
        }

        return to;
    }

    private static object? Value(JsonElement from, int depth)
    {
        if (depth > OtlpAttributes.DeepestValue)
        {
            return OtlpAttributes.TooDeep;
        }

        foreach (var member in from.EnumerateObject())
        {
            switch (member.Name)
            {
                case "stringValue": return member.Value.GetString();
                case "boolValue": return member.Value.GetBoolean();
                case "intValue": return member.Value.ValueKind == JsonValueKind.String ? long.Parse(member.Value.GetString()!, CultureInfo.InvariantCulture) : member.Value.GetInt64();
                case "doubleValue": return member.Value.ValueKind == JsonValueKind.String ? Word(member.Value.GetString()!) : member.Value.GetDouble();
                case "bytesValue": return member.Value.GetBytesFromBase64();
                case "arrayValue": return Items(member.Value, "values").Select(v => Value(v, depth + 1)).ToList();
                case "kvlistValue": return Attributes(member.Value, [], "values", depth + 1);
            }
        }

        return null;
    }

    // What JSON has no number for comes as a word.
    private static double Word(string text) => text switch
    {
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private IEnumerable<JsonElement> Counted(JsonElement from, string name) =>
        Items(from, name).Select(item => _count.Add() ? item : throw new FormatException("There are too many things in one request."));

    private static IEnumerable<JsonElement> Items(JsonElement from, string name) =>
        from.TryGetProperty(name, out var list) && list.ValueKind != JsonValueKind.Null ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";

    private static ulong Number(JsonElement from, string name) =>
        !from.TryGetProperty(name, out var number) || number.ValueKind == JsonValueKind.Null ? 0
        : number.ValueKind == JsonValueKind.String ? ulong.Parse(number.GetString()!, CultureInfo.InvariantCulture)
        : number.GetUInt64();

    private static string Id(JsonElement from, string name)
    {
        var text = Text(from, name);
        return text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : throw new FormatException($"{name} is no hex.");
    }
}
