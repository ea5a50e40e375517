using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Journal;

namespace Arw.Core.Episodes;

/// <summary>Adds what a pack knows about the configuration in force when an episode begins: recipe, posture, leases, model.</summary>
/// <param name="started">What is known so far.</param>
/// <param name="kind">Kind of the first action.</param>
/// <param name="input">Its input.</param>
/// <param name="context">Its context.</param>
public delegate EpisodeStarted DescribeEpisode(EpisodeStarted started, ActionKind kind, JsonElement input, ActionContext context);

/// <summary>Writes the first event of an episode.</summary>
public sealed class EpisodeOpening(EpisodesModel episodes, IEnumerable<DescribeEpisode> describers)
{
    /// <summary>Who opened an episode; null when there is none of that id yet.</summary>
    public string? OpenedBy(string corrId) => episodes.Rows.Find(corrId) is { Actors: [var first, ..] } ? first : null;

    /// <summary>The event that opens the action's episode; null when it is open already or the action has none of its own.</summary>
    public EventDraft? Start(ActionKind kind, JsonElement input, ActionContext context, EpisodeStarted? seed)
    {
        if (kind.Control || context.ParentId is not null || episodes.Rows.Find(context.CorrId) is not null)
        {
            return null;
        }

        var started = seed ?? new EpisodeStarted(kind.Describe(input)) { Tools = [$"{kind.Id}@{kind.Version}"] };
        foreach (var describe in describers)
        {
            started = describe(started, kind, input, context);
        }

        return EpisodeEvents.Started.Draft(started, context.Principal.Actor, EpisodeEvents.Subject(context.CorrId), context.Project, context.CorrId);
    }
}
