using System.Text.Json;
using Arw.Core.Primitives;

namespace Arw.Web.Api;

/// <summary>Reads JSON bodies: one value, no duplicate names, no unknown members; each fault in words.</summary>
public static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The body as a document, which the caller disposes. Too large a body is answered by the host.</summary>
    public static async Task<Result<JsonDocument>> ReadAsync(HttpRequest request)
    {
        // Insisting on the type also keeps forms of other sites out: they cannot send it.
        if (!request.HasJsonContentType())
        {
            return new Refusal("unsupported_media_type", $"The body's type \"{request.ContentType}\" is not JSON.", "Send Content-Type: application/json.", 415);
        }

        try
        {
            return await JsonDocument.ParseAsync(request.Body, Options, request.HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a character in a name is told as the latter.
            return new Refusal("malformed_json", $"The body is not valid JSON: {e.Message}", "Send one JSON value as UTF-8.");
        }
    }

    /// <summary>The body as a value.</summary>
    public static async Task<Result<T>> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        if (!(await ReadAsync(request)).TryGet(out var document, out var refusal))
        {
            return refusal;
        }

        using (document)
        {
            return Parse<T>(document.RootElement);
        }
    }

    /// <summary>An element as a value.</summary>
    public static Result<T> Parse<T>(JsonElement element)
        where T : class
    {
        try
        {
            return element.Deserialize<T>(ArwJson.Strict) is { } value ? value : Refusal.Invalid("The body is null.", "Send an object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refusal.Invalid(e.Message, "See /spec/openapi.json for the members.");
        }
    }
}
