using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Core.Otel;
using Arw.Core.Primitives;

namespace Arw.Web.Features.Otel;

/// <summary>Answers to exporters: what was taken, or a refusal as <c>google.rpc.Status</c>, in the protocol and encoding of the request.</summary>
internal static class OtelAnswer
{
    private const string RetryInfoType = "type.googleapis.com/google.rpc.RetryInfo";
    private const int RetrySeconds = 1;

    /// <summary>Whether the request is JSON; any other is taken for protobuf.</summary>
    public static bool IsJson(HttpRequest request) => request.HasJsonContentType();

    /// <summary>Whether the request came by gRPC.</summary>
    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    /// <summary>Says that everything that was not rejected is durable.</summary>
    public static Task AcceptAsync(HttpContext context, OtelSignal signal, OtelAccepted accepted)
    {
        if (IsJson(context.Request))
        {
            var body = new JsonObject();
            if (accepted.Rejected > 0)
            {
                body["partialSuccess"] = new JsonObject
                {
                    [signal == OtelSignal.Traces ? "rejectedSpans" : "rejectedLogRecords"] = accepted.Rejected.ToString(CultureInfo.InvariantCulture),
                    ["errorMessage"] = accepted.Why,
                };
            }

            return WriteJsonAsync(context, body);
        }

        // An empty message, which says "all of it", has no bytes.
        var message = new ProtoWriter();
        if (accepted.Rejected > 0)
        {
            message.Message(1, new ProtoWriter().Number(1, (ulong)accepted.Rejected).Text(2, accepted.Why));
        }

        return IsGrpc(context.Request) ? GrpcFrame.AnswerAsync(context, message.Written) : WriteProtobufAsync(context, message.Written);
    }

    /// <summary>Refuses. Who may come back is told when.</summary>
    public static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        var response = context.Response;
        var retry = Retry(response, refusal.Status);
        var message = refusal.Next is { } next ? $"{refusal.Message} {next}" : refusal.Message;
        if (IsGrpc(context.Request))
        {
            return GrpcFrame.RefuseAsync(context, GrpcCode(refusal.Status), message, Status(refusal.Status, message, retry).Written.Span, retry);
        }

        response.StatusCode = refusal.Status;
        if (retry is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return IsJson(context.Request)
            ? WriteJsonAsync(context, new JsonObject { ["code"] = GrpcCode(refusal.Status), ["message"] = message })
            : WriteProtobufAsync(context, Status(refusal.Status, message, retry).Written);
    }

    // Only what passes by itself is worth another try: a rate limit says itself for how long, a full queue or a disk that fails for a moment.
    private static int? Retry(HttpResponse response, int status) =>
        status is not (429 or 503) ? null
        : int.TryParse(response.Headers.RetryAfter, CultureInfo.InvariantCulture, out var seconds) ? seconds
        : RetrySeconds;

    private static ProtoWriter Status(int httpStatus, string message, int? retry)
    {
        var status = new ProtoWriter().Number(1, (ulong)GrpcCode(httpStatus)).Text(2, message);
        return retry is { } seconds
            ? status.Message(3, new ProtoWriter().Text(1, RetryInfoType).Message(2, new ProtoWriter().Message(1, new ProtoWriter().Number(1, (ulong)seconds))))
            : status;
    }

    private static int GrpcCode(int status) => status switch
    {
        400 or 415 or 422 => 3, // INVALID_ARGUMENT
        401 => 16, // UNAUTHENTICATED
        403 or 421 => 7, // PERMISSION_DENIED
        404 or 405 => 12, // UNIMPLEMENTED
        413 or 429 => 8, // RESOURCE_EXHAUSTED, to be tried again only where a time is told
        503 => 14, // UNAVAILABLE
        500 => 13, // INTERNAL
        _ => 2, // UNKNOWN
    };

    private static Task WriteJsonAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(ArwJson.Options), context.RequestAborted);
    }

    private static async Task WriteProtobufAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = "application/x-protobuf";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
