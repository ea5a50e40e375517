using Arw.Core.Episodes;
using Arw.Core.Memory.Review;
using Arw.Core.State;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.Memory;

/// <summary>Entries of the review queue that one episode brought.</summary>
/// <param name="CorrId">The episode; null for none.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Project">Its project; null for the whole home.</param>
/// <param name="Entries">Its entries, in the order in which they came.</param>
public sealed record ReviewGroup(string? CorrId, string Title, string? Project, IReadOnlyList<QuarantineEntry> Entries)
{
    /// <summary>Those that can be let in together: they wait, and nothing in them deserves a second look.</summary>
    public IReadOnlyList<QuarantineEntry> Clean { get; } = [.. Entries.Where(e => e.State == EntryState.Queued && e.RiskMarkers.Count == 0 && e.Evidence.Score > 0)];
}

/// <summary>The review queue as the page shows it: by the episode that brought it, newest first.</summary>
public sealed class ReviewView(QuarantineModel entries, EpisodesModel episodes)
{
    /// <summary>Most entries that are shown at once.</summary>
    public const int Most = 300;

    /// <summary>The groups.</summary>
    public IReadOnlyList<ReviewGroup> Groups { get; private set; } = [];

    /// <summary>How many entries fit in all.</summary>
    public int Total { get; private set; }

    /// <summary>How many entries wait in the whole home.</summary>
    public int Waiting { get; private set; }

    /// <summary>The open entry; null for none.</summary>
    public QuarantineEntry? Open { get; private set; }

    /// <summary>Pulls what is shown.</summary>
    /// <param name="decided">Those that were decided, instead of those that wait.</param>
    /// <param name="project">One project only; null = all.</param>
    /// <param name="search">Words; null or empty = no search.</param>
    /// <param name="open">Id of the open entry; null = none.</param>
    public void Pull(bool decided, string? project, string? search, string? open)
    {
        var query = decided
            ? new TableQuery { Where = [new("state", Op.In, new[] { QuarantineModel.Word(EntryState.Admitted), QuarantineModel.Word(EntryState.Rejected) }), .. Of(project)], OrderBy = "time" }
            : QuarantineModel.Waits(project);
        query = query with { Search = string.IsNullOrWhiteSpace(search) ? null : search, Limit = Most };
        var rows = entries.Rows.Query(query);
        Total = rows.Count < Most ? rows.Count : entries.Rows.Count(query);
        Waiting = entries.Waiting();
        Open = open is null ? null : entries.Rows.Find(open);
        Groups = [.. rows.GroupBy(r => (r.CorrId, r.Project))
            .Select(g => new ReviewGroup(g.Key.CorrId, TitleOf(g.Key.CorrId), g.Key.Project, [.. g.OrderBy(e => e.Seq)]))];
    }

    /// <summary>How an entry stands.</summary>
    public static (StatusKind Kind, string Word) Status(QuarantineEntry entry) => entry.State switch
    {
        EntryState.Admitted => (StatusKind.Done, entry.Review?.By == ReviewQueue.Rule ? "Let in by rule" : "Let in"),
        EntryState.Rejected => (StatusKind.Refused, "Kept out"),
        EntryState.NeedsExtractor => (StatusKind.Warning, "Extract first"),
        _ when entry.RiskMarkers.Any(m => m.Serious) => (StatusKind.Warning, "Look closely"),
        _ => (StatusKind.Waiting, "Waits"),
    };

    private static IEnumerable<Condition> Of(string? project) => project is null ? [] : [new Condition("of_project", Op.Equal, project)];

    private string TitleOf(string? corrId) => corrId is null || corrId.StartsWith(EpisodesModel.ControlPrefix, StringComparison.Ordinal)
        ? "Handed in by a person"
        : episodes.Rows.Find(corrId)?.Title ?? corrId;
}
