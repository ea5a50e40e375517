using System.Globalization;
using System.Text.Json.Nodes;

namespace Arw.Tests.Otel;

/// <summary>Export requests as OTLP's JSON.</summary>
internal static class OtlpSample
{
    public const string Trace = "0af7651916cd43dd8448eb211c80319c";

    // 2026-11-25T10:00:00Z
    private const long Start = 1_795_600_800_000_000_000;

    public static JsonObject Request(params JsonObject[] spans) => Traces([], spans);

    public static JsonObject Traces(JsonArray resource, IEnumerable<JsonObject> spans) => new()
    {
        ["resourceSpans"] = new JsonArray(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = resource.Count > 0 ? resource : Attributes(("service.name", "planner")) },
            ["scopeSpans"] = new JsonArray(new JsonObject
            {
                ["scope"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
                ["spans"] = new JsonArray([.. spans]),
            }),
        }),
    };

    public static JsonObject Logs(params JsonObject[] records) => new()
    {
        ["resourceLogs"] = new JsonArray(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = Attributes(("service.name", "planner")) },
            ["scopeLogs"] = new JsonArray(new JsonObject { ["logRecords"] = new JsonArray([.. records]) }),
        }),
    };

    /// <summary>A span that begins and ends so many milliseconds into the trace.</summary>
    public static JsonObject Span(int id, int? parent, string name, int from, int to, params (string, object)[] attributes) => new()
    {
        ["traceId"] = Trace,
        ["spanId"] = Id(id),
        ["parentSpanId"] = parent is { } above ? Id(above) : "",
        ["name"] = name,
        ["kind"] = 1,
        ["startTimeUnixNano"] = Nanos(from),
        ["endTimeUnixNano"] = Nanos(to),
        ["attributes"] = Attributes(attributes),
    };

    public static JsonObject Failed(this JsonObject span, string message)
    {
        span["status"] = new JsonObject { ["code"] = 2, ["message"] = message };
        return span;
    }

    public static JsonObject In(this JsonObject span, string trace)
    {
        span["traceId"] = trace;
        return span;
    }

    public static string Id(int id) => id.ToString("x16", CultureInfo.InvariantCulture);

    public static string Nanos(int milliseconds) => (Start + (milliseconds * 1_000_000L)).ToString(CultureInfo.InvariantCulture);

    public static JsonArray Attributes(params (string Key, object Value)[] attributes) => new([.. attributes.Select(a => new JsonObject
    {
        ["key"] = a.Key,
        ["value"] = a.Value switch
        {
            int whole => new JsonObject { ["intValue"] = whole.ToString(CultureInfo.InvariantCulture) },
            double real => new JsonObject { ["doubleValue"] = real },
            bool flag => new JsonObject { ["boolValue"] = flag },
            _ => new JsonObject { ["stringValue"] = (string)a.Value },
        },
    })]);

    /// <summary>An agent's run in four spans, children first, as exporters send them: 17 in, 5 out, 1,250 micro-USD, one call without a price, one tool that fails.</summary>
    public static JsonObject[] AgentRun() =>
    [
        Span(3, 2, "chat gpt", 100, 400, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt"), ("gen_ai.usage.input_tokens", 10), ("gen_ai.usage.output_tokens", 3), ("gen_ai.usage.cost", 0.00125)),
        Span(4, 2, "execute_tool weather", 400, 700, ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "weather")).Failed("The station does not answer."),
        Span(5, 2, "chat small", 700, 900, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "small"), ("gen_ai.usage.input_tokens", 7), ("gen_ai.usage.output_tokens", 2)),
        Span(2, 1, "invoke_agent Travel planner", 50, 950, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "Travel planner"), ("gen_ai.usage.input_tokens", 17), ("gen_ai.usage.output_tokens", 5)),
        Span(1, null, "POST /plan", 0, 1000),
    ];
}
