using System.Buffers;
using System.Globalization;
using System.Text;

namespace Arw.Web.Streaming;

/// <summary>Writes server-sent events as bytes. Data is compact JSON, so that it holds no line break.</summary>
internal static class SseFrames
{
    /// <summary>A frame with an id, a name and data.</summary>
    public static void Write(IBufferWriter<byte> output, long id, string name, ReadOnlySpan<byte> data)
    {
        WriteId(output, id);
        WriteBody(output, name, data);
    }

    /// <summary>A frame without an id: a reader's place in the journal stays as it was.</summary>
    public static byte[] Unnumbered(string name, ReadOnlySpan<byte> data)
    {
        var output = new ArrayBufferWriter<byte>(data.Length + name.Length + 20);
        WriteBody(output, name, data);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A comment with the last seq looked at, so that a reader whose filter is quiet resumes from there.</summary>
    public static void WriteHeartbeat(IBufferWriter<byte> output, long scanned)
    {
        output.Write(": hb\n"u8);
        WriteId(output, scanned);
        output.Write("\n"u8);
    }

    private static void WriteId(IBufferWriter<byte> output, long id)
    {
        output.Write("id: "u8);
        Span<byte> digits = stackalloc byte[20];
        id.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        output.Write(digits[..length]);
        output.Write("\n"u8);
    }

    private static void WriteBody(IBufferWriter<byte> output, string name, ReadOnlySpan<byte> data)
    {
        output.Write("event: "u8);
        Encoding.UTF8.GetBytes(name, output);
        output.Write("\ndata: "u8);
        output.Write(data);
        output.Write("\n\n"u8);
    }
}
