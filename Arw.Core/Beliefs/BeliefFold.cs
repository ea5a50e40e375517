using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Beliefs;

/// <summary>
/// How claims become beliefs. A claim of confidence c with n sources gives each source the weight 1 − (1 − c)^(1/n), so that alone it counts as c. A source that claims twice counts once, with its
/// larger weight. Sources combine as independent ones: support = 1 − Π(1 − weight), at most 0.99. What contradicts a belief halves it at most: confidence = support × (1 − ½ × the best support of a standing
/// contradiction). Maximum and product commute: the order in which evidence arrives does not matter.
/// </summary>
public static class BeliefFold
{
    /// <summary>No evidence makes anything surer than this.</summary>
    public const double MaxConfidence = 0.99;

    private const int MaxKept = 64;

    /// <summary>Changes the rows by an event, if it is about beliefs.</summary>
    public static void Apply(IRowSet<BeliefRow> rows, JournalEvent e)
    {
        if (BeliefEvents.Proposed.Is(e))
        {
            Propose(rows, e, BeliefEvents.Proposed.Read(e));
        }
        else if (BeliefEvents.Restored.Is(e))
        {
            Restore(rows, BeliefEvents.Restored.Read(e));
        }
        else if (Judgement(e) is var (judged, status) && rows.Find(judged.Id) is { } row)
        {
            row = Settle(row with
            {
                Judgement = status,
                Reason = judged.Reason,
                Updated = e.Recorded,
                Diff = judged.Diff ?? row.Diff,
                Before = BeliefBefore.Of(row, judged.Diff),
            });
            rows.Put(row.Id, row);
            TellOthers(rows, row);
        }
    }

    /// <summary>The judgement that an event carries; null when it is none.</summary>
    public static (BeliefJudged Judged, BeliefStatus Status)? Judgement(JournalEvent e) =>
        BeliefEvents.Accepted.Is(e) ? (BeliefEvents.Accepted.Read(e), BeliefStatus.Accepted)
        : BeliefEvents.Rejected.Is(e) ? (BeliefEvents.Rejected.Read(e), BeliefStatus.Rejected)
        : BeliefEvents.Retracted.Is(e) ? (BeliefEvents.Retracted.Read(e), BeliefStatus.Retracted)
        : null;

    /// <summary>The sources of one claim, with their weights.</summary>
    public static IReadOnlyList<BeliefSource> SourcesOf(BeliefProposed claim, string actor)
    {
        var confidence = Math.Clamp(claim.Confidence, 0, MaxConfidence);
        var distinct = claim.Evidence.DistinctBy(BeliefIdentity.SourceKey).ToArray();
        if (distinct.Length == 0)
        {
            return [new BeliefSource($"said:{actor}", confidence)];
        }

        var weight = 1 - Math.Pow(1 - confidence, 1.0 / distinct.Length);
        return [.. distinct.Select(e => new BeliefSource(BeliefIdentity.SourceKey(e), weight, e))];
    }

    private static void Propose(IRowSet<BeliefRow> rows, JournalEvent e, BeliefProposed claim)
    {
        var known = rows.Find(claim.Id);
        var row = known ?? new BeliefRow(claim.Id, claim.Text)
        {
            Project = e.Project,
            Subject = claim.Subject,
            Predicate = claim.Predicate,
            Proposed = e.Recorded,
        };
        row = Settle(row with
        {
            Topic = row.Topic ?? claim.Topic,
            Sources = Merge(row.Sources, SourcesOf(claim, claim.ClaimedBy ?? e.Actor)),
            Relations = [.. row.Relations.Union(claim.Relations).Take(MaxKept)],
            Judgement = row.Judgement == BeliefStatus.Retracted ? null : row.Judgement,
            Updated = e.Recorded,
            Actor = claim.ClaimedBy ?? e.Actor,
            CorrId = claim.ClaimedIn ?? e.CorrId,
            Diff = claim.Diff ?? row.Diff,
            Before = BeliefBefore.Of(known, claim.Diff),
        });
        foreach (var id in Contradicted(claim))
        {
            if (rows.Find(id) is { } other && other.Project == row.Project)
            {
                row = Against(row, other);
            }
        }

        rows.Put(row.Id, row);
        TellOthers(rows, row);
    }

    /// <summary>Ids of the beliefs that a claim contradicts, found or said.</summary>
    public static IEnumerable<string> Contradicted(BeliefProposed claim) => claim.Relations
        .Where(r => r.Kind == RelationKind.Contradicts && r.Target.StartsWith("belief:", StringComparison.Ordinal))
        .Select(r => r.Target["belief:".Length..])
        .Concat(claim.Conflicts)
        .Where(id => id != claim.Id)
        .Distinct();

    // The exact inverse of what the diff's events did to this belief and to those that it contradicts, when the later ones of them have been undone before.
    private static void Restore(IRowSet<BeliefRow> rows, BeliefRestored restored)
    {
        if (rows.Find(restored.Id) is not { Before: { } before } now || before.Diff != restored.Diff)
        {
            return;
        }

        foreach (var id in now.Conflicts.Select(c => c.Id).Except(before.Row?.Conflicts.Select(c => c.Id) ?? []))
        {
            if (rows.Find(id) is { } other)
            {
                rows.Put(id, Settle(other with { Conflicts = [.. other.Conflicts.Where(c => c.Id != now.Id)] }));
            }
        }

        if (before.Row is not { } row)
        {
            rows.Delete(now.Id);
            return;
        }

        // What the others are worth by now, not what they were worth then.
        row = Settle(row with
        {
            Conflicts = [.. row.Conflicts.Select(c => rows.Find(c.Id)).OfType<BeliefRow>().Select(Opposing)],
        });
        rows.Put(row.Id, row);
        TellOthers(rows, row);
    }

    private static BeliefConflict Opposing(BeliefRow other) => new(other.Id, other.Stands ? other.Support : 0);

    private static void TellOthers(IRowSet<BeliefRow> rows, BeliefRow row)
    {
        foreach (var conflict in row.Conflicts)
        {
            if (rows.Find(conflict.Id) is { } other)
            {
                rows.Put(other.Id, Against(other, row));
            }
        }
    }

    private static BeliefRow Against(BeliefRow row, BeliefRow other) => Settle(row with
    {
        Conflicts = [.. row.Conflicts.Where(c => c.Id != other.Id)
            .Append(Opposing(other))
            .OrderByDescending(c => c.Support).ThenBy(c => c.Id, StringComparer.Ordinal).Take(MaxKept)
            .OrderBy(c => c.Id, StringComparer.Ordinal)],
    });

    private static IReadOnlyList<BeliefSource> Merge(IReadOnlyList<BeliefSource> known, IReadOnlyList<BeliefSource> added) =>
        [.. known.Concat(added)
            .GroupBy(s => s.Key, StringComparer.Ordinal)
            .Select(g => g.MaxBy(s => s.Weight)!)
            .OrderByDescending(s => s.Weight).ThenBy(s => s.Key, StringComparer.Ordinal).Take(MaxKept)
            .OrderBy(s => s.Key, StringComparer.Ordinal)];

    private static BeliefRow Settle(BeliefRow row)
    {
        var doubt = row.Sources.Aggregate(1.0, (product, s) => product * (1 - s.Weight));
        var support = Math.Min(MaxConfidence, 1 - doubt);
        var against = row.Conflicts.Select(c => c.Support).DefaultIfEmpty(0).Max();
        return row with
        {
            Support = Math.Round(support, 6),
            Confidence = Math.Round(support * (1 - against / 2), 6),
            Status = row.Judgement ?? (against > 0 ? BeliefStatus.Conflict : BeliefStatus.Proposed),
        };
    }
}
