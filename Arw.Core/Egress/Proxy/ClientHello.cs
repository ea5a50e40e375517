using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Arw.Core.Egress.Proxy;

/// <summary>What the first bytes of a tunnel are.</summary>
internal enum HelloKind
{
    /// <summary>Not to be said yet.</summary>
    Incomplete,

    /// <summary>Something else than TLS.</summary>
    NotTls,

    /// <summary>TLS that is malformed or larger than any honest one.</summary>
    Malformed,

    /// <summary>The beginning of TLS.</summary>
    Tls,
}

/// <summary>The first message of a TLS client, as far as the proxy reads it. Nothing is decrypted or changed.</summary>
/// <param name="Kind">What the bytes are.</param>
/// <param name="ServerName">The server that is asked for, lower case; null when none is named.</param>
internal readonly record struct ClientHello(HelloKind Kind, string? ServerName)
{
    private const int MaxBytes = 64 * 1024;
    private const byte Handshake = 22;
    private const int RecordHeader = 5;
    private const int MessageHeader = 4;

    /// <summary>Reads the first bytes of a connection; they may hold more than the message.</summary>
    public static ClientHello Read(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return new(HelloKind.Incomplete, null);
        }

        if (bytes.FirstSpan[0] != Handshake)
        {
            return new(HelloKind.NotTls, null);
        }

        var taken = bytes.Length > MaxBytes ? bytes.Slice(0, MaxBytes) : bytes;
        var read = Message(taken.IsSingleSegment ? taken.FirstSpan : taken.ToArray());
        return read.Kind == HelloKind.Incomplete && bytes.Length >= MaxBytes ? new(HelloKind.Malformed, null) : read;
    }

    // A message may be spread over several records.
    private static ClientHello Message(ReadOnlySpan<byte> bytes)
    {
        var message = new ArrayBufferWriter<byte>(bytes.Length);
        while (true)
        {
            if (bytes.Length >= 2 && (bytes[0] != Handshake || bytes[1] != 3))
            {
                return new(message.WrittenCount == 0 ? HelloKind.NotTls : HelloKind.Malformed, null);
            }

            if (bytes.Length < RecordHeader)
            {
                return new(HelloKind.Incomplete, null);
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
            if (length is 0 or > 16384 + 256)
            {
                return new(HelloKind.Malformed, null);
            }

            var record = bytes[RecordHeader..];
            message.Write(record[..Math.Min(length, record.Length)]);
            var so = message.WrittenSpan;
            if (so.Length > 0 && so[0] != 1)
            {
                return new(HelloKind.Malformed, null);
            }

            if (so.Length >= MessageHeader)
            {
                var wanted = MessageHeader + (so[1] << 16 | so[2] << 8 | so[3]);
                if (wanted > MaxBytes)
                {
                    return new(HelloKind.Malformed, null);
                }

                if (so.Length >= wanted)
                {
                    return Hello(so[MessageHeader..wanted]);
                }
            }

            if (record.Length < length)
            {
                return new(HelloKind.Incomplete, null);
            }

            bytes = record[length..];
        }
    }

    private static ClientHello Hello(ReadOnlySpan<byte> body)
    {
        var reader = new Cursor(body);
        if (!reader.Skip(2 + 32) || !reader.Take(1, out _) || !reader.Take(2, out _) || !reader.Take(1, out _))
        {
            return new(HelloKind.Malformed, null);
        }

        if (reader.Rest.IsEmpty)
        {
            return new(HelloKind.Tls, null);
        }

        if (!reader.Take(2, out var extensions) || !reader.Rest.IsEmpty)
        {
            return new(HelloKind.Malformed, null);
        }

        string? name = null;
        var each = new Cursor(extensions);
        while (!each.Rest.IsEmpty)
        {
            if (!each.Number(out var type) || !each.Take(2, out var data) || (type == 0 && (name is not null || (name = Name(data)) is null)))
            {
                return new(HelloKind.Malformed, null);
            }
        }

        return new(HelloKind.Tls, name);
    }

    // One host name and nothing else: two names, or another kind of name, are a trick.
    private static string? Name(ReadOnlySpan<byte> data)
    {
        var reader = new Cursor(data);
        if (!reader.Take(2, out var list) || !reader.Rest.IsEmpty || list.Length < 1 || list[0] != 0)
        {
            return null;
        }

        var names = new Cursor(list[1..]);
        return names.Take(2, out var name) && names.Rest.IsEmpty && name.Length is > 0 and <= 255 && name.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0
            ? Encoding.ASCII.GetString(name).ToLowerInvariant()
            : null;
    }

    private ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

        public bool Skip(int count)
        {
            if (Rest.Length < count)
            {
                return false;
            }

            Rest = Rest[count..];
            return true;
        }

        public bool Number(out int value)
        {
            value = Rest.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Rest) : 0;
            return Skip(2);
        }

        /// <summary>A field that begins with its own length, in one or two bytes.</summary>
        public bool Take(int lengthBytes, out ReadOnlySpan<byte> field)
        {
            field = default;
            if (Rest.Length < lengthBytes)
            {
                return false;
            }

            var length = lengthBytes == 1 ? Rest[0] : BinaryPrimitives.ReadUInt16BigEndian(Rest);
            if (Rest.Length < lengthBytes + length)
            {
                return false;
            }

            field = Rest.Slice(lengthBytes, length);
            Rest = Rest[(lengthBytes + length)..];
            return true;
        }
    }
}
