using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;
using Arw.Core.World;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Features.World.Diffs;
using Arw.Web.Hosting;

namespace Arw.Web.Features.World;

/// <summary>The project map over HTTP.</summary>
internal static class WorldRoutes
{
    private const int MaxK = 50;

    public static IServiceCollection AddWorldRoutes(this IServiceCollection services) => services.AddRoutes(Map).AddRoutes(DiffRoutes.Map);

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/state").WithTags("state");
        group.MapGet("/world", Read)
            .WithSummary("The map of a project at a glance: {version, project, entities, claims, contradictions, stale, coverage}. Takes project (or proj).");
        group.MapGet("/world/select", Select)
            .WithSummary("The beliefs that matter for a question, best first: {version, project, items: [{belief, score, trace}]}. Takes q, k (8), lambda (0.7) and project (or proj).");
    }

    private static IResult Read(HttpContext context, WorldMap map, string? project, string? proj) =>
        context.Principal().ProjectOf(project ?? proj).TryGet(out var chosen, out var refusal)
            ? StateAnswer.Of(JsonSerializer.SerializeToNode(map.Read(chosen.Project), ArwJson.Options)!.AsObject())
            : refusal.ToProblem();

    private static IResult Select(
        HttpContext context, WorldSelector selector, WorldNodesModel nodes, WorldEdgesModel edges, string? q, int? k, double? lambda, string? project, string? proj)
    {
        if (k is < 1 or > MaxK || lambda is < 0 or > 1 or double.NaN)
        {
            return new Refusal("invalid_query", "k or lambda is not a number in range.", $"k is 1 to {MaxK}, lambda 0 to 1.").ToProblem();
        }

        if (!context.Principal().ProjectOf(project ?? proj).TryGet(out var chosen, out var refusal))
        {
            return refusal.ToProblem();
        }

        var version = Math.Max(nodes.Version, edges.Version);
        return StateAnswer.Of(new JsonObject
        {
            ["version"] = version,
            ["project"] = chosen.Project,
            ["items"] = JsonSerializer.SerializeToNode(selector.Select(chosen.Project, q ?? "", k ?? 8, lambda ?? 0.7), ArwJson.Options),
        });
    }
}
