using System.Text.Json;
using Arw.Core.Primitives;

namespace Arw.Core.Journal;

/// <summary>A payload that is kept as a content-addressed blob because it is larger than 32 KiB.</summary>
/// <param name="Digest">Its digest, the key of <c>GET /blobs/{digest}</c>.</param>
/// <param name="Bytes">Its length in bytes.</param>
public sealed record PayloadRef(string Digest, long Bytes);

/// <summary>One immutable journal row. Instances are shared by all subscribers.</summary>
public sealed record JournalEvent
{
    private byte[]? _json;

    /// <summary>Gapless sequence number from 1: the resume token everywhere.</summary>
    public required long Seq { get; init; }

    /// <summary>When the home wrote it (home clock, UTC, milliseconds).</summary>
    public required DateTimeOffset Recorded { get; init; }

    /// <summary>When it happened, as claimed by its source.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Lower-case dotted kind.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about, <c>action:ID</c>; null for none.</summary>
    public string? Subject { get; init; }

    /// <summary>Who did it, from the credential: <c>person:owner</c>, <c>agent:NAME</c>, <c>system:PART</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>The project; null for events of the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>The episode's correlation id; null for none.</summary>
    public string? CorrId { get; init; }

    /// <summary>Span of a trace that this event belongs to; null for none.</summary>
    public string? SpanId { get; init; }

    /// <summary>The parent span or action; null for none.</summary>
    public string? ParentId { get; init; }

    /// <summary>The payload as compact UTF-8 JSON. Empty while <see cref="PayloadRef"/> is set and the blob has not been loaded.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Where a large payload is; null for payloads kept in the row.</summary>
    public PayloadRef? PayloadRef { get; init; }

    /// <summary>True when the payload was erased: it is empty then, and no fold sees the event as of its kind. Who did it and why is in <c>journal.erased</c>.</summary>
    public bool Erased { get; init; }

    /// <summary>The event as it is once its payload is erased.</summary>
    internal JournalEvent Erase() => new()
    {
        Seq = Seq,
        Recorded = Recorded,
        Time = Time,
        Kind = Kind,
        Subject = Subject,
        Actor = Actor,
        Project = Project,
        CorrId = CorrId,
        SpanId = SpanId,
        ParentId = ParentId,
        Erased = true,
    };

    /// <summary>The payload parsed; the caller disposes it.</summary>
    public JsonDocument ParsePayload() => JsonDocument.Parse(Payload.IsEmpty ? "{}"u8.ToArray() : Payload);

    /// <summary>The event as the JSON that clients see. Encoded once, then shared by every subscriber.</summary>
    public ReadOnlyMemory<byte> ToJson() => _json ??= Encode();

    private byte[] Encode()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(Payload.Length + 384);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            SkipValidation = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq"u8, Seq);
            writer.WriteString("recorded"u8, Rfc3339.Format(Recorded));
            writer.WriteString("time"u8, Rfc3339.Format(Time));
            writer.WriteString("kind"u8, Kind);
            Optional(writer, "subject", Subject);
            writer.WriteString("actor"u8, Actor);
            Optional(writer, "project", Project);
            Optional(writer, "corr_id", CorrId);
            Optional(writer, "span_id", SpanId);
            Optional(writer, "parent_id", ParentId);
            if (Erased)
            {
                writer.WriteBoolean("erased"u8, true);
            }
            else if (PayloadRef is { } reference)
            {
                writer.WriteStartObject("payload_ref"u8);
                writer.WriteString("digest"u8, reference.Digest);
                writer.WriteNumber("bytes"u8, reference.Bytes);
                writer.WriteEndObject();
            }
            else
            {
                writer.WritePropertyName("payload"u8);
                writer.WriteRawValue(Payload.IsEmpty ? "{}"u8 : Payload.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();

        static void Optional(Utf8JsonWriter writer, string name, string? value)
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }
    }
}
