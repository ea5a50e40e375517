using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Memory;
using Arw.Core.Memory.Review;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Features.Actions;
using Arw.Web.Hosting;

namespace Arw.Web.Features.Memory;

/// <summary>Content that is handed in for review, as existing clients send it.</summary>
/// <param name="Content">What it says.</param>
/// <param name="ContentPreview">The name that existing clients use for it.</param>
/// <param name="ContentType">Its media type; text/plain by default.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="Source">Where it came in; manual by default.</param>
/// <param name="Kind">What sort of thing to remember; a fact by default.</param>
/// <param name="Tags">Tags.</param>
/// <param name="Provenance">Where it comes from.</param>
internal sealed record QuarantineBody(
    string? Content = null,
    string? ContentPreview = null,
    string? ContentType = null,
    string? ProjectId = null,
    string? Source = null,
    MemoryKind Kind = MemoryKind.Fact,
    IReadOnlyList<string>? Tags = null,
    IReadOnlyList<MemoryProvenance>? Provenance = null);

/// <summary>An entry to let in, as existing clients name it.</summary>
/// <param name="Id">The entry.</param>
/// <param name="ProjectId">Its project; not needed.</param>
/// <param name="Note">Why, for the record.</param>
internal sealed record AdmitBody(string Id, string? ProjectId = null, string? Note = null);

/// <summary>The review queue under the addresses that existing clients know.</summary>
internal static class MemoryRoutes
{
    private const int MaxLimit = 1000;
    private const int MaxPreview = 2048;

    public static IServiceCollection AddMemoryRoutes(this IServiceCollection services) => services.AddRoutes(Map);

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/admin/memory").WithTags("memory");
        group.MapGet("/quarantine", Read)
            .WithSummary("The review queue, newest first: {version, items}. Takes state, project_id and limit (200). For people only.");
        group.MapPost("/quarantine", HoldAsync).Accepts<QuarantineBody>("application/json")
            .WithSummary("Puts content from outside into the review queue (memory.quarantine). 201 with the entry.");
        group.MapPost("/quarantine/admit", AdmitAsync).Accepts<AdmitBody>("application/json")
            .WithSummary("Lets an entry in (memory.admit): {removed, entry}.");
    }

    private static IResult Read(HttpContext context, QuarantineModel entries, string? state, string? project_id, int? limit)
    {
        if (!context.Principal().MayControl)
        {
            return Refusal.Forbidden("The review queue is for people only.").ToProblem();
        }

        if (limit is < 1 or > MaxLimit)
        {
            return new Refusal("invalid_query", "limit is not a number in range.", $"limit is 1 to {MaxLimit}.").ToProblem();
        }

        var where = new List<Condition>();
        if (state is not null)
        {
            where.Add(new("state", Op.Equal, state));
        }

        if (project_id is not null)
        {
            where.Add(new("of_project", Op.Equal, project_id));
        }

        var rows = entries.Rows.Query(new TableQuery { Where = where, OrderBy = "time", Limit = limit ?? 200 });
        return StateAnswer.Of(new JsonObject { ["version"] = entries.Version, ["items"] = new JsonArray([.. rows.Select(Entry)]) });
    }

    private static async Task<IResult> HoldAsync(HttpContext context, ActionService service, QuarantineModel entries)
    {
        if (!(await JsonBody.ReadAsync<QuarantineBody>(context.Request)).TryGet(out var body, out var refusal))
        {
            return refusal.ToProblem();
        }

        if ((body.Content ?? body.ContentPreview) is not { } text)
        {
            return Refusal.Invalid("There is no content.", "Send content.").ToProblem();
        }

        var content = new RememberInput(text) { Kind = body.Kind, Tags = body.Tags ?? [], Provenance = body.Provenance ?? [], ContentType = body.ContentType ?? "text/plain" };
        var input = JsonSerializer.SerializeToNode(new QuarantineInput(content, body.Source ?? "manual"), ArwJson.Options)!;
        return await ActionRoutes.RunAsync(
            context,
            service,
            new SubmitRequest("memory.quarantine", input) { Project = body.ProjectId },
            output => entries.Rows.Find((string)output!["id"]!) is { } entry ? Entry(entry) : output,
            StatusCodes.Status201Created);
    }

    private static async Task<IResult> AdmitAsync(HttpContext context, ActionService service, QuarantineModel entries)
    {
        if (!(await JsonBody.ReadAsync<AdmitBody>(context.Request)).TryGet(out var body, out var refusal))
        {
            return refusal.ToProblem();
        }

        var input = new JsonObject { ["ids"] = new JsonArray(body.Id), ["note"] = body.Note };
        return await ActionRoutes.RunAsync(
            context,
            service,
            new SubmitRequest("memory.admit", input),
            output => new JsonObject { ["removed"] = (int)output!["admitted"]!, ["entry"] = entries.Rows.Find(body.Id) is { } entry ? Entry(entry) : null });
    }

    /// <summary>An entry in the shape that existing clients know.</summary>
    private static JsonObject Entry(QuarantineEntry entry)
    {
        var body = new JsonObject
        {
            ["id"] = entry.Id,
            ["project_id"] = entry.Project ?? "default",
            ["corr_id"] = entry.CorrId,
            ["time"] = Rfc3339.Format(entry.Time),
            ["source"] = entry.Entry.Source,
            ["to"] = entry.IsClaim ? "map" : "memory",
            ["content_type"] = entry.Entry.ContentType,
            ["content_preview"] = entry.Text.Length > MaxPreview ? entry.Text[..MaxPreview] : entry.Text,
            ["why"] = entry.Entry.Why,
            ["provenance"] = JsonSerializer.SerializeToNode(entry.Entry.Provenance, ArwJson.Options),
            ["risk_markers"] = new JsonArray([.. entry.RiskMarkers.Select(m => m.Kind).Distinct().Select(k => JsonValue.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString())))]),
            ["evidence_score"] = entry.Evidence.Score,
            ["extractor"] = entry.Extractor,
            ["state"] = QuarantineModel.Word(entry.State),
            ["review"] = JsonSerializer.SerializeToNode(entry.Review, ArwJson.Options),
            ["became"] = entry.Became,
        };
        if (entry.CorrId is { } corr && !corr.StartsWith(Arw.Core.Episodes.EpisodesModel.ControlPrefix, StringComparison.Ordinal))
        {
            body["episode_id"] = corr;
        }

        return body;
    }
}
