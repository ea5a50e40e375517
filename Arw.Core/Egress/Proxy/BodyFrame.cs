using System.Globalization;
using Arw.Core.Redaction;

namespace Arw.Core.Egress.Proxy;

/// <summary>Knows where the body of an HTTP/1 message ends, while its bytes pass by. What follows the body is another message, and nobody has decided on that one.</summary>
internal sealed class BodyFrame
{
    private const int MaxLine = 4096;
    private const int MaxTrailers = 16 * 1024;
    private const int MaxSizeDigits = 15;

    private enum Part
    {
        Length,
        UntilClose,
        Size,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        TrailerStart,
        Trailer,
        TrailerEnd,
        LastEnd,
        Done,
        Broken,
    }

    private Part _part;
    private long _left;
    private int _line;
    private int _trailers;

    private BodyFrame(Part part, long left) => (_part, _left) = (part, left);

    /// <summary>No body.</summary>
    public static BodyFrame None() => new(Part.Done, 0);

    /// <summary>All that comes until the connection ends.</summary>
    public static BodyFrame UntilClose() => new(Part.UntilClose, 0);

    /// <summary>True when the body is complete.</summary>
    public bool Done => _part == Part.Done;

    /// <summary>True when its chunks are malformed.</summary>
    public bool Broken => _part == Part.Broken;

    /// <summary>True when the end of the connection is a proper end.</summary>
    public bool MayEnd => _part is Part.Done or Part.UntilClose;

    /// <summary>The frame that a head announces; null when it is contradictory.</summary>
    /// <param name="head">The head.</param>
    /// <param name="unsaid">What holds when it announces nothing.</param>
    public static BodyFrame? Of(HttpHead head, Func<BodyFrame> unsaid)
    {
        // Named as fields of this connection only, they would not be passed on, and what follows the head would be another message to the next reader.
        if (head.Lists("Connection", "Content-Length") || head.Lists("Connection", "Transfer-Encoding"))
        {
            return null;
        }

        var (lengths, codings) = (head.Count("Content-Length"), head.Count("Transfer-Encoding"));
        if (codings > 0)
        {
            // Both at once, or another coding: two readers would see two messages.
            return lengths == 0 && codings == 1 && head.One("Transfer-Encoding")!.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? new(Part.Size, 0) : null;
        }

        if (lengths == 0)
        {
            return unsaid();
        }

        return lengths == 1 && head.One("Content-Length") is { Length: > 0 and <= 18 } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length == 0 ? None() : new(Part.Length, length)
            : null;
    }

    /// <summary>How many of these bytes belong to the body.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="content">Takes what the body holds, without its framing; null = nobody looks.</param>
    /// <param name="aside">Takes what stands beside it: extensions of chunks and trailers.</param>
    public int Take(ReadOnlySpan<byte> bytes, OutboundWatch? content = null, OutboundWatch? aside = null)
    {
        var taken = 0;
        while (taken < bytes.Length && _part is not (Part.Done or Part.Broken))
        {
            if (_part == Part.UntilClose)
            {
                content?.Add(bytes[taken..]);
                return bytes.Length;
            }

            if (_part is Part.Length or Part.Data)
            {
                var step = (int)Math.Min(_left, bytes.Length - taken);
                content?.Add(bytes.Slice(taken, step));
                (_left, taken) = (_left - step, taken + step);
                if (_left == 0)
                {
                    _part = _part == Part.Length ? Part.Done : Part.DataReturn;
                }
            }
            else
            {
                if (_part is Part.Extension or Part.TrailerStart or Part.Trailer)
                {
                    aside?.Add(bytes.Slice(taken, 1));
                }

                _part = Next(bytes[taken++]);
            }
        }

        return taken;
    }

    private Part Next(byte b)
    {
        switch (_part)
        {
            case Part.Size when Digit(b) is >= 0 and var digit:
                _left = (_left << 4) + digit;
                return ++_line > MaxSizeDigits ? Part.Broken : Part.Size;
            case Part.Size when _line > 0 && b is (byte)';' or (byte)' ' or (byte)'\t':
                return Part.Extension;
            case Part.Size or Part.Extension when _line > 0 && b == '\r':
                return Part.SizeEnd;
            case Part.Extension when b != '\n':
                return ++_line > MaxLine ? Part.Broken : Part.Extension;
            case Part.SizeEnd when b == '\n':
                _line = 0;
                return _left == 0 ? Part.TrailerStart : Part.Data;
            case Part.DataReturn when b == '\r':
                return Part.DataEnd;
            case Part.DataEnd when b == '\n':
                _left = 0;
                return Part.Size;
            case Part.TrailerStart when b == '\r':
                return Part.LastEnd;
            case Part.TrailerStart or Part.Trailer when b is not ((byte)'\n' or (byte)'\r'):
                return ++_trailers > MaxTrailers ? Part.Broken : Part.Trailer;
            case Part.Trailer when b == '\r':
                return Part.TrailerEnd;
            case Part.TrailerEnd when b == '\n':
                return Part.TrailerStart;
            case Part.LastEnd when b == '\n':
                return Part.Done;
            default:
                return Part.Broken;
        }
    }

    private static int Digit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
