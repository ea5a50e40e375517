using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using Arw.Web.Components.Formats;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.World.Diffs;

/// <summary>Diffs in words.</summary>
public static class DiffWords
{
    private const int MostNamed = 3;

    /// <summary>How a diff stands.</summary>
    /// <param name="row">The diff.</param>
    /// <param name="conflicts">How many conflicts it has now; null when not counted.</param>
    public static (StatusKind Kind, string Word) Status(WorldDiffRow row, int? conflicts) => row.State switch
    {
        DiffState.Applied => (StatusKind.Done, "Applied"),
        DiffState.Rejected => (StatusKind.Refused, "Rejected"),
        DiffState.Reverted => (StatusKind.Cancelled, "Undone"),
        _ when conflicts > 0 => (StatusKind.Warning, Format.Count(conflicts.Value, "conflict", "conflicts")),
        DiffState.Deferred => (StatusKind.Queued, "Put off"),
        _ => (StatusKind.Waiting, "Waiting for you"),
    };

    /// <summary>What a change is about: "colour of Lake".</summary>
    public static string About(DiffChange change) => (change.Predicate, change.Subject) switch
    {
        ({ Length: > 0 } predicate, { Length: > 0 } subject) => $"{predicate} of {subject}",
        (_, { Length: > 0 } subject) => subject,
        ({ Length: > 0 } predicate, _) => predicate,
        _ => change.Topic ?? "A claim without a subject",
    };

    /// <summary>The word for what a change does at its source.</summary>
    public static string Of(DiffOp op) => op switch
    {
        DiffOp.Add => "holds",
        DiffOp.Change => "now holds",
        _ => "no longer holds",
    };

    /// <summary>The word on a choice.</summary>
    public static string Of(DiffChoice choice) => choice switch
    {
        DiffChoice.KeepOurs => "Keep ours",
        DiffChoice.TakeTheirs => "Take theirs",
        _ => "Keep both",
    };

    /// <summary>Why a person must choose.</summary>
    public static string Of(DiffConflict conflict) => conflict switch
    {
        DiffConflict.OtherValue => "same subject and predicate, another value",
        DiffConflict.RejectedHere => "rejected here by a person",
        _ => "accepted here by a person",
    };

    /// <summary>What is held about a belief.</summary>
    public static string Of(BeliefStatus status) => status switch
    {
        BeliefStatus.Accepted => "accepted",
        BeliefStatus.Rejected => "rejected",
        BeliefStatus.Retracted => "taken back",
        BeliefStatus.Conflict => "in conflict",
        _ => "not judged",
    };

    /// <summary>What applying does about one change.</summary>
    public static IEnumerable<string> Effects(PlannedChange planned)
    {
        if (planned.Undecided)
        {
            yield return "Nothing until you choose.";
            yield break;
        }

        if (planned.Idle)
        {
            yield return planned.Change.Conflicts.Count > 0 ? "Nothing: what is held here stays."
                : planned.Change.Claims ? "Nothing." : "Nothing: it is not held here.";
        }

        if (planned.Claims)
        {
            yield return planned.Accepts ? "Accepts it, against the earlier rejection."
                : planned.Change.Ours switch
                {
                    { Stands: true } => "Adds its evidence to what is held.",
                    { } => "Brings it back.",
                    null => "Adds it to the map.",
                };
        }

        foreach (var gone in planned.TakesBack.Take(MostNamed))
        {
            yield return $"Takes back “{gone.Text}”.";
        }

        if (planned.TakesBack.Count > MostNamed)
        {
            yield return $"Takes back {Format.Count(planned.TakesBack.Count - MostNamed)} more.";
        }

        if (planned.Contradicts.Count > 0)
        {
            yield return $"Leaves {Format.Count(planned.Contradicts.Count, "contradiction", "contradictions")} on the map.";
        }
    }

    /// <summary>What a diff comes to, in one sentence's parts.</summary>
    public static string Of(DiffCounts counts)
    {
        (int Count, string Words)[] parts =
        [
            (counts.Added, $"{Format.Count(counts.Added)} added"),
            (counts.Strengthened, $"{Format.Count(counts.Strengthened)} with further evidence"),
            (counts.TakenBack, $"{Format.Count(counts.TakenBack)} taken back"),
            (counts.Contradictions, Format.Count(counts.Contradictions, "contradiction", "contradictions")),
            (counts.LeftOut, $"{Format.Count(counts.LeftOut)} left out"),
        ];
        return string.Join(", ", parts.Where(p => p.Count > 0).Select(p => p.Words)) is { Length: > 0 } text ? text : "nothing changes";
    }
}
