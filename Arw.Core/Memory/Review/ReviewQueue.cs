using Arw.Core.Actions;
using Arw.Core.Memory.Risk;
using Arw.Core.Memory.Taint;
using Arw.Core.Policy.Postures;

namespace Arw.Core.Memory.Review;

/// <summary>An entry as it stands after it was held back.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">How it stands.</param>
/// <param name="Became">The belief or memory that it became; null while it waits or was kept out.</param>
/// <param name="Markers">What is risky in it.</param>
public sealed record HeldEntry(string Id, EntryState State, string? Became, IReadOnlyList<RiskMarker> Markers);

/// <summary>Holds content from outside back.</summary>
public sealed class ReviewQueue(QuarantineModel entries, Assessor assessor, Admission admission, PolicyModel policy, ReviewTurn turn)
{
    /// <summary>Names the rule of Relaxed as the one who decided.</summary>
    public const string Rule = "rule:relaxed";

    /// <summary>Whether something in it can act on a reader or an agent, whoever says it.</summary>
    public bool IsSuspicious(WantedContent wanted, CancellationToken cancel) =>
        assessor.Assess(wanted, new Dictionary<string, Evidence.StoredSource>(), cancel).Markers.Any(m => m.Serious);

    /// <summary>Holds content back, or finds the entry that it already is. Under Relaxed, what has explicit provenance, a positive evidence score and no marker is let in by that rule at once.</summary>
    /// <param name="wanted">The content.</param>
    /// <param name="why">Why it counts as coming from outside.</param>
    /// <param name="run">The action that brings it.</param>
    /// <param name="cancel">Gives up waiting for the turn.</param>
    public Task<IReadOnlyList<HeldEntry>> HoldAsync(IReadOnlyList<WantedContent> wanted, OutsideReason why, ActionRun run, CancellationToken cancel) => turn.TakeAsync<IReadOnlyList<HeldEntry>>(
        async () =>
        {
            var stored = assessor.Stored(run.Context.CorrId, run.Context.Project);
            var held = new List<HeldEntry>();
            foreach (var content in wanted)
            {
                held.Add(await HoldAsync(content, stored, why, run, cancel));
            }

            return held;
        },
        cancel);

    private async Task<HeldEntry> HoldAsync(WantedContent wanted, IReadOnlyDictionary<string, Evidence.StoredSource> stored, OutsideReason why, ActionRun run, CancellationToken cancel)
    {
        var id = wanted.EntryId(run.Context.Project);
        var known = entries.Rows.Find(id);
        if (known is not null && wanted.Provenance.All(known.Entry.Provenance.Contains))
        {
            // Nothing new: what was decided of it stands.
            return new(id, known.State, known.Became, known.RiskMarkers);
        }

        wanted = known is null ? wanted : wanted with { Provenance = [.. known.Entry.Provenance.Union(wanted.Provenance)] };
        var found = assessor.Assess(wanted, stored, cancel);
        var entry = new MemoryQuarantined(id, wanted.Text, wanted.Content, CleanText.Helps(found.Markers) ? EntryState.NeedsExtractor : EntryState.Queued, why.Words)
        {
            WhySeq = why.Seq,
            WhyEpisode = why.CorrId,
            Source = wanted.Source,
            ContentType = wanted.ContentType,
            Provenance = wanted.Provenance,
            RiskMarkers = found.Markers,
            Evidence = found.Evidence,
        };
        var draft = MemoryEvents.Quarantined.Draft(entry, run.Context.Principal.Actor, MemoryEvents.EntrySubject(id), run.Context.Project);
        if (policy.Current.Posture == Posture.Relaxed && wanted.Provenance.Count > 0 && found.Evidence.Score > 0 && found.Markers.Count == 0)
        {
            var became = await admission.LetInAsync(
                [new(entry, wanted.Text)], run.Context.Project, Rule, "Explicit provenance, a positive evidence score and no risk marker.", [draft], run, cancel);
            return new(id, EntryState.Admitted, became[0], found.Markers);
        }

        await run.AppendAsync([draft], cancel);
        return new(id, entry.State, null, found.Markers);
    }
}
