using Arw.Core.Journal;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>The events that applying a diff writes, and those that undo it.</summary>
internal static class DiffDrafts
{
    /// <summary>The beliefs' events of a plan: what is taken back first, then each claim with its acceptance, so that the events of one belief stand together and are undone in the opposite order.</summary>
    public static (List<EventDraft> Drafts, List<DiffTouched> Touched) Of(DiffPlan plan, WorldDiffRow diff, string actor)
    {
        var (drafts, touched) = (new List<EventDraft>(), new List<DiffTouched>());
        foreach (var gone in plan.TakenBack)
        {
            drafts.Add(Draft(BeliefEvents.Retracted, new BeliefJudged(gone.Id, $"Taken back by applying a diff from {diff.From}.") { Diff = diff.Id }, gone.Id));
            touched.Add(new(gone.Id, []));
        }

        foreach (var planned in plan.Changes.Where(c => c.Claims))
        {
            var belief = planned.Change.Belief;
            var done = new DiffTouched(belief, planned.Contradicts) { Claimed = true, Accepted = planned.Accepts };
            touched.Add(done);
            drafts.Add(Draft(BeliefEvents.Proposed, Claim(planned.Change.Change, done, diff), belief));
            if (planned.Accepts)
            {
                drafts.Add(Draft(BeliefEvents.Accepted, new BeliefJudged(belief, $"Accepted by applying a diff from {diff.From}.") { Diff = diff.Id }, belief));
            }
        }

        return (drafts, touched);

        EventDraft Draft<T>(EventKind<T> kind, T payload, string belief) => kind.Draft(payload, actor, BeliefEvents.Subject(belief));
    }

    /// <summary>The event that puts a belief back to where it stood before the diff.</summary>
    /// <param name="row">The belief now.</param>
    /// <param name="touched">What the diff did to it.</param>
    /// <param name="change">The change that did; null when it took the belief back for another.</param>
    /// <param name="diff">The diff.</param>
    /// <param name="actor">Who undoes it.</param>
    public static EventDraft Back(BeliefRow row, DiffTouched touched, DiffChange? change, WorldDiffRow diff, string actor) => BeliefEvents.Restored.Draft(
        new BeliefRestored(row.Id, diff.Id, touched.Claimed ? Claim(change!, touched, diff) : null)
        {
            Action = touched.Claimed ? diff.Action : null,
            VerifiedBy = touched.Accepted ? diff.AppliedBy : null,
        },
        actor,
        BeliefEvents.Subject(row.Id));

    private static BeliefProposed Claim(DiffChange change, DiffTouched touched, WorldDiffRow diff) => new(touched.Id, change.Value.Trim(), change.Confidence ?? 0)
    {
        Subject = change.Subject,
        Predicate = change.Predicate,
        Topic = change.Topic,
        // A claim without evidence is the source's word, not that of the person who applies it; the same source's word counts once.
        Evidence = change.Evidence.Count > 0 ? change.Evidence : [new BeliefEvidence { ItemId = $"diff:{diff.From}", Title = diff.From, Quote = change.Provenance }],
        Conflicts = touched.Contradicts,
        Diff = diff.Id,
    };
}
