using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Arw.Core.Primitives;

namespace Arw.Web.Features.Otel;

/// <summary>gRPC around one message: five bytes before it (compressed or not, length) and the outcome in trailers. All that a unary call needs.</summary>
internal static class GrpcFrame
{
    private const int Prefix = 5;
    private const string MediaType = "application/grpc";

    /// <summary>The message of a request's body, and whether it is compressed.</summary>
    public static Result<(ReadOnlyMemory<byte> Message, bool Compressed)> Open(ReadOnlyMemory<byte> body)
    {
        var span = body.Span;
        return span.Length >= Prefix && span[0] <= 1 && BinaryPrimitives.ReadUInt32BigEndian(span[1..]) == span.Length - Prefix
            ? (body[Prefix..], span[0] == 1)
            : new Refusal("malformed_grpc", "The body is not one gRPC message.", "Send a unary call.");
    }

    /// <summary>Answers with a message.</summary>
    public static async Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> message)
    {
        context.Response.ContentType = MediaType;
        var frame = new byte[Prefix + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsMemory(Prefix));
        await context.Response.BodyWriter.WriteAsync(frame, context.RequestAborted);
        Outcome(context, 0);
    }

    /// <summary>Refuses: the HTTP status is always 200, the outcome stands in the trailers.</summary>
    /// <param name="context">The call.</param>
    /// <param name="code">Status code of gRPC.</param>
    /// <param name="message">Why, in words.</param>
    /// <param name="status">The same as a <c>google.rpc.Status</c>.</param>
    /// <param name="retry">Seconds after which the caller may come back; null = not at all.</param>
    public static Task RefuseAsync(HttpContext context, int code, string message, ReadOnlySpan<byte> status, int? retry)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = MediaType;
        Set(context, "grpc-message", Escape(message));
        Set(context, "grpc-status-details-bin", Convert.ToBase64String(status).TrimEnd('='));
        if (retry is { } seconds)
        {
            Set(context, "grpc-retry-pushback-ms", (seconds * 1000).ToString(CultureInfo.InvariantCulture));
        }

        Outcome(context, code);
        return context.Response.StartAsync(context.RequestAborted);
    }

    private static void Outcome(HttpContext context, int code) => Set(context, "grpc-status", code.ToString(CultureInfo.InvariantCulture));

    // A caller that speaks gRPC over HTTP/1.1 by mistake gets no trailers, but reads headers.
    private static void Set(HttpContext context, string name, string value)
    {
        if (context.Response.SupportsTrailers())
        {
            context.Response.AppendTrailer(name, value);
        }
        else if (!context.Response.HasStarted)
        {
            context.Response.Headers[name] = value;
        }
    }

    // Percent-encoding of everything but printable ASCII, as gRPC wants it.
    private static string Escape(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(message))
        {
            if (octet is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return text.ToString();
    }
}
