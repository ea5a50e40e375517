using Arw.Core.Actions;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Web.Features.Episodes;

/// <summary>A file that an episode wrote.</summary>
/// <param name="Project">Its project.</param>
/// <param name="Path">Its path, <c>project://</c> and on.</param>
public sealed record EpisodeFile(string Project, string Path)
{
    /// <summary>The file's own name.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>All that the page of one episode shows, pulled from the read models and the journal.</summary>
public sealed class EpisodeView(EpisodesModel episodes, ActionsModel actions, StepsModel steps, EventJournal journal, TimeProvider time)
{
    /// <summary>Most actions drawn; the newest are kept.</summary>
    public const int MostActions = 2000;

    /// <summary>Most events listed; the newest are kept.</summary>
    public const int MostEvents = 1000;

    /// <summary>The rollup; null when there is no such episode.</summary>
    public EpisodeRow? Episode { get; private set; }

    /// <summary>The actions in time.</summary>
    public Waterfall Waterfall { get; private set; } = Waterfall.Of([], default);

    /// <summary>The events, newest first; empty unless they are shown.</summary>
    public IReadOnlyList<JournalEvent> Events { get; private set; } = [];

    /// <summary>Steps that outside sources reported, by span. They are drawn among the actions.</summary>
    public IReadOnlyDictionary<string, StepRow> Steps { get; private set; } = new Dictionary<string, StepRow>();

    /// <summary>True when there are more actions than are drawn.</summary>
    public bool Cut { get; private set; }

    /// <summary>Files that it wrote, the last one first.</summary>
    public IReadOnlyList<EpisodeFile> Files => [.. Waterfall.Rows.Select(r => r.Action)
        .Where(a => a is { State: ActionState.Completed, Project: not null, Kind: "file.write" or "file.patch" or "notes.append" })
        .OrderByDescending(a => a.Ended)
        .Select(a => (a.Project, Path: (a.Output?["path"] ?? a.Input?["path"])?.ToString()))
        .Where(f => f.Path is not null)
        .Select(f => new EpisodeFile(f.Project!, f.Path!))
        .Distinct()];

    /// <summary>Beliefs that it proposed.</summary>
    public int Beliefs => Waterfall.Rows.Where(r => r.Action.State == ActionState.Completed && r.Action.Kind == "beliefs.propose")
        .Sum(r => (r.Action.Output?["beliefs"] as System.Text.Json.Nodes.JsonArray)?.Count ?? 0);

    /// <summary>The page's name for what is shown.</summary>
    public string Title => Episode?.Title ?? "There is no such episode";

    /// <summary>Pulls everything again.</summary>
    /// <param name="corrId">The episode.</param>
    /// <param name="errorsFirst">What went wrong at the top.</param>
    /// <param name="withEvents">Whether the events are shown.</param>
    public void Pull(string corrId, bool errorsFirst, bool withEvents)
    {
        Episode = episodes.Rows.Find(corrId);
        var rows = actions.Rows.Query(new TableQuery { Where = [new("corr_id", Op.Equal, corrId)], OrderBy = "created", Limit = MostActions + 1 });
        var reported = steps.Rows.Query(new TableQuery { Where = [new("corr_id", Op.Equal, corrId)], OrderBy = "time", Limit = MostActions + 1 });
        Steps = reported.Take(MostActions).ToDictionary(s => s.Id, StringComparer.Ordinal);
        Cut = rows.Count > MostActions || reported.Count > MostActions;
        Waterfall = Waterfall.Of([.. rows.Take(MostActions), .. Steps.Values.Select(AsAction)], time.GetUtcNow(), errorsFirst);
        Events = withEvents ? [.. journal.Newest(MostEvents, new EventFilter { CorrId = corrId }).OrderByDescending(e => e.Seq)] : [];
    }

    /// <summary>The event that reported a step; null for an action of the home.</summary>
    public JournalEvent? EventOf(ActionRow row) =>
        Steps.TryGetValue(row.Id, out var step) && step.Subject is { } subject && journal.OfSubject(subject) is [var first, ..] ? first : null;

    /// <summary>The action of that id; without one, what waits for a person or went wrong; null when nothing asks for attention.</summary>
    public ActionRow? Selected(string? id) => id is not null
        ? Waterfall.Rows.FirstOrDefault(r => r.Action.Id == id)?.Action
        : (Waterfall.Rows.FirstOrDefault(r => r.Action.State == ActionState.Waiting)
            ?? Waterfall.Rows.LastOrDefault(r => r.Action.State is ActionState.Failed or ActionState.Refused))?.Action;

    // What the home did not run itself is drawn in the same way; only its details are the event's.
    private static ActionRow AsAction(StepRow step) => new(step.Id, step.Op, step.Title, step.Failed ? ActionState.Failed : ActionState.Completed, step.Actor)
    {
        Project = step.Project,
        CorrId = step.CorrId,
        ParentId = step.ParentId,
        Attempt = 1,
        Created = step.Start,
        Started = step.Start,
        Ended = step.End,
        Updated = step.End,
        Error = step.Failed ? new ActionError("failed", step.Error ?? "It ended with an error.") : null,
    };
}
