using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>A request as an executor asks for it.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Url">URL as given; it is normalised, or refused.</param>
public sealed record GuardedRequest(string Method, string Url)
{
    private const int MaxHeaders = 64;
    private const int MaxHeaderChars = 32 * 1024;

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    // The guard's own, or able to confuse a server about where a request ends or whom it is for.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept-Encoding", "Connection", "Content-Length", "Cookie", "Expect", "Host", "Keep-Alive", "Proxy-Authorization",
        "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Via", "Forwarded",
    };

    // What may follow a redirect to another origin: nothing that could carry a credential.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Language", "Cache-Control", "Content-Type", "If-Modified-Since", "If-None-Match", "Range",
    };

    private static readonly System.Buffers.SearchValues<char> TokenCharacters =
        System.Buffers.SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Header fields. User-Agent, cookies and those of the transport are the guard's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Body; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Limits of this request instead of the settings'; null = the settings'.</summary>
    public EgressLimits? Limits { get; init; }

    /// <summary>Whether the header is the guard's to set.</summary>
    internal static bool IsReserved(string header) => Reserved.Contains(header) || header.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same request for another origin: without headers that could carry a credential.</summary>
    internal GuardedRequest WithoutCredentials() => this with { Headers = [.. Headers.Where(h => Harmless.Contains(h.Key))] };

    /// <summary>Why the request cannot be sent as it is (<c>invalid_input</c>, <c>header_not_allowed</c>, <c>request_too_large</c>); null when it can.</summary>
    internal Refusal? Fault(EgressLimits limits)
    {
        if (!Methods.Contains(Method))
        {
            return Refusal.Invalid($"\"{Method}\" is not a method that can be sent.", $"Use one of {string.Join(", ", Methods)}.");
        }

        if (Body is { Length: > 0 } && (Method is "GET" or "HEAD"))
        {
            return Refusal.Invalid($"A {Method} request has no body.", "Use POST, or leave the body out.");
        }

        if (Body?.Length > limits.MaxRequestBytes)
        {
            return new Refusal("request_too_large", $"The request body has {Body.Length} bytes; {limits.MaxRequestBytes} are allowed.", "Send less.", 413);
        }

        if (Headers.Count > MaxHeaders || Headers.Sum(h => h.Key.Length + h.Value.Length) > MaxHeaderChars)
        {
            return Refusal.Invalid("The request has too many headers.", $"Send at most {MaxHeaders} with {MaxHeaderChars} characters in all.");
        }

        foreach (var (name, value) in Headers)
        {
            if (name.Length == 0 || name.AsSpan().IndexOfAnyExcept(TokenCharacters) >= 0 || value.Any(c => c is (< ' ' and not '\t') or > '~'))
            {
                return Refusal.Invalid($"The header \"{name}\" is malformed.", "Use printable ASCII without line breaks.");
            }

            if (IsReserved(name))
            {
                return new Refusal("header_not_allowed", $"The header \"{name}\" is set by the guard.", "Leave it out.", 422);
            }
        }

        return null;
    }
}

/// <summary>A request that the guard did not let through or cut; thrown where a stream or handler cannot return a value.</summary>
public sealed class EgressRefusedException : HttpRequestException
{
    /// <summary>An exception for a refusal.</summary>
    public EgressRefusedException(Refusal refusal, Exception? inner = null)
        : base(refusal.ToString(), inner) => Refusal = refusal;

    /// <summary>Why.</summary>
    public Refusal Refusal { get; }
}
