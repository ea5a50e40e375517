using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Features.Actions;
using Arw.Web.Hosting;
using Arw.Web.Hosting.Protection;

namespace Arw.Web.Features.World.Diffs;

/// <summary>A diff that is brought, as existing clients send it.</summary>
/// <param name="Changes">The changes.</param>
/// <param name="Id">Its id; made from the content by default.</param>
/// <param name="ProjectId">The project; an agent that is bound to one may leave it out.</param>
/// <param name="FromNode">The source that it comes from; who sends it by default.</param>
/// <param name="Summary">What it is about.</param>
internal sealed record QueueBody(IReadOnlyList<DiffChange> Changes, string? Id = null, string? ProjectId = null, string? FromNode = null, string? Summary = null);

/// <summary>Diffs of the map that come in, over HTTP: names of the routes as existing clients know them. The read models are <c>/state/world_diffs</c> and <c>/state/world_diff_changes</c>.</summary>
internal static class DiffRoutes
{
    private const int MaxListed = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/admin").WithTags("world");
        group.MapGet("/world_diffs", List).RequireAuthorization(ProtectionRegistration.Person)
            .WithSummary("The newest 50 diffs that came in, of a project if one is named: {version, items}. The state of an open one is queued, deferred, or conflict when it is in conflict with what is held now.");
        group.MapGet("/world_diffs/{id}", Read).RequireAuthorization(ProtectionRegistration.Person)
            .WithSummary("A diff beside what is held now: {diff, comparison}. A decision with choices names the comparison's seen.");
        group.MapPost("/world_diffs/queue", QueueAsync).Accepts<QueueBody>("application/json")
            .WithSummary("Hands a diff in (world.diff.queue). It waits for a person; the map stays as it is.");
        group.MapPost("/world_diffs/decision", DecideAsync).Accepts<DecideDiffInput>("application/json")
            .WithSummary("Applies, rejects or defers a diff (world.diff.decide). 409 comparison_changed or choices_missing with the comparison as it is now.");
        group.MapPost("/world_diffs/revert", RevertAsync).Accepts<RevertDiffInput>("application/json")
            .WithSummary("Undoes an applied diff (world.diff.revert), if nothing has been said since about the beliefs that it changed.");
        group.MapGet("/world_diffs/export", Export).RequireAuthorization(ProtectionRegistration.Person)
            .WithSummary("A project's public beliefs as a diff for another home, as a file. Takes project and from, the name under which this home speaks.");
    }

    /// <summary>What exports call this home unless somebody says otherwise.</summary>
    public const string ThisHome = "home";

    private static IResult List(WorldDiffsModel diffs, WorldDiffChangesModel changes, DiffDesk desk, string? project)
    {
        var version = diffs.Version;
        var rows = diffs.Rows.Query(new TableQuery { Where = project is { Length: > 0 } ? [new("project", Op.Equal, project)] : [], OrderBy = "updated", Limit = MaxListed });
        return StateAnswer.Of(new JsonObject
        {
            ["version"] = version,
            ["items"] = new JsonArray([.. rows.Select(r => Describe(r, changes.Of(r.Id), desk))]),
        });
    }

    private static JsonNode Describe(WorldDiffRow row, IReadOnlyList<DiffChange> changes, DiffDesk desk)
    {
        var described = JsonSerializer.SerializeToNode(row, ArwJson.Options)!.AsObject();
        var conflicts = row.IsOpen ? desk.Compare(row.Project, changes).Conflicts : 0;
        if (conflicts > 0)
        {
            described["state"] = "conflict";
        }

        described["conflicts"] = conflicts;
        described["changes"] = JsonSerializer.SerializeToNode(changes, ArwJson.Options);
        return described;
    }

    private static IResult Read(WorldDiffsModel diffs, DiffDesk desk, string id) => diffs.Rows.Find(id) is { } row
        ? StateAnswer.Of(new JsonObject
        {
            ["diff"] = JsonSerializer.SerializeToNode(row, ArwJson.Options),
            ["comparison"] = JsonSerializer.SerializeToNode(desk.Compare(id), ArwJson.Options),
        })
        : Refusal.NotFound("diff", id).ToProblem();

    private static async Task<IResult> QueueAsync(HttpContext context, ActionService service)
    {
        if (!(await JsonBody.ReadAsync<QueueBody>(context.Request)).TryGet(out var body, out var refusal))
        {
            return refusal.ToProblem();
        }

        var input = new QueueDiffInput(body.Changes) { Id = body.Id, From = body.FromNode, Summary = body.Summary };
        var request = new SubmitRequest("world.diff.queue", JsonSerializer.SerializeToNode(input, ArwJson.Options)) { Project = body.ProjectId };
        return (await DiffSubmission.RunAsync(service, request, context.Principal(), context.RequestAborted)).ToHttp();
    }

    private static async Task<IResult> DecideAsync(HttpContext context, ActionService service) =>
        (await JsonBody.ReadAsync<DecideDiffInput>(context.Request)).TryGet(out var body, out var refusal)
            ? await ActionRoutes.RunAsync(context, service, "world.diff.decide", JsonSerializer.SerializeToNode(body, ArwJson.Options)!.AsObject())
            : refusal.ToProblem();

    private static async Task<IResult> RevertAsync(HttpContext context, ActionService service) =>
        (await JsonBody.ReadAsync<RevertDiffInput>(context.Request)).TryGet(out var body, out var refusal)
            ? await ActionRoutes.RunAsync(context, service, "world.diff.revert", JsonSerializer.SerializeToNode(body, ArwJson.Options)!.AsObject())
            : refusal.ToProblem();

    private static IResult Export(HttpContext context, BeliefsModel beliefs, string? project, string? from)
    {
        if (!context.Principal().ProjectOf(project).TryGet(out var chosen, out var refusal))
        {
            return refusal.ToProblem();
        }

        var diff = DiffExport.Of(chosen.Project, beliefs, from is { Length: > 0 and <= 128 } ? from : ThisHome);
        return Results.File(JsonSerializer.SerializeToUtf8Bytes(diff, ArwJson.Options), "application/json", $"beliefs-{chosen.Project ?? "none"}.json");
    }
}
