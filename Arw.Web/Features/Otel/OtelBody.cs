using System.Buffers;
using System.IO.Compression;
using Arw.Core.Primitives;
using Arw.Web.Hosting;

namespace Arw.Web.Features.Otel;

/// <summary>The body of an export request, uncompressed, in a pooled buffer that goes back when it is disposed.</summary>
internal sealed class OtelBody : IDisposable
{
    /// <summary>Most bytes of a body, before and after it is uncompressed.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private byte[] _buffer;

    private OtelBody(byte[] buffer, int length, int start = 0) => (_buffer, Bytes) = (buffer, buffer.AsMemory(start, length - start));

    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads a request's body.</summary>
    public static async Task<Result<OtelBody>> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var grpc = OtelAnswer.IsGrpc(request);
        var encoding = request.Headers[grpc ? "grpc-encoding" : "Content-Encoding"].ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            return new Refusal("unsupported_encoding", $"The body is compressed by \"{encoding}\", which is not understood here.", "Use gzip, or none.", 415);
        }

        if (!grpc)
        {
            return await FillAsync(request.Body, request.ContentLength, encoding == "gzip", context.RequestAborted);
        }

        if (!(await FillAsync(request.Body, request.ContentLength, gzip: false, context.RequestAborted)).TryGet(out var whole, out var refusal))
        {
            return refusal;
        }

        if (!GrpcFrame.Open(whole.Bytes).TryGet(out var message, out refusal))
        {
            whole.Dispose();
            return refusal;
        }

        if (!message.Compressed)
        {
            return new OtelBody(whole._buffer, whole.Bytes.Length, whole.Bytes.Length - message.Message.Length);
        }

        using (whole)
        {
            using var compressed = new MemoryStream(whole._buffer, whole.Bytes.Length - message.Message.Length, message.Message.Length);
            return await FillAsync(compressed, null, gzip: true, context.RequestAborted);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private static async Task<Result<OtelBody>> FillAsync(Stream from, long? expected, bool gzip, CancellationToken cancel)
    {
        if (expected > MaxBytes)
        {
            return Problems.TooLarge;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)(expected ?? 16 * 1024) + 1);
        try
        {
            await using var unzipped = gzip ? new GZipStream(from, CompressionMode.Decompress, leaveOpen: true) : null;
            var length = 0;
            while (await (unzipped ?? from).ReadAsync(buffer.AsMemory(length), cancel) is > 0 and var count)
            {
                length += count;
                if (length > MaxBytes)
                {
                    return Problems.TooLarge;
                }

                if (length == buffer.Length)
                {
                    Grow(ref buffer, length);
                }
            }

            var body = new OtelBody(buffer, length);
            buffer = [];
            return body;
        }
        catch (InvalidDataException)
        {
            return new Refusal("malformed_gzip", "The body says that it is gzip and is not.", "Compress it, or leave the header out.");
        }
        finally
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
