using System.Buffers.Binary;
using System.Text;

namespace Arw.Bench.Otlp;

/// <summary>Export requests in protobuf, made before anything is measured: agents' traces of ten spans, each with the attributes of a model call.</summary>
internal static class SpanBatch
{
    private const int SpansPerTrace = 10;
    private const ulong Start = 1_795_600_800_000_000_000;

    /// <summary>So many requests of so many spans, whose ids no other request has.</summary>
    public static byte[][] Make(int count, int spans, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => Request(spans, random))];

    private static byte[] Request(int spans, Random random)
    {
        var trace = new byte[16];
        var root = new byte[8];
        using var scope = new MemoryStream();
        Bytes(scope, 1, [.. Field(1, "bench"u8), .. Field(2, "1.0"u8)]);
        for (var i = 0; i < spans; i++)
        {
            var id = new byte[8];
            random.NextBytes(id);
            if (i % SpansPerTrace == 0)
            {
                random.NextBytes(trace);
                root = id;
            }

            Bytes(scope, 2, Span(trace, id, i % SpansPerTrace == 0 ? null : root, i));
        }

        using var resource = new MemoryStream();
        Bytes(resource, 1, [.. Attribute(1, "service.name", "planner"), .. Attribute(1, "telemetry.sdk.name", "bench")]);
        Bytes(resource, 2, scope.ToArray());
        return Field(1, resource.ToArray());
    }

    private static byte[] Span(byte[] trace, byte[] id, byte[]? parent, int i)
    {
        using var span = new MemoryStream();
        Bytes(span, 1, trace);
        Bytes(span, 2, id);
        if (parent is not null)
        {
            Bytes(span, 4, parent);
        }

        Bytes(span, 5, "chat small-model"u8);
        span.Write([6 << 3, 3]);
        Fixed(span, 7, Start + ((ulong)i * 1_000_000));
        Fixed(span, 8, Start + ((ulong)i * 1_000_000) + 250_000);
        span.Write(Attribute(9, "gen_ai.operation.name", "chat"));
        span.Write(Attribute(9, "gen_ai.request.model", "small-model"));
        span.Write(Attribute(9, "gen_ai.provider.name", "bench"));
        span.Write(Attribute(9, "server.address", "127.0.0.1"));
        span.Write(Number(9, "gen_ai.usage.input_tokens", (byte)(i % 100)));
        span.Write(Number(9, "gen_ai.usage.output_tokens", (byte)(i % 50)));
        return span.ToArray();
    }

    private static byte[] Attribute(int field, string key, string value) =>
        Field(field, [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, Field(1, Encoding.UTF8.GetBytes(value)))]);

    private static byte[] Number(int field, string key, byte value) =>
        Field(field, [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, [3 << 3, value])]);

    private static byte[] Field(int field, ReadOnlySpan<byte> value)
    {
        using var to = new MemoryStream();
        Bytes(to, field, value);
        return to.ToArray();
    }

    private static void Bytes(MemoryStream to, int field, ReadOnlySpan<byte> value)
    {
        to.WriteByte((byte)((field << 3) | 2));
        var length = (uint)value.Length;
        for (; length >= 0x80; length >>= 7)
        {
            to.WriteByte((byte)(length | 0x80));
        }

        to.WriteByte((byte)length);
        to.Write(value);
    }

    private static void Fixed(MemoryStream to, int field, ulong value)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = (byte)((field << 3) | 1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[1..], value);
        to.Write(bytes);
    }
}
