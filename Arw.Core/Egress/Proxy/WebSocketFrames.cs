using Arw.Core.Redaction;

namespace Arw.Core.Egress.Proxy;

/// <summary>Reads the frames that a WebSocket client sends (RFC 6455) while they pass by, and takes the mask off what they carry. Nothing is changed on the way.</summary>
internal sealed class WebSocketFrames
{
    private const int LongestHeader = 14;
    private const byte Masked = 0x80;
    private const byte Reserved = 0x70;

    private readonly byte[] _header = new byte[LongestHeader];
    private readonly byte[] _clear = new byte[4096];
    private int _have;
    private ulong _left;
    private int _at;

    /// <summary>Takes the next bytes; false when they are no frames of a client, or compressed ones, which nobody offered.</summary>
    /// <param name="bytes">What the client sent.</param>
    /// <param name="payload">Takes what the frames carry.</param>
    public bool Take(ReadOnlySpan<byte> bytes, OutboundWatch payload)
    {
        while (bytes.Length > 0)
        {
            if (_left > 0)
            {
                var some = (int)Math.Min(Math.Min(_left, (ulong)bytes.Length), (ulong)_clear.Length);
                for (var i = 0; i < some; i++)
                {
                    _clear[i] = (byte)(bytes[i] ^ _header[_have - 4 + (_at++ & 3)]);
                }

                payload.Add(_clear.AsSpan(0, some));
                bytes = bytes[some..];
                _left -= (ulong)some;
                continue;
            }

            if (_have > 1 && _have == Length)
            {
                _have = 0;
            }

            _header[_have++] = bytes[0];
            bytes = bytes[1..];
            if ((_header[0] & Reserved) != 0 || (_have > 1 && (_header[1] & Masked) == 0))
            {
                return false;
            }

            if (_have > 1 && _have == Length)
            {
                (_left, _at) = (Announced, 0);
            }
        }

        return true;
    }

    // Two bytes, none, two or eight of the length, four of the mask.
    private int Length => 2 + ((_header[1] & 0x7f) switch { 126 => 2, 127 => 8, _ => 0 }) + 4;

    private ulong Announced => (_header[1] & 0x7f) switch
    {
        126 => System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
        127 => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)),
        var length => (ulong)length,
    };
}
