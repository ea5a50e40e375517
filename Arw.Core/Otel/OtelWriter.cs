using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Arw.Core.Otel;

/// <summary>Writes the payloads of spans and log records. One instance for a request, so that buffers and names are made once.</summary>
internal sealed class OtelWriter : IDisposable
{
    private static readonly string[] SpanKinds = ["internal", "internal", "server", "client", "producer", "consumer"];
    private static readonly string[] Levels = ["trace", "debug", "info", "warn", "error", "fatal"];

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private (OtlpAttributes From, byte[] Json, string? Service)? _resource;

    public OtelWriter() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The payload of a span.</summary>
    public byte[] Span(OtlpSpan span, OtlpGroup group)
    {
        var (resource, service) = Resource(group);
        var genAi = GenAi.Of(span);
        var failed = span.StatusCode == 2;
        var end = Math.Max(span.Start, span.End);
        _json.WriteStartObject();
        _json.WriteString("title"u8, genAi.Target ?? span.Name);
        _json.WriteString("op"u8, genAi.Op ?? SpanKinds[span.Kind is > 0 and < 6 ? span.Kind : 0]);
        Text("source"u8, service);
        Text("status"u8, failed ? "error" : span.StatusCode == 1 ? "ok" : null);
        Text("error"u8, failed ? Reason(span) : null);
        _json.WriteString("end"u8, OtelTime.Text(end));
        Number("input_tokens"u8, genAi.InputTokens);
        Number("output_tokens"u8, genAi.OutputTokens);
        Number("cost_micro_usd"u8, genAi.CostMicroUsd);
        if (genAi is { Counts: true, CostMicroUsd: null } && (genAi.InputTokens ?? 0) + (genAi.OutputTokens ?? 0) > 0)
        {
            _json.WriteBoolean("cost_unknown"u8, true);
        }

        Episode(span, genAi, failed);
        _json.WriteString("name"u8, span.Name);
        _json.WriteString("trace_id"u8, span.TraceId);
        _json.WriteString("start"u8, OtelTime.Text(span.Start));
        Attributes("attributes"u8, span.Attributes);
        Events(span);
        Links(span);
        Text("trace_state"u8, span.TraceState);
        Number("dropped"u8, span.Dropped == 0 ? null : (long)Math.Min(span.Dropped, long.MaxValue));
        return Close(group, resource);
    }

    /// <summary>The payload of a log record.</summary>
    public byte[] Log(OtlpLog log, OtlpGroup group)
    {
        var (resource, service) = Resource(group);
        var level = Levels[Math.Clamp((log.Severity - 1) / 4, 0, Levels.Length - 1)];
        level = log.Severity == 0 ? "info" : level;
        var message = log.Body as string ?? log.EventName;
        _json.WriteStartObject();
        _json.WriteString("message"u8, message);
        _json.WriteString("level"u8, level);
        Text("source"u8, service);
        Text("error"u8, level is "error" or "fatal" ? message : null);
        Text("event_name"u8, log.EventName);
        Text("severity"u8, log.SeverityText);
        if (log.Body is not (null or string))
        {
            _json.WritePropertyName("body"u8);
            Value(log.Body);
        }

        Text("trace_id"u8, log.TraceId);
        _json.WriteString("time"u8, OtelTime.Text(log.Time == 0 ? log.Observed : log.Time));
        Attributes("attributes"u8, log.Attributes);
        return Close(group, resource);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    // The root of a trace tells how the whole ended; the outermost agent names it best, then the root. A span whose parent is in
    // another process stands for a root that may never come here.
    private void Episode(OtlpSpan span, in GenAi genAi, bool failed)
    {
        const uint ParentIsRemote = 0x300;
        var root = span.ParentId.Length == 0;
        var entry = !root && (span.Flags & ParentIsRemote) == ParentIsRemote;
        if (!root && !entry && !genAi.IsAgent)
        {
            return;
        }

        _json.WriteStartObject("episode"u8);
        _json.WriteString("title"u8, genAi.Target ?? span.Name);
        _json.WriteNumber("title_rank"u8, genAi.IsAgent ? 0 : root ? 1 : 2);
        if (root || entry)
        {
            _json.WriteString("outcome"u8, failed ? "failed" : "completed");
            _json.WriteNumber("outcome_rank"u8, root ? 0 : 1);
        }

        _json.WriteEndObject();
    }

    private static string? Reason(OtlpSpan span)
    {
        if (span.StatusMessage.Length > 0)
        {
            return span.StatusMessage;
        }

        var thrown = span.Events.Find(e => e.Name == "exception");
        return thrown?.Attributes.Text("exception.message") ?? thrown?.Attributes.Text("exception.type") ?? span.Attributes.Text("error.type");
    }

    private void Events(OtlpSpan span)
    {
        if (span.Events.Count == 0)
        {
            return;
        }

        _json.WriteStartArray("events"u8);
        foreach (var happened in span.Events)
        {
            _json.WriteStartObject();
            _json.WriteString("time"u8, OtelTime.Text(happened.Time));
            _json.WriteString("name"u8, happened.Name);
            Attributes("attributes"u8, happened.Attributes);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Links(OtlpSpan span)
    {
        if (span.Links.Count == 0)
        {
            return;
        }

        _json.WriteStartArray("links"u8);
        foreach (var link in span.Links)
        {
            _json.WriteStartObject();
            _json.WriteString("trace_id"u8, link.TraceId);
            _json.WriteString("span_id"u8, link.SpanId);
            Attributes("attributes"u8, link.Attributes);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    // Neighbours mostly come from one program: its attributes are encoded once.
    private (byte[] Json, string? Service) Resource(OtlpGroup group)
    {
        if (_resource is not { } known || !ReferenceEquals(known.From, group.Resource))
        {
            Attributes(default, group.Resource);
            _resource = known = (group.Resource, Take(), group.Resource.Text("service.name"));
        }

        return (known.Json, known.Service);
    }

    private byte[] Close(OtlpGroup group, byte[] resource)
    {
        if (group.Scope.Length > 0)
        {
            _json.WriteString("scope"u8, group.ScopeVersion.Length > 0 ? $"{group.Scope} {group.ScopeVersion}" : group.Scope);
        }

        if (resource.Length > 0)
        {
            _json.WritePropertyName("resource"u8);
            _json.WriteRawValue(resource, skipInputValidation: true);
        }

        _json.WriteEndObject();
        return Take();
    }

    private byte[] Take()
    {
        _json.Flush();
        var written = _buffer.WrittenSpan.ToArray();
        _buffer.ResetWrittenCount();
        _json.Reset();
        return written;
    }

    // A key that comes twice would make the payload invalid: its first value stands.
    private void Attributes(ReadOnlySpan<byte> name, OtlpAttributes attributes)
    {
        if (attributes.Count == 0)
        {
            return;
        }

        if (!name.IsEmpty)
        {
            _json.WritePropertyName(name);
        }

        _json.WriteStartObject();
        var names = attributes.Count > 8 ? new HashSet<string>(attributes.Count, StringComparer.Ordinal) : null;
        for (var i = 0; i < attributes.Count; i++)
        {
            var (key, value) = attributes[i];
            if (names is null ? First(attributes, i) : names.Add(key))
            {
                _json.WritePropertyName(key);
                Value(value);
            }
        }

        _json.WriteEndObject();

        static bool First(OtlpAttributes attributes, int at)
        {
            for (var i = 0; i < at; i++)
            {
                if (attributes[i].Key == attributes[at].Key)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private void Value(object? value)
    {
        switch (value)
        {
            case string text: _json.WriteStringValue(text); break;
            case bool flag: _json.WriteBooleanValue(flag); break;
            case long whole: _json.WriteNumberValue(whole); break;
            case double real when double.IsFinite(real): _json.WriteNumberValue(real); break;
            case double word: _json.WriteStringValue(word.ToString(System.Globalization.CultureInfo.InvariantCulture)); break;
            case byte[] bytes: _json.WriteBase64StringValue(bytes); break;
            case OtlpAttributes { Count: > 0 } pairs: Attributes(default, pairs); break;
            case OtlpAttributes: _json.WriteStartObject(); _json.WriteEndObject(); break;
            case List<object?> values:
                _json.WriteStartArray();
                values.ForEach(Value);
                _json.WriteEndArray();
                break;
            default: _json.WriteNullValue(); break;
        }
    }

    private void Text(ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            _json.WriteString(name, text);
        }
    }

    private void Number(ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } known)
        {
            _json.WriteNumber(name, known);
        }
    }
}
