using System.IO.Compression;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>The body of an answer: decompressed, bounded in size and in what it may unfold to. Reading past a limit throws <see cref="EgressRefusedException"/>; ending or disposing it closes the ledger row.</summary>
internal sealed class GuardedBody : Stream
{
    // Below this a good ratio is normal: a page of blanks is no attack.
    private const long RatioFrom = 1024 * 1024;

    private readonly Exchange _exchange;
    private readonly IAsyncDisposable _lifetime;
    private readonly Stream _inner;
    private readonly EgressLimits _limits;
    private readonly bool _unfolds;
    private long _read;
    private bool _ended;

    private GuardedBody(Exchange exchange, IAsyncDisposable lifetime, Stream inner, bool unfolds, EgressLimits limits) =>
        (_exchange, _lifetime, _inner, _unfolds, _limits) = (exchange, lifetime, inner, unfolds, limits);

    /// <summary>Wraps a body; refuses a declared size over the limit (<c>response_too_large</c>) and encodings that nobody asked for (<c>unsupported_encoding</c>).</summary>
    public static Result<Stream> Open(Exchange exchange, IAsyncDisposable lifetime, Stream raw, long? declared, ICollection<string> encodings, bool hasBody, EgressLimits limits)
    {
        var encoding = encodings.Count switch
        {
            0 => "identity",
            1 => encodings.First().ToLowerInvariant(),
            _ => string.Join(", ", encodings),
        };
        if (hasBody && declared > limits.MaxBodyBytes)
        {
            return TooLarge(limits, declared);
        }

        Stream? inner = !hasBody ? raw : encoding switch
        {
            "identity" or "" => raw,
            "gzip" or "x-gzip" => new GZipStream(raw, CompressionMode.Decompress),
            "br" => new BrotliStream(raw, CompressionMode.Decompress),
            _ => null,
        };
        return inner is null
            ? new Refusal("unsupported_encoding", $"The server answered in the encoding \"{encoding}\", which was not asked for.", "Ask the server's operator.", 502)
            : new GuardedBody(exchange, lifetime, inner, inner != raw, limits);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended)
        {
            return 0;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_exchange.Stop, cancellationToken);
        try
        {
            var read = await _inner.ReadAsync(buffer, linked.Token);
            _read += read;
            if (_read > _limits.MaxBodyBytes)
            {
                throw new EgressRefusedException(TooLarge(_limits, null));
            }

            if (_unfolds && _read > RatioFrom && _read / Math.Max(1, _exchange.BytesIn) > _limits.MaxRatio)
            {
                throw new EgressRefusedException(new Refusal(
                    "compression_bomb",
                    $"The answer unfolds to more than {_limits.MaxRatio} times its size.",
                    "It was not read further. Ask the server's operator for an uncompressed answer.",
                    502));
            }

            if (_exchange.OverLease)
            {
                throw new EgressRefusedException(new Refusal(
                    "lease_used_up",
                    "The lease that permitted the request has no bytes left.",
                    "It was not read further. Ask a person for a lease with more bytes.",
                    403));
            }

            if (read == 0 && buffer.Length > 0)
            {
                _ended = true;
                await _exchange.CloseAsync(EgressOutcome.Ok);
            }

            return read;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !_exchange.Stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException or InvalidDataException)
        {
            throw new EgressRefusedException(await _exchange.FailAsync(e), e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        await _lifetime.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Callers of HttpClient dispose answers synchronously; the row's closing is then written behind them.
            _inner.Dispose();
            _ = _lifetime.DisposeAsync().AsTask();
        }

        base.Dispose(disposing);
    }

    private static Refusal TooLarge(EgressLimits limits, long? declared) => new(
        "response_too_large",
        declared is null ? $"The answer is larger than {limits.MaxBodyBytes} bytes." : $"The answer has {declared} bytes; {limits.MaxBodyBytes} are allowed.",
        "Ask for less, or raise the limit in the egress settings.",
        502);
}
