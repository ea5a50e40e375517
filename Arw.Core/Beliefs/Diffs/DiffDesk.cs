using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>Where diffs are compared with what is held, and where what becomes of them is written.</summary>
public sealed class DiffDesk(WorldDiffsModel diffs, WorldDiffChangesModel changes, BeliefsModel beliefs, EventJournal journal, StateHost state)
{
    /// <summary>A diff beside what its project holds now; null when there is no such diff.</summary>
    public DiffComparison? Compare(string diff) => diffs.Rows.Find(diff) is { } row ? Compare(row.Project, changes.Of(diff)) : null;

    /// <summary>Changes beside what a project holds now.</summary>
    public DiffComparison Compare(string? project, IReadOnlyList<DiffChange> incoming) => DiffComparison.Of(project, incoming, beliefs);

    /// <summary>The diff, or a refusal that names it.</summary>
    internal Result<WorldDiffRow> Find(string id) => diffs.Rows.Find(id) is { } row ? row : Refusal.NotFound("diff", id);

    /// <summary>The refusal of what needs the words of a diff that are no longer there.</summary>
    internal static Refusal Gone(WorldDiffRow diff) => new("gone", $"What the diff \"{diff.Id}\" said was erased.", diff.IsOpen ? "Reject it." : "Judge the beliefs on the map one by one.", 409);

    /// <summary>The belief as it is held now; null when there is none.</summary>
    internal BeliefRow? Held(string belief) => beliefs.Rows.Find(belief);

    /// <summary>Seq up to which everything is folded. Taken before beliefs are looked at: what is folded while they are looked at then counts as come between.</summary>
    internal long Folded => state.Folded;

    /// <summary>That nothing has been said about these beliefs since.</summary>
    internal IReadOnlyList<Precondition> Unchanged(IEnumerable<string> ids, long since) =>
        [.. ids.Distinct(StringComparer.Ordinal).Select(BeliefEvents.Subject).Select(s => new Precondition(s, journal.LastOf(s, since)))];

    /// <summary>Writes events of an action, all or none, and waits until they are folded; after a miss too, so that the caller sees what came between.</summary>
    internal async Task<Result<Appended>> AppendAsync(
        IReadOnlyList<EventDraft> drafts, IReadOnlyList<Precondition> preconditions, ActionContext context, string? project, CancellationToken cancel)
    {
        var own = drafts.Select(d => d with { Project = project, CorrId = context.CorrId, ParentId = context.ActionId }).ToList();
        var written = await journal.AppendAsync(own, preconditions, cancel);
        await state.WaitForAsync(written.Ok ? written.Value.LastSeq : journal.Head, cancel);
        return written;
    }
}
