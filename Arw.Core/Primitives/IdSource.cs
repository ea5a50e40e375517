using System.Security.Cryptography;

namespace Arw.Core.Primitives;

/// <summary>Makes ULIDs (26 characters, Crockford base 32): 48 bits of milliseconds, 80 bits of randomness. Ids of one millisecond rise, so that they sort in the order of their making.</summary>
/// <param name="time">The clock.</param>
/// <param name="fill">Fills a span with random bytes; the operating system's generator by default.</param>
public sealed class IdSource(TimeProvider time, Action<Span<byte>>? fill = null)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private readonly Action<Span<byte>> _fill = fill ?? RandomNumberGenerator.Fill;
    private readonly Lock _gate = new();
    private readonly byte[] _entropy = new byte[10];
    private long _lastMs = -1;

    /// <summary>A new id.</summary>
    public string New()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_gate)
        {
            var ms = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (ms > _lastMs)
            {
                _lastMs = ms;
                _fill(_entropy);
            }
            else
            {
                // Same millisecond, or a clock that went back: count up, so that order and uniqueness hold.
                var i = _entropy.Length - 1;
                while (i >= 0 && ++_entropy[i] == 0)
                {
                    i--;
                }
            }

            for (var i = 0; i < 6; i++)
            {
                bytes[i] = (byte)(_lastMs >> (40 - 8 * i));
            }

            _entropy.CopyTo(bytes[6..]);
        }

        return Encode(bytes);
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var value = new UInt128(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        return string.Create(26, value, static (span, v) =>
        {
            for (var i = 25; i >= 0; i--)
            {
                span[i] = Alphabet[(int)(v & 31)];
                v >>= 5;
            }
        });
    }
}
