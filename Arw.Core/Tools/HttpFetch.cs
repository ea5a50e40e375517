using System.ComponentModel;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Tools;

/// <summary>Input of <c>http.fetch</c>.</summary>
public sealed record FetchInput([property: Description("http or https URL")] string Url)
{
    /// <summary>HTTP method; GET by default.</summary>
    [Description("GET (default), HEAD, POST, PUT, PATCH, DELETE or OPTIONS")]
    public string Method { get; init; } = "GET";

    /// <summary>Header fields; none by default.</summary>
    [Description("Header fields by name; User-Agent, cookies and those of the transport are set by the guard")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Body text, sent as UTF-8; none by default.</summary>
    [Description("Body text, sent as UTF-8")]
    public string? Body { get; init; }

    /// <summary>Accept header; <c>*/*</c> by default.</summary>
    [Description("Accept header")]
    public string? Accept { get; init; }

    /// <summary>Most bytes of the body that are kept; 1 MiB by default, up to the limit of the egress settings.</summary>
    [Description("Most bytes of the body to keep; 1 MiB by default")]
    public long? MaxBytes { get; init; }

    /// <summary>Milliseconds for the whole request; the egress settings' limit by default and at most.</summary>
    [Description("Milliseconds for the whole request")]
    public int? TimeoutMs { get; init; }
}

/// <summary>Output of <c>http.fetch</c>.</summary>
public sealed record FetchOutput
{
    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The server's word for it.</summary>
    public required string StatusText { get; init; }

    /// <summary>Header fields, lower-case names; cookies hidden.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Milliseconds from asking to the last byte.</summary>
    public required long ElapsedMs { get; init; }

    /// <summary>Bytes of the body that were kept.</summary>
    public required long Bytes { get; init; }

    /// <summary>Digest of those bytes.</summary>
    public required string Digest { get; init; }

    /// <summary>The body when it is text; null otherwise.</summary>
    public string? Body { get; init; }

    /// <summary>The beginning of the body, at most 4 KiB, when it is not text; null otherwise.</summary>
    public string? BodyBase64 { get; init; }

    /// <summary>There was more than was kept.</summary>
    public required bool BodyTruncated { get; init; }

    /// <summary>Where the answer came from, without secrets.</summary>
    public required string FinalUrl { get; init; }

    /// <summary>Redirects on the way.</summary>
    public required IReadOnlyList<FollowedRedirect> Redirects { get; init; }
}

/// <summary>Action <c>http.fetch</c>: one request through the guard.</summary>
public sealed class HttpFetch(GuardedHttp http, EgressSettingsModel settings, TimeProvider time) : ActionKind<FetchInput>
{
    private const long DefaultBytes = 1024 * 1024;
    private const int PreviewBytes = 4096;

    /// <inheritdoc/>
    public override string Id => "http.fetch";

    /// <inheritdoc/>
    public override string Title => "Fetch a web address";

    /// <inheritdoc/>
    public override string Summary => "Sends one HTTP request and returns the answer. Every hop needs permission and is recorded in the egress ledger.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.External;

    /// <inheritdoc/>
    protected override string Describe(FetchInput input) =>
        EgressTarget.Parse(input.Url).TryGet(out var target, out _)
            ? $"{input.Method.ToUpperInvariant()} {UrlRedaction.Redact(target.Url.AbsoluteUri)}"
            : Title;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(FetchInput input, ActionContext context)
    {
        if (input.MaxBytes is < 0 || input.TimeoutMs is < 1)
        {
            return Refusal.Invalid("max_bytes and timeout_ms must be positive.", "Leave them out for the defaults.");
        }

        return FetchNeeds.Of(input.Method.ToUpperInvariant(), input.Url);
    }

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(FetchInput input, ActionRun run, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var limits = settings.Current.Limits;
        limits = limits with { TotalMs = Math.Min(input.TimeoutMs ?? limits.TotalMs, limits.TotalMs) };
        if (!(await http.SendAsync(Request(input, limits), run, cancel)).TryGet(out var answer, out var refusal))
        {
            return refusal;
        }

        await using (answer)
        {
            var most = Math.Min(input.MaxBytes ?? DefaultBytes, limits.MaxBodyBytes);
            if (!(await answer.ReadAsync(most, cancel)).TryGet(out var body, out refusal))
            {
                return refusal;
            }

            var elapsed = (long)time.GetElapsedTime(began).TotalMilliseconds;
            return Output(answer, body, elapsed);
        }
    }

    private static GuardedRequest Request(FetchInput input, EgressLimits limits)
    {
        var headers = (input.Headers ?? new Dictionary<string, string>()).ToList();
        if (input.Accept is not null)
        {
            headers.Add(new("Accept", input.Accept));
        }

        return new GuardedRequest(input.Method.ToUpperInvariant(), input.Url)
        {
            Headers = headers,
            Body = input.Body is null ? null : Encoding.UTF8.GetBytes(input.Body),
            Limits = limits,
        };
    }

    private static JsonNode? Output(GuardedResponse answer, BodyBytes body, long elapsed)
    {
        var text = WireText.IsText(answer.ContentType, body.Bytes)
            ? WireText.Decode(body.Bytes, WireText.CharsetOf(answer.ContentType), body.Truncated).Text
            : null;
        return System.Text.Json.JsonSerializer.SerializeToNode(
            new FetchOutput
            {
                Status = answer.Status,
                StatusText = answer.Reason,
                Headers = answer.Headers(),
                ElapsedMs = elapsed,
                Bytes = body.Bytes.Length,
                Digest = Primitives.Digest.Of(body.Bytes),
                Body = text,
                BodyBase64 = text is null ? Convert.ToBase64String(body.Bytes.AsSpan(0, Math.Min(body.Bytes.Length, PreviewBytes))) : null,
                BodyTruncated = body.Truncated,
                FinalUrl = UrlRedaction.Redact(answer.Url.AbsoluteUri),
                Redirects = answer.Redirects,
            },
            ArwJson.Options);
    }
}

/// <summary>What a request to a URL needs, before it is sent.</summary>
internal static class FetchNeeds
{
    public static Result<IReadOnlyList<Capability>> Of(string method, string url) =>
        !EgressTarget.Parse(url).TryGet(out var target, out var refusal)
            || !Capability.ParseHttp(method, target.Url.AbsoluteUri).TryGet(out var capability, out refusal)
            ? refusal
            : new[] { capability };
}
