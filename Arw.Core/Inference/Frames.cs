using System.Buffers.Binary;
using System.Text.Json;
using Arw.Core.Primitives;

namespace Arw.Core.Inference;

/// <summary>Frames on a stream: a 4-byte little-endian length, then that many bytes of JSON.</summary>
public static class Frames
{
    /// <summary>Largest frame, in bytes: 8 MiB. A longer one is a fault of the peer and is never read into memory.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Writes a value as one frame.</summary>
    /// <exception cref="InvalidDataException">The value is larger than <see cref="MaxBytes"/>.</exception>
    public static async Task WriteAsync<T>(Stream stream, T value, CancellationToken cancel)
    {
        var body = ArwJson.ToUtf8(value);
        if (body.Length > MaxBytes)
        {
            throw new InvalidDataException($"A frame of {body.Length} bytes exceeds the limit of {MaxBytes}.");
        }

        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        await stream.WriteAsync(frame, cancel);
        await stream.FlushAsync(cancel);
    }

    /// <summary>Reads one frame.</summary>
    /// <exception cref="EndOfStreamException">The stream ended before or inside the frame.</exception>
    /// <exception cref="InvalidDataException">The length is not between 1 and <see cref="MaxBytes"/>, or the body is not such a value.</exception>
    public static async Task<T> ReadAsync<T>(Stream stream, CancellationToken cancel)
    {
        var header = new byte[4];
        await stream.ReadExactlyAsync(header, cancel);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < 1 or > MaxBytes)
        {
            throw new InvalidDataException($"A frame announces {length} bytes; 1 to {MaxBytes} are allowed.");
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancel);
        try
        {
            return ArwJson.FromUtf8<T>(body);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"A frame holds no {typeof(T).Name}.", e);
        }
    }
}
