using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Arw.Core.Journal.Inspection;

namespace Arw.Core.Journal.Portable;

/// <summary>An event as a line: every column by its name, the payload as the JSON that it is, bytes in base64. The salt goes with it, or nobody could check the payload again.</summary>
internal static class PortableEvent
{
    private const int MaxDepth = 80;
    private static readonly JsonWriterOptions Writing = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(StoredRow row, ArrayBufferWriter<byte> into)
    {
        using (var line = new Utf8JsonWriter(into, Writing))
        {
            line.WriteStartObject();
            line.WriteNumber("seq"u8, row.Seq);
            line.WriteNumber("recorded"u8, row.Recorded);
            line.WriteNumber("time"u8, row.Time);
            for (var column = StoredRow.FirstText; column < StoredRow.EndOfTexts; column++)
            {
                if (!row.IsNull(column))
                {
                    line.WriteString(StoredRow.Names[column], row.Bytes(column));
                }
            }

            if (row.HasPayload)
            {
                line.WritePropertyName("payload"u8);
                line.WriteRawValue(row.Payload, skipInputValidation: true);
            }

            if (row.HasPayloadRef)
            {
                line.WriteString("payload_ref"u8, row.PayloadRef);
            }

            line.WriteNumber("payload_bytes"u8, row.PayloadBytes);
            if (row.HasSalt)
            {
                line.WriteBase64String("salt"u8, row.Salt);
            }

            line.WriteBase64String("payload_digest"u8, row.PayloadDigest);
            line.WriteBase64String("hash"u8, row.Hash);
            line.WriteEndObject();
        }

        into.Write("\n"u8);
    }

    /// <summary>A large payload, which stands before the first event that refers to it.</summary>
    public static void WriteBlob(string digest, ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> into)
    {
        using (var line = new Utf8JsonWriter(into, Writing))
        {
            line.WriteStartObject();
            line.WriteString("blob"u8, digest);
            line.WriteBase64String("data"u8, bytes);
            line.WriteEndObject();
        }

        into.Write("\n"u8);
    }

    /// <summary>A line read back: an event, or a blob with its bytes.</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    /// <exception cref="FormatException">A member is not written as it should be.</exception>
    public static (EventRow? Event, string? Blob, byte[]? Bytes) Read(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaxDepth });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("It is no object.");
        }

        if (root.TryGetProperty("blob"u8, out var blob))
        {
            return (null, blob.GetString(), Member(root, "data").GetBytesFromBase64());
        }

        return (
            new EventRow
            {
                Seq = Member(root, "seq").GetInt64(),
                Recorded = Member(root, "recorded").GetInt64(),
                Time = Member(root, "time").GetInt64(),
                Kind = Member(root, "kind").GetString()!,
                Subject = Text(root, "subject"),
                Actor = Member(root, "actor").GetString()!,
                Project = Text(root, "project"),
                CorrId = Text(root, "corr_id"),
                SpanId = Text(root, "span_id"),
                ParentId = Text(root, "parent_id"),
                Payload = root.TryGetProperty("payload"u8, out var payload) ? JsonMarshal.GetRawUtf8Value(payload).ToArray() : null,
                PayloadRef = Text(root, "payload_ref"),
                PayloadBytes = Member(root, "payload_bytes").GetInt64(),
                Salt = root.TryGetProperty("salt"u8, out var salt) ? salt.GetBytesFromBase64() : null,
                PayloadDigest = Member(root, "payload_digest").GetBytesFromBase64(),
                Hash = Member(root, "hash").GetBytesFromBase64(),
            },
            null,
            null);
    }

    private static JsonElement Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : throw new JsonException($"It has no \"{name}\".");

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
