using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>A redirect that was followed.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Url">Where it led, without secrets.</param>
public sealed record FollowedRedirect(int Status, string Url);

/// <summary>Bytes of a body.</summary>
/// <param name="Bytes">What was read.</param>
/// <param name="Truncated">There was more than was wanted.</param>
public sealed record BodyBytes(byte[] Bytes, bool Truncated);

/// <summary>An answer whose head has been read. Dispose it: that ends the connection and closes the ledger row.</summary>
public sealed class GuardedResponse : IAsyncDisposable
{
    internal GuardedResponse(HttpResponseMessage head, Stream body, EgressTarget target, IReadOnlyList<FollowedRedirect> redirects)
    {
        (Head, Body, Url, Redirects) = (head, body, target.Url, redirects);
        Status = (int)head.StatusCode;
        Reason = head.ReasonPhrase ?? "";
        ContentType = head.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : null;
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>The server's word for the status; empty for none.</summary>
    public string Reason { get; }

    /// <summary>The content type as sent; null for none.</summary>
    public string? ContentType { get; }

    /// <summary>Where the answer came from, after redirects.</summary>
    public Uri Url { get; }

    /// <summary>Redirects on the way, in order.</summary>
    public IReadOnlyList<FollowedRedirect> Redirects { get; }

    /// <summary>The body, decompressed and bounded. Reading throws <see cref="EgressRefusedException"/> when the guard cuts it.</summary>
    public Stream Body { get; }

    internal HttpResponseMessage Head { get; }

    /// <summary>Header fields as sent, repeated ones joined by commas. Cookies are hidden: the guard keeps none, and the journal must not.</summary>
    public IReadOnlyDictionary<string, string> Headers()
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Head.Headers.NonValidated.Concat(Head.Content.Headers.NonValidated))
        {
            var lower = name.ToLowerInvariant();
            headers[lower] = lower is "set-cookie" or "set-cookie2" ? "***" : value.ToString();
        }

        return headers;
    }

    /// <summary>Reads the body up to a size; a refusal when the guard cuts it.</summary>
    /// <param name="most">Most bytes to return.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<Result<BodyBytes>> ReadAsync(long most, CancellationToken cancel)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[32 * 1024];
        try
        {
            while (true)
            {
                // One byte more than wanted tells whether there is more.
                var wanted = (int)Math.Min(buffer.Length, most - bytes.Length + 1);
                var read = await Body.ReadAsync(buffer.AsMemory(0, wanted), cancel);
                if (read == 0)
                {
                    return new BodyBytes(bytes.ToArray(), false);
                }

                var room = (int)Math.Min(read, most - bytes.Length);
                bytes.Write(buffer, 0, room);
                if (room < read)
                {
                    return new BodyBytes(bytes.ToArray(), true);
                }
            }
        }
        catch (EgressRefusedException e)
        {
            return e.Refusal;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        Head.Dispose();
    }
}
