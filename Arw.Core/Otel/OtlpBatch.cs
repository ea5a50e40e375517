using Arw.Core.Primitives;

namespace Arw.Core.Otel;

/// <summary>Attributes in the order in which they came. Values are <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, bytes, a list of values, attributes, or null.</summary>
internal sealed class OtlpAttributes : List<KeyValuePair<string, object?>>
{
    /// <summary>What stands for a value that is nested deeper than <see cref="DeepestValue"/>.</summary>
    public const string TooDeep = "[nested too deep]";

    /// <summary>Levels of lists within attributes that are kept.</summary>
    public const int DeepestValue = 16;

    /// <summary>The value of that key; null when there is none.</summary>
    public object? Find(string key)
    {
        foreach (var (name, value) in this)
        {
            if (name == key)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The text of that key; null when there is none.</summary>
    public string? Text(string key) => Find(key) is string { Length: > 0 } text ? text : null;
}

/// <summary>How many things one request may hold: an empty one takes two bytes on the wire and hundreds in memory.</summary>
internal sealed class OtlpCount
{
    private const int Most = 65_536;
    private int _count;

    /// <summary>True once there were too many.</summary>
    public bool Over => _count > Most;

    /// <summary>Counts one more; false when that is too many.</summary>
    public bool Add() => ++_count <= Most;

    /// <summary>Why the request cannot be taken.</summary>
    public Refusal Explain() => Over
        ? new("too_large", $"The request holds more than {Most:N0} spans, records, events and links.", "Send smaller batches.", 413)
        : new("malformed_otlp", "The body is no export request of the OpenTelemetry protocol.", "Send what an OTLP exporter sends, protobuf or JSON, and name its Content-Type.");
}

/// <summary>What one program sent: the spans and log records of one instrumentation scope.</summary>
internal sealed class OtlpGroup
{
    /// <summary>Attributes of the program: <c>service.name</c> and on.</summary>
    public OtlpAttributes Resource { get; set; } = [];

    /// <summary>Name of the instrumentation.</summary>
    public string Scope { get; set; } = "";

    /// <summary>Version of the instrumentation.</summary>
    public string ScopeVersion { get; set; } = "";

    /// <summary>Spans.</summary>
    public List<OtlpSpan> Spans { get; } = [];

    /// <summary>Log records.</summary>
    public List<OtlpLog> Logs { get; } = [];
}

/// <summary>A span as it came. Ids are lower-case hex, times Unix nanoseconds.</summary>
internal sealed class OtlpSpan
{
    public string TraceId { get; set; } = "";

    public string SpanId { get; set; } = "";

    public string ParentId { get; set; } = "";

    public string TraceState { get; set; } = "";

    public string Name { get; set; } = "";

    public int Kind { get; set; }

    public uint Flags { get; set; }

    public ulong Start { get; set; }

    public ulong End { get; set; }

    public int StatusCode { get; set; }

    public string StatusMessage { get; set; } = "";

    public ulong Dropped { get; set; }

    public OtlpAttributes Attributes { get; } = [];

    public List<OtlpSpanEvent> Events { get; } = [];

    public List<OtlpLink> Links { get; } = [];
}

/// <summary>Something that happened within a span.</summary>
internal sealed class OtlpSpanEvent
{
    public ulong Time { get; set; }

    public string Name { get; set; } = "";

    public OtlpAttributes Attributes { get; } = [];
}

/// <summary>A span elsewhere that a span belongs with.</summary>
internal sealed class OtlpLink
{
    public string TraceId { get; set; } = "";

    public string SpanId { get; set; } = "";

    public OtlpAttributes Attributes { get; } = [];
}

/// <summary>A log record as it came.</summary>
internal sealed class OtlpLog
{
    public ulong Time { get; set; }

    public ulong Observed { get; set; }

    public int Severity { get; set; }

    public string SeverityText { get; set; } = "";

    public string EventName { get; set; } = "";

    public object? Body { get; set; }

    public string TraceId { get; set; } = "";

    public string SpanId { get; set; } = "";

    public OtlpAttributes Attributes { get; } = [];
}
