using Arw.Core.Primitives;

namespace Arw.Core.Otel;

/// <summary>Reads export requests in protobuf. The field numbers are those of the OpenTelemetry protocol, version 1.</summary>
internal sealed class OtlpProtobuf
{
    private readonly OtlpCount _count = new();
    private readonly List<OtlpGroup> _groups = [];

    /// <summary>The groups of a request.</summary>
    public static Result<List<OtlpGroup>> Read(ReadOnlySpan<byte> request, OtelSignal signal)
    {
        var read = new OtlpProtobuf();
        return read.Request(request, signal) ? read._groups : read._count.Explain();
    }

    private bool Request(ReadOnlySpan<byte> request, OtelSignal signal)
    {
        var reader = new ProtoReader(request);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
            }
            else
            {
                reader.Check(Program(reader.Bytes(), signal));
            }
        }

        return !reader.Failed;
    }

    private bool Program(ReadOnlySpan<byte> bytes, OtelSignal signal)
    {
        var first = _groups.Count;
        var resource = new OtlpAttributes();
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Check(Resource(reader.Bytes(), resource));
                    break;
                case 2:
                    var group = new OtlpGroup();
                    _groups.Add(group);
                    reader.Check(_count.Add() && Scope(reader.Bytes(), signal, group));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // The resource may stand behind its scopes.
        for (var i = first; i < _groups.Count; i++)
        {
            _groups[i].Resource = resource;
        }

        return !reader.Failed;
    }

    private static bool Resource(ReadOnlySpan<byte> bytes, OtlpAttributes attributes)
    {
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            ProtoAttributes.Read(ref reader, 1, attributes);
        }

        return !reader.Failed;
    }

    private bool Scope(ReadOnlySpan<byte> bytes, OtelSignal signal, OtlpGroup group)
    {
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Check(Instrumentation(reader.Bytes(), group));
                    break;
                case 2 when signal == OtelSignal.Traces:
                    var span = new OtlpSpan();
                    group.Spans.Add(span);
                    reader.Check(_count.Add() && Span(reader.Bytes(), span));
                    break;
                case 2:
                    var log = new OtlpLog();
                    group.Logs.Add(log);
                    reader.Check(_count.Add() && Log(reader.Bytes(), log));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return !reader.Failed;
    }

    private static bool Instrumentation(ReadOnlySpan<byte> bytes, OtlpGroup group)
    {
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: group.Scope = reader.Text(); break;
                case 2: group.ScopeVersion = reader.Text(); break;
                default: reader.Skip(); break;
            }
        }

        return !reader.Failed;
    }

    private bool Span(ReadOnlySpan<byte> bytes, OtlpSpan span)
    {
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: span.TraceId = Hex(reader.Bytes()); break;
                case 2: span.SpanId = Hex(reader.Bytes()); break;
                case 3: span.TraceState = reader.Text(); break;
                case 4: span.ParentId = Hex(reader.Bytes()); break;
                case 5: span.Name = reader.Text(); break;
                case 6: span.Kind = (int)reader.Number(); break;
                case 7: span.Start = reader.Number(); break;
                case 8: span.End = reader.Number(); break;
                case 10 or 12 or 14: span.Dropped += reader.Number(); break;
                case 11: reader.Check(_count.Add() && SpanEvent(reader.Bytes(), span)); break;
                case 13: reader.Check(_count.Add() && Link(reader.Bytes(), span)); break;
                case 15: reader.Check(Status(reader.Bytes(), span)); break;
                case 16: span.Flags = (uint)reader.Number(); break;
                default: ProtoAttributes.Read(ref reader, 9, span.Attributes); break;
            }
        }

        return !reader.Failed;
    }

    private static bool SpanEvent(ReadOnlySpan<byte> bytes, OtlpSpan span)
    {
        var happened = new OtlpSpanEvent();
        span.Events.Add(happened);
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: happened.Time = reader.Number(); break;
                case 2: happened.Name = reader.Text(); break;
                default: ProtoAttributes.Read(ref reader, 3, happened.Attributes); break;
            }
        }

        return !reader.Failed;
    }

    private static bool Link(ReadOnlySpan<byte> bytes, OtlpSpan span)
    {
        var link = new OtlpLink();
        span.Links.Add(link);
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: link.TraceId = Hex(reader.Bytes()); break;
                case 2: link.SpanId = Hex(reader.Bytes()); break;
                default: ProtoAttributes.Read(ref reader, 4, link.Attributes); break;
            }
        }

        return !reader.Failed;
    }

    private static bool Status(ReadOnlySpan<byte> bytes, OtlpSpan span)
    {
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: span.StatusMessage = reader.Text(); break;
                case 3: span.StatusCode = (int)reader.Number(); break;
                default: reader.Skip(); break;
            }
        }

        return !reader.Failed;
    }

    private static bool Log(ReadOnlySpan<byte> bytes, OtlpLog log)
    {
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: log.Time = reader.Number(); break;
                case 2: log.Severity = (int)reader.Number(); break;
                case 3: log.SeverityText = reader.Text(); break;
                case 5: log.Body = ProtoAttributes.Value(ref reader); break;
                case 9: log.TraceId = Hex(reader.Bytes()); break;
                case 10: log.SpanId = Hex(reader.Bytes()); break;
                case 11: log.Observed = reader.Number(); break;
                case 12: log.EventName = reader.Text(); break;
                default: ProtoAttributes.Read(ref reader, 6, log.Attributes); break;
            }
        }

        return !reader.Failed;
    }

    private static string Hex(ReadOnlySpan<byte> id) => id.Length <= 16 ? Convert.ToHexStringLower(id) : "";
}
