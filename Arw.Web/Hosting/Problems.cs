using System.Text.Json.Nodes;
using Arw.Core.Primitives;
using Microsoft.AspNetCore.WebUtilities;

namespace Arw.Web.Hosting;

/// <summary>How a request wants to be refused, where its protocol has a form of its own. Set as a feature of the request.</summary>
/// <param name="WriteAsync">Writes the refusal.</param>
public sealed record RefusalFormat(Func<HttpContext, Refusal, Task> WriteAsync);

/// <summary>Refusals as RFC 9457 problem details: <c>{type, title, status, detail, code, next?, …}</c>.</summary>
public static class Problems
{
    /// <summary>The media type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The body that tells of a refusal. The members of its details stand beside the standard ones, as far as they do not collide.</summary>
    public static JsonObject Body(Refusal refusal)
    {
        var body = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = ReasonPhrases.GetReasonPhrase(refusal.Status) is { Length: > 0 } phrase ? phrase : "Refused",
            ["status"] = refusal.Status,
            ["detail"] = refusal.Message,
            ["code"] = refusal.Code,
        };
        if (refusal.Next is { } next)
        {
            body["next"] = next;
        }

        if (refusal.Details is { } details)
        {
            var node = System.Text.Json.JsonSerializer.SerializeToNode(details, details.GetType(), ArwJson.Options);
            if (node is JsonObject members)
            {
                foreach (var (name, value) in members)
                {
                    body.TryAdd(name, value?.DeepClone());
                }
            }
            else
            {
                body.TryAdd("details", node);
            }
        }

        return body;
    }

    /// <summary>Answers a request with a refusal.</summary>
    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        if (context.Features.Get<RefusalFormat>() is { } format)
        {
            return format.WriteAsync(context, refusal);
        }

        context.Response.StatusCode = refusal.Status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(Body(refusal), ArwJson.Options, MediaType, context.RequestAborted);
    }

    /// <summary>A refusal as the result of a route.</summary>
    public static IResult ToProblem(this Refusal refusal) =>
        Results.Json(Body(refusal), ArwJson.Options, MediaType, refusal.Status);

    /// <summary>A value as JSON, or the refusal as a problem.</summary>
    public static IResult ToHttp<T>(this Result<T> result, int status = 200) =>
        result.TryGet(out var value, out var refusal) ? Results.Json(value, ArwJson.Options, statusCode: status) : refusal.ToProblem();

    /// <summary>Words for a bare status code that no route explained.</summary>
    internal static Refusal Explain(HttpContext context) => context.Response.StatusCode switch
    {
        404 => new Refusal("not_found", $"There is nothing at \"{context.Request.Path}\".", "The routes are listed in /spec/openapi.json.", 404),
        405 => new Refusal("method_not_allowed", $"\"{context.Request.Path}\" does not take {context.Request.Method}.", "The methods are listed in /spec/openapi.json.", 405),
        413 => TooLarge,
        415 => new Refusal("unsupported_media_type", $"The body's type \"{context.Request.ContentType}\" is not understood here.", "Send application/json.", 415),
        429 => new Refusal("rate_limited", "There were too many requests in a short time.", "Wait for the seconds named in Retry-After.", 429),
        var status => new Refusal("refused", $"The request was refused with status {status}.", null, status),
    };

    /// <summary>A body above the limit.</summary>
    internal static Refusal TooLarge { get; } = new("too_large", "The body is larger than 4 MiB.", "Send at most 4,194,304 bytes.", 413);
}
