using System.Reflection;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;
using Prometheus;

namespace Arw.Web.Api;

/// <summary>A part of the home that says on <c>/healthz</c> how it stands. The home works without it.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Now">How it stands, one word: <c>ok</c>, <c>off</c>, or what is wrong.</param>
public sealed record HealthPart(string Name, Func<string> Now);

/// <summary>What anybody may ask: is it well, what is it, its metrics.</summary>
internal static class HomeRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("home").AllowAnonymous();
        group.MapGet("/healthz", Health).WithSummary("Whether the home works: 200, or 503 with what is wrong.");
        group.MapGet("/about", About).WithSummary("Name and version of this home.");
        group.MapGet("/metrics", WriteMetricsAsync).WithSummary("Metrics in the Prometheus text format.").Produces(200, contentType: "text/plain");
    }

    private static IResult Health(EventJournal journal, StateHost state, IEnumerable<HealthPart> others)
    {
        // What is wrong is named in words of our own; what the machine said is not: anybody may ask.
        var (fault, stopped) = (journal.Fault, state.Fault);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["journal"] = fault is null ? "ok" : "failing",
            ["read_models"] = stopped is null ? "ok" : "stopped",
        };
        foreach (var part in others)
        {
            parts[part.Name] = part.Now();
        }

        var reasons = new List<object>();
        if (fault is not null)
        {
            reasons.Add(new { part = "journal", code = fault.Code, message = fault.Message, next = fault.Next, since = fault.Since });
        }

        if (stopped is not null)
        {
            reasons.Add(new { part = "read_models", code = "read_models_stopped", message = "The read models do not follow the journal.", next = "See the home's log." });
        }

        var well = reasons.Count == 0;
        return Results.Json(new { status = well ? "ok" : "failing", parts, reasons = well ? null : reasons }, ArwJson.Options, statusCode: well ? 200 : 503);
    }

    private static IResult About() => Results.Json(
        new
        {
            name = "Arw.Web",
            version = typeof(HomeRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            docs = "/spec/openapi.json",
        },
        ArwJson.Options);

    private static async Task WriteMetricsAsync(HttpContext context, CollectorRegistry registry)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
    }
}
