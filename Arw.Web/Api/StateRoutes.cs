using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;
using Arw.Web.Streaming;

namespace Arw.Web.Api;

/// <summary>Every read model under <c>/state</c>, and the meters.</summary>
internal static class StateRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/state").WithTags("state");
        group.MapGet("/route_stats", (HttpContext context, RouteMeters meters) => ForPeople(context, () => new { items = meters.Read() }))
            .WithSummary("Hits, errors and times of each route since start.");
        group.MapGet("/bus", (HttpContext context, EventJournal journal) => ForPeople(context, () => new
        {
            head = journal.Head,
            journal.Counters.Published,
            journal.Counters.Delivered,
            journal.Counters.Groups,
            journal.Counters.Refills,
            journal.Counters.Receivers,
            Subscribers = journal.Counters.Lags(journal.Head),
        })).WithSummary("Counters of the event bus since start, and how far each subscriber is behind.");
        group.MapGet("/{model}", ReadAsync)
            .WithSummary("A read model: {version, items} for lists, {version, …} else. Answers 304 to the ETag of its version.");
    }

    private static IResult ForPeople<T>(HttpContext context, Func<T> value) => context.Principal().MayControl
        ? Results.Json(value(), ArwJson.Options)
        : Refusal.Forbidden("Meters of the home are for people only.").ToProblem();

    private static async Task ReadAsync(HttpContext context, StateHost state, ModelPatches patches, string model)
    {
        if (!state.Models.TryGetValue(model, out var found))
        {
            await Problems.WriteAsync(context, Refusal.NotFound("read model", model));
            return;
        }

        if (!Content(context, found, patches).TryGet(out var content, out var refusal))
        {
            await Problems.WriteAsync(context, refusal);
            return;
        }

        await StateAnswer.WriteAsync(context, $"{model}-{content.Version}-{Digest.Of($"{context.Principal().Actor}{context.Request.QueryString}")[7..19]}", content.Body);
    }

    private static Result<PublishedState> Content(HttpContext context, ReadModel model, ModelPatches patches)
    {
        var principal = context.Principal();
        return model switch
        {
            DocumentModel document => principal.MayControl ? patches.Read(document) : Own(document, principal),
            TableModel { PublishesPage: true } table when principal.MayControl && context.Request.Query.Count == 0 => patches.Read(table),
            TableModel table => Page(context, table, principal),
            _ => Refusal.NotFound("read model", model.Id),
        };
    }

    private static Result<PublishedState> Page(HttpContext context, TableModel model, Principal principal)
    {
        if (!StateQuery.Read(context.Request.Query, model, principal).TryGet(out var query, out var refusal))
        {
            return refusal;
        }

        var page = model.Table.ReadPage(query);
        return new PublishedState(page.Version, PublishedPage.Body(page));
    }

    // An agent sees of a document only the entries of its projects, and only where the model says how they name theirs.
    private static Result<PublishedState> Own(DocumentModel model, Principal principal)
    {
        var (version, content) = PublishedDocument.Read(model);
        if (model.ProjectMember is not { } projectMember || content.Any(m => m.Value is not JsonArray))
        {
            return Refusal.Forbidden($"\"{model.Id}\" is for people only.");
        }

        foreach (var list in content.Select(m => m.Value!.AsArray()))
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                var project = (list[i] as JsonObject)?[projectMember] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
                if (!principal.MayUse(project))
                {
                    list.RemoveAt(i);
                }
            }
        }

        return new PublishedState(version, PublishedDocument.Body(version, content));
    }
}
