using Arw.Web.Hosting;
using Arw.Web.Hosting.Protection;

namespace Arw.Web.Streaming;

/// <summary>Events in and out.</summary>
internal static class StreamingRoutes
{
    public static IServiceCollection AddStreaming(this IServiceCollection services) => services
        .AddSingleton<ModelPatches>()
        .AddSingleton<StreamMeters>()
        .AddSingleton<LiveAccess>()
        .AddHostedService(p => p.GetRequiredService<LiveAccess>())
        .AddRoutes(Map);

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("events");
        group.MapGet("/events", EventStream.ServeAsync)
            .RequireRateLimiting(RateLimits.Streams)
            .WithSummary("Events as they become durable, as server-sent events. Resumes after Last-Event-ID.")
            .Produces(200, contentType: "text/event-stream");
        group.MapPost("/events", EventIntake.AcceptAsync)
            .Accepts<IReadOnlyList<IncomingEvent>>("application/json", "application/cloudevents+json", "application/cloudevents-batch+json")
            .Produces<IntakeAnswer>()
            .WithSummary("Appends events from outside: one or an array, in the home's own form or as CloudEvents 1.0 (structured, batch or binary). Answers once they are durable.");
    }
}
