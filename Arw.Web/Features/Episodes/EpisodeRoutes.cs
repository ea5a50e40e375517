using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;

namespace Arw.Web.Features.Episodes;

/// <summary>One episode over HTTP: its figures, its events, the configuration that it began with.</summary>
internal static class EpisodeRoutes
{
    private const int DefaultLimit = 1000;
    private const int MaxLimit = 2000;

    public static IServiceCollection AddEpisodeRoutes(this IServiceCollection services) => services.AddRoutes(Map);

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/state").WithTags("state");
        group.MapGet("/episode/{id}", (HttpContext context, EpisodesModel episodes, EventJournal journal, string id, int? limit, long? after) =>
                Read(context, episodes, journal, id, limit, after, (_, _) => { }))
            .WithSummary("An episode with its events, oldest first: {version, episode, items, next_after?}. Takes limit (1 to 2,000; 1,000 by default) and after (a seq).");
        group.MapGet("/episode/{id}/snapshot", SnapshotAsync)
            .WithSummary("An episode with the configuration in force when it began: {version, id, started, ended?, episode, effective_config, items, next_after?}.");
    }

    private static async Task<IResult> SnapshotAsync(HttpContext context, EpisodesModel episodes, EventJournal journal, Redactor redactor, string id, int? limit, long? after)
    {
        var config = await ConfigurationAsync(journal, id, context.RequestAborted);
        return Read(context, episodes, journal, id, limit, after, (answer, episode) =>
        {
            answer["id"] = episode.Id;
            answer["started"] = Rfc3339.Format(episode.Start);
            answer["ended"] = episode.End is { } end ? Rfc3339.Format(end) : null;
            answer["effective_config"] = config;
        }, payload => redactor.Mask(payload, redactor.Setup.Snapshots));
    }

    // Only the home writes events about an episode as a whole, so what they say is not an agent's word.
    private static async Task<JsonNode> ConfigurationAsync(EventJournal journal, string id, CancellationToken cancel) =>
        EventNames.IsCorrId(id) && journal.OfSubject(EpisodeEvents.Subject(id)).FirstOrDefault(EpisodeEvents.Started.Is) is { } started
            ? JsonNode.Parse((await journal.HydrateAsync(started, cancel)).Payload.Span)!
            : new JsonObject();

    private static IResult Read(
        HttpContext context, EpisodesModel episodes, EventJournal journal, string id, int? limit, long? after, Action<JsonObject, EpisodeRow> add, Func<JsonNode?, JsonNode?>? mask = null)
    {
        if (limit is < 1 or > MaxLimit || after < 0)
        {
            return new Refusal("invalid_query", "limit or after is not a number in range.", $"limit is 1 to {MaxLimit}, after a seq.").ToProblem();
        }

        var principal = context.Principal();
        if (episodes.Rows.Find(id) is not { } episode || !principal.MayUse(episode.Project))
        {
            return Refusal.NotFound("episode", id).ToProblem();
        }

        var most = limit ?? DefaultLimit;
        var filter = new EventFilter { CorrId = id, VisibleProjects = principal.Kind == PrincipalKind.Agent ? principal.Projects : null };
        var events = journal.Read(after ?? 0, filter, most + 1, episode.Seq);
        var answer = new JsonObject { ["version"] = episode.Seq };
        add(answer, episode);
        answer["episode"] = System.Text.Json.JsonSerializer.SerializeToNode(episode, ArwJson.Options);
        answer["items"] = new JsonArray([.. events.Take(most).Where(e => principal.MayUse(e.Project)).Select(e => JsonNode.Parse(e.ToJson().Span))]);
        foreach (var item in mask is null ? [] : answer["items"]!.AsArray())
        {
            item!["payload"] = mask!(item["payload"]);
        }

        if (journal.Archive.Now.DroppedTo is var dropped && (after ?? 0) < dropped)
        {
            // Some of the episode's events may be among them: what is here is what was kept.
            answer["gap"] = new JsonObject { ["from"] = (after ?? 0) + 1, ["to"] = dropped };
        }

        if (events.Count > most)
        {
            answer["next_after"] = events[most - 1].Seq;
        }

        return StateAnswer.Of(answer);
    }
}
