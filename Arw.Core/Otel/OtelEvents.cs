using System.Text.Json.Nodes;
using Arw.Core.Journal;

namespace Arw.Core.Otel;

/// <summary>Kinds of events that OpenTelemetry exporters send. Correlation id <c>otel:TRACE</c>; a span's subject is <c>span:TRACE/SPAN</c>, so that it is written once, however often it is sent.</summary>
public static class OtelEvents
{
    /// <summary>A span has ended. Its time is its start.</summary>
    public static readonly EventKind<OtelSpanEnded> Span = new("ext.otel.span", "A span that an OpenTelemetry exporter sent: a step of an agent, a call of a model or tool, or anything else that is traced.");

    /// <summary>A log record.</summary>
    public static readonly EventKind<OtelLogged> Log = new("ext.otel.log", "A log record that an OpenTelemetry exporter sent.");

    /// <summary>Correlation id of a trace.</summary>
    public static string CorrId(string traceId) => $"otel:{traceId}";

    /// <summary>Subject of a span.</summary>
    public static string Subject(string traceId, string spanId) => $"span:{traceId}/{spanId}";
}

/// <summary>Payload of <c>ext.otel.span</c>. The first members are those that every episode understands; the others are the span as it came.</summary>
/// <param name="Title">What it worked on: the agent, the tool, the model, else the span's name.</param>
/// <param name="Op">The GenAI operation (<c>invoke_agent</c>, <c>execute_tool</c>, <c>chat</c> …), else the span's kind.</param>
/// <param name="End">When it ended; nanoseconds are kept.</param>
public sealed record OtelSpanEnded(string Title, string Op, string End)
{
    /// <summary>The program: <c>service.name</c>.</summary>
    public string? Source { get; init; }

    /// <summary><c>ok</c> or <c>error</c>; null when the span left it unset.</summary>
    public string? Status { get; init; }

    /// <summary>The error in the source's words.</summary>
    public string? Error { get; init; }

    /// <summary>Tokens read by a model. Only spans that call one count: an agent's own sum repeats its calls.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Tokens written by a model.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>What it cost, in micro-USD, where the source says so.</summary>
    public long? CostMicroUsd { get; init; }

    /// <summary>True for a model call whose cost the source does not say.</summary>
    public bool? CostUnknown { get; init; }

    /// <summary>What it says about the episode as a whole: a root its outcome, a root or an agent its title.</summary>
    public JsonObject? Episode { get; init; }

    /// <summary>The span's name.</summary>
    public string? Name { get; init; }

    /// <summary>Trace id, 32 hex digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it began; nanoseconds are kept.</summary>
    public string? Start { get; init; }

    /// <summary>Its attributes.</summary>
    public JsonObject? Attributes { get; init; }

    /// <summary>What happened within it: <c>{time, name, attributes}</c>.</summary>
    public JsonArray? Events { get; init; }

    /// <summary>Spans that it belongs with: <c>{trace_id, span_id, attributes}</c>.</summary>
    public JsonArray? Links { get; init; }

    /// <summary>W3C trace state.</summary>
    public string? TraceState { get; init; }

    /// <summary>How many attributes, events and links the source dropped.</summary>
    public long? Dropped { get; init; }

    /// <summary>The instrumentation: name and version.</summary>
    public string? Scope { get; init; }

    /// <summary>Attributes of the program.</summary>
    public JsonObject? Resource { get; init; }
}

/// <summary>Payload of <c>ext.otel.log</c>.</summary>
/// <param name="Message">The body where it is a text, else the event's name.</param>
/// <param name="Level"><c>trace</c>, <c>debug</c>, <c>info</c>, <c>warn</c>, <c>error</c> or <c>fatal</c>.</param>
public sealed record OtelLogged(string Message, string Level)
{
    /// <summary>The program: <c>service.name</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The error that the record tells of: its message, where its level is error or fatal.</summary>
    public string? Error { get; init; }

    /// <summary>Name of the event, for records that are events.</summary>
    public string? EventName { get; init; }

    /// <summary>The severity in the source's word.</summary>
    public string? Severity { get; init; }

    /// <summary>The body where it is no text.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>Trace id, 32 hex digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it happened; nanoseconds are kept.</summary>
    public string? Time { get; init; }

    /// <summary>Its attributes.</summary>
    public JsonObject? Attributes { get; init; }

    /// <summary>The instrumentation: name and version.</summary>
    public string? Scope { get; init; }

    /// <summary>Attributes of the program.</summary>
    public JsonObject? Resource { get; init; }
}
