using System.Text.Json;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Memory.Review;

/// <summary>
/// The read model <c>memory_quarantine</c>: content from outside that waits for review, and what became of it. It has no column "project", so that it is for people only: an agent must not read here what is kept out of its memory.
/// Columns: state, time, of_project, corr_id, to, score, by_rule; searchable.
/// </summary>
public sealed class QuarantineModel : TableModel<QuarantineEntry>
{
    /// <inheritdoc/>
    public override string Id => "memory_quarantine";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<QuarantineEntry>> Columns { get; } =
    [
        new("state", q => Word(q.State)),
        new("time", q => q.Time),
        new("of_project", q => q.Project),
        new("corr_id", q => q.CorrId),
        new("to", q => q.IsClaim ? "map" : "memory"),
        new("score", q => q.Evidence.Score),
        new("by_rule", q => q.Review?.By == ReviewQueue.Rule),
    ];

    /// <inheritdoc/>
    protected internal override Func<QuarantineEntry, string> SearchText => q => $"{q.Text} {q.Entry.Content.Claim?.Topic} {q.Actor} {string.Join(' ', q.Entry.Provenance.Select(p => $"{p.Ref} {p.Title}"))}";

    /// <summary>How many wait.</summary>
    /// <param name="project">The project; null for every one.</param>
    /// <param name="to"><c>map</c> or <c>memory</c>; null for both.</param>
    public int Waiting(string? project = null, string? to = null) => Rows.Count(Waits(project, to));

    /// <summary>The question for those that wait, newest first.</summary>
    /// <param name="project">The project; null for every one.</param>
    /// <param name="to"><c>map</c> or <c>memory</c>; null for both.</param>
    public static TableQuery Waits(string? project = null, string? to = null)
    {
        var where = new List<Condition> { new("state", Op.In, new[] { Word(EntryState.Queued), Word(EntryState.NeedsExtractor) }) };
        if (project is not null)
        {
            where.Add(new("of_project", Op.Equal, project));
        }

        if (to is not null)
        {
            where.Add(new("to", Op.Equal, to));
        }

        return new TableQuery { Where = where, OrderBy = "time" };
    }

    /// <summary>What an episode brought: how much of it waits, and how many of its claims a person has let onto the map.</summary>
    public (int Waiting, int OnMap) OfEpisode(string corrId)
    {
        var waits = Waits();
        return (Rows.Count(waits with { Where = [.. waits.Where, new("corr_id", Op.Equal, corrId)] }),
            Rows.Count(new TableQuery { Where = [new("corr_id", Op.Equal, corrId), new("to", Op.Equal, "map"), new("state", Op.Equal, Word(EntryState.Admitted)), new("by_rule", Op.Equal, false)] }));
    }

    /// <summary>The word of a state, as in JSON.</summary>
    public static string Word(EntryState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <inheritdoc/>
    protected override void Fold(IRowSet<QuarantineEntry> rows, JournalEvent e)
    {
        if (MemoryEvents.Quarantined.Is(e))
        {
            var held = MemoryEvents.Quarantined.Read(e);
            rows.Put(held.Id, new QuarantineEntry(held, held.State, e.Recorded, e.Seq)
            {
                Project = e.Project,
                CorrId = e.CorrId,
                Action = e.ParentId,
                Actor = e.Actor,
                Text = held.Text,
                RiskMarkers = held.RiskMarkers,
                Evidence = held.Evidence,
            });
        }
        else if (MemoryEvents.Admitted.Is(e))
        {
            Review(rows, e, MemoryEvents.Admitted.Read(e), EntryState.Admitted, ReviewDecision.Admit);
        }
        else if (MemoryEvents.Rejected.Is(e))
        {
            Review(rows, e, MemoryEvents.Rejected.Read(e), EntryState.Rejected, ReviewDecision.Reject);
        }
        else if (MemoryEvents.Extracted.Is(e) && MemoryEvents.Extracted.Read(e) is var extracted && rows.Find(extracted.Id) is { } entry)
        {
            rows.Put(entry.Id, entry with
            {
                State = EntryState.Queued,
                Text = extracted.Text,
                RiskMarkers = extracted.RiskMarkers,
                Evidence = extracted.Evidence,
                Extractor = extracted.Extractor,
                Review = new EntryReview(e.Actor, e.Recorded, ReviewDecision.ExtractAgain, extracted.From),
            });
        }
    }

    private static void Review(IRowSet<QuarantineEntry> rows, JournalEvent e, MemoryReviewed reviewed, EntryState state, ReviewDecision decision)
    {
        if (rows.Find(reviewed.Id) is { } entry)
        {
            rows.Put(entry.Id, entry with { State = state, Became = reviewed.Became, Review = new EntryReview(reviewed.By, e.Recorded, decision, reviewed.Note) });
        }
    }
}
