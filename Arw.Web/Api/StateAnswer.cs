using System.Text.Json.Nodes;
using Arw.Core.Primitives;

namespace Arw.Web.Api;

/// <summary>Answers with state: JSON under an entity tag, 304 to who has it already.</summary>
internal static class StateAnswer
{
    /// <summary>Answers with a value that is tagged by its content.</summary>
    public static IResult Of(JsonObject value)
    {
        var body = ArwJson.ToUtf8(value);
        return new Tagged(Digest.Of(body)[7..31], body);
    }

    /// <summary>Answers with JSON under a tag.</summary>
    public static async Task WriteAsync(HttpContext context, string tag, ReadOnlyMemory<byte> body)
    {
        var quoted = $"\"{tag}\"";
        context.Response.Headers.ETag = quoted;
        context.Response.Headers.CacheControl = "private, no-cache";
        if (context.Request.Headers.IfNoneMatch.Contains(quoted))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private sealed class Tagged(string tag, byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, tag, body);
    }
}
