using Arw.Core.Otel;
using Arw.Core.Primitives;
using Arw.Web.Features.Access;

namespace Arw.Web.Features.Otel;

/// <summary>Where exporters send: OTLP over HTTP and over gRPC end in the same intake.</summary>
internal static class OtelRoutes
{
    private const string ProjectHeader = "x-arw-project";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("telemetry");
        group.MapPost(OtelPaths.Traces, AnswerAsync).WithSummary("Takes spans from an OpenTelemetry exporter (OTLP over HTTP, protobuf or JSON, gzip or not). Answers once they are durable.");
        group.MapPost(OtelPaths.Logs, AnswerAsync).WithSummary("Takes log records from an OpenTelemetry exporter (OTLP over HTTP, protobuf or JSON, gzip or not). Answers once they are durable.");
        group.MapPost(OtelPaths.TracesService, AnswerAsync).WithSummary("The same for spans over gRPC: TraceService.Export.");
        group.MapPost(OtelPaths.LogsService, AnswerAsync).WithSummary("The same for log records over gRPC: LogsService.Export.");
    }

    private static async Task AnswerAsync(HttpContext context, OtelIntake intake)
    {
        var signal = OtelPaths.Signal(context.Request.Path)!.Value;
        if (!(await TakeAsync(context, intake, signal)).TryGet(out var accepted, out var refusal))
        {
            await OtelAnswer.RefuseAsync(context, refusal);
            return;
        }

        await OtelAnswer.AcceptAsync(context, signal, accepted);
    }

    private static async Task<Result<OtelAccepted>> TakeAsync(HttpContext context, OtelIntake intake, OtelSignal signal)
    {
        var request = context.Request;
        var (json, grpc) = (OtelAnswer.IsJson(request), OtelAnswer.IsGrpc(request));
        var protobuf = request.ContentType is { } type && type.StartsWith("application/x-protobuf", StringComparison.OrdinalIgnoreCase);
        if (grpc != request.Path.Value!.EndsWith("/Export", StringComparison.Ordinal) || !(json || grpc || protobuf))
        {
            return new Refusal("unsupported_media_type", $"The body's type \"{request.ContentType}\" is not understood here.", "Send application/x-protobuf or application/json; over gRPC application/grpc.", 415);
        }

        if (!(await OtelBody.ReadAsync(context)).TryGet(out var body, out var refusal))
        {
            return refusal;
        }

        using (body)
        {
            var project = request.Headers[ProjectHeader].ToString() is { Length: > 0 } named ? named : null;
            return await intake.AcceptAsync(signal, json, body.Bytes, context.Principal(), project, context.RequestAborted);
        }
    }
}
