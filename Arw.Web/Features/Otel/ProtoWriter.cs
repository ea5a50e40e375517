using System.Buffers;
using System.Text;

namespace Arw.Web.Features.Otel;

/// <summary>Writes the few small protobuf messages that exporters are answered with.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _out = new(64);

    /// <summary>The message so far.</summary>
    public ReadOnlyMemory<byte> Written => _out.WrittenMemory;

    /// <summary>A number; zero is not written.</summary>
    public ProtoWriter Number(int field, ulong value)
    {
        if (value != 0)
        {
            Varint((ulong)field << 3);
            Varint(value);
        }

        return this;
    }

    /// <summary>A text; an empty one is not written.</summary>
    public ProtoWriter Text(int field, string? text) => string.IsNullOrEmpty(text) ? this : Bytes(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A message within this one.</summary>
    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.Written.Span);

    private ProtoWriter Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)bytes.Length);
        _out.Write(bytes);
        return this;
    }

    private void Varint(ulong value)
    {
        var span = _out.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        _out.Advance(length);
    }
}
