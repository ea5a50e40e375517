using System.Text.Json.Nodes;
using Arw.Bench.Append;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Beliefs;
using Arw.Core.Episodes;
using Arw.Core.Journal;

namespace Arw.Bench.Home;

/// <summary>A long history made through the journal itself: episodes of twenty events, each with four actions from asked to done, a belief, and a note from outside.</summary>
internal static class LongJournal
{
    private const int EventsEach = 20;
    private const int EpisodesAtOnce = 100;
    private static readonly Principal Agent = new(PrincipalKind.Agent, "bench");

    /// <summary>Appends at least so many events.</summary>
    /// <param name="folder">Data folder.</param>
    /// <param name="events">How many.</param>
    /// <param name="name">Tells this part of the history from others.</param>
    public static async Task WriteAsync(string folder, int events, string name)
    {
        await using var journal = JournalLoop.Open(folder);
        var episodes = (events + EventsEach - 1) / EventsEach;
        for (var first = 0; first < episodes; first += EpisodesAtOnce)
        {
            var count = Math.Min(EpisodesAtOnce, episodes - first);
            var drafts = Enumerable.Range(first, count).SelectMany(i => Episode($"{name}-{i}", i)).ToArray();
            _ = (await journal.AppendAsync(drafts)).Value;
        }
    }

    private static IEnumerable<EventDraft> Episode(string id, int number)
    {
        yield return EpisodeEvents.Started.Draft(new EpisodeStarted($"Episode {number}"), Agent.Actor, EpisodeEvents.Subject(id), SampleRow.Project, id);
        yield return SampleRow.Draft(number % 50) with { CorrId = id };
        for (var step = 0; step < 4; step++)
        {
            foreach (var draft in Action(id, $"{id}.{step}"))
            {
                yield return draft;
            }
        }

        var text = $"Source {number % 977} reports that subject {number} grew in week {number % 52}.";
        var belief = new BeliefProposed(BeliefIdentity.Of(SampleRow.Project, null, null, text), text, 0.6) { Evidence = [new BeliefEvidence { Url = $"https://example.org/{number % 977}" }] };
        yield return BeliefEvents.Proposed.Draft(belief, Agent.Actor, BeliefEvents.Subject(belief.Id), SampleRow.Project, id);
        yield return EpisodeEvents.Ended.Draft(new EpisodeEnded(ActionState.Completed), Agent.Actor, EpisodeEvents.Subject(id), SampleRow.Project, id);
    }

    private static IEnumerable<EventDraft> Action(string corrId, string id)
    {
        const string Kind = "demo.echo";
        var input = new JsonObject { ["text"] = "The words that the echo answers, long enough to look like a step's input." };
        yield return Of(ActionEvents.Submitted, new ActionSubmitted(id, Kind, 1, "Echo a text", input, Effects.None, Agent) { Needs = [Kind] });
        yield return Of(ActionEvents.Queued, new ActionQueued(id));
        yield return Of(ActionEvents.Running, new ActionRunning(id, 1, id, "bench", false));
        yield return Of(ActionEvents.Completed, new ActionCompleted(id, Kind, 1, input.DeepClone()));

        EventDraft Of<T>(EventKind<T> kind, T payload) => kind.Draft(payload, Agent.Actor, ActionEvents.Subject(id), SampleRow.Project, corrId);
    }
}
