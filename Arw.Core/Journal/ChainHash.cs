using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Arw.Core.Journal;

/// <summary>The hash chain over the journal. A payload can be erased with its salt, or archived, and the chain still verifies, because it covers the payload's digest only.</summary>
public sealed class ChainHash
{
    private byte[] _buffer = new byte[512];
    private int _length;

    /// <summary>The hash before the first event: 32 zero bytes.</summary>
    public static byte[] Genesis { get; } = new byte[32];

    /// <summary>SHA-256(salt, payload).</summary>
    public static byte[] PayloadDigest(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> payload)
    {
        var length = salt.Length + payload.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            // One call on one buffer costs less than a hash object that is fed twice.
            salt.CopyTo(rented);
            payload.CopyTo(rented.AsSpan(salt.Length));
            return SHA256.HashData(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>SHA-256(previous hash, seq … parent_id in column order, payload digest). Every field is a null mark (0 or 1), then for a value its length (4 bytes little endian) and its bytes; numbers are 8 bytes little endian, texts UTF-8. Not thread-safe: one instance per reader.</summary>
    public byte[] Next(ReadOnlySpan<byte> previous, EventRow row)
    {
        Begin(previous);
        Field(row.Seq);
        Field(row.Recorded);
        Field(row.Time);
        Text(row.Kind);
        Text(row.Subject);
        Text(row.Actor);
        Text(row.Project);
        Text(row.CorrId);
        Text(row.SpanId);
        Text(row.ParentId);
        var hash = new byte[32];
        End(row.PayloadDigest, hash);
        return hash;
    }

    /// <summary>Starts a row; its fields follow in column order.</summary>
    internal void Begin(ReadOnlySpan<byte> previous)
    {
        _length = 0;
        previous.CopyTo(Reserve(previous.Length));
    }

    /// <summary>A number.</summary>
    internal void Field(long value)
    {
        var field = Reserve(13);
        field[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(field[1..], 8);
        BinaryPrimitives.WriteInt64LittleEndian(field[5..], value);
    }

    /// <summary>A text as its UTF-8 bytes, so that a reader of stored rows needs no strings.</summary>
    internal void Field(ReadOnlySpan<byte> utf8)
    {
        var field = Reserve(5 + utf8.Length);
        field[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(field[1..], utf8.Length);
        utf8.CopyTo(field[5..]);
    }

    /// <summary>A field without a value.</summary>
    internal void Null() => Reserve(1)[0] = 0;

    /// <summary>Closes the row.</summary>
    internal void End(ReadOnlySpan<byte> payloadDigest, Span<byte> hash)
    {
        payloadDigest.CopyTo(Reserve(payloadDigest.Length));
        SHA256.HashData(_buffer.AsSpan(0, _length), hash);
    }

    private void Text(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        var field = Reserve(5 + length);
        field[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(field[1..], length);
        Encoding.UTF8.GetBytes(value, field[5..]);
    }

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
