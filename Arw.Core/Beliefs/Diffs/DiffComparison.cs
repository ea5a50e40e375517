using Arw.Core.Primitives;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>Why a change cannot be applied without a person's choice.</summary>
public enum DiffConflict
{
    /// <summary>A different value of the same subject and predicate is held here, or comes in with the same diff.</summary>
    OtherValue,

    /// <summary>A person here has rejected exactly this.</summary>
    RejectedHere,

    /// <summary>It takes back what a person here has accepted.</summary>
    AcceptedHere,
}

/// <summary>A belief as it is held here while a diff is compared with it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The claim.</param>
/// <param name="Status">What is held about it.</param>
/// <param name="Confidence">How sure, 0 to 0.99.</param>
/// <param name="Sources">How many sources it has.</param>
/// <param name="Updated">When it last changed.</param>
public sealed record HeldBelief(string Id, string Text, BeliefStatus Status, double Confidence, int Sources, DateTimeOffset Updated)
{
    /// <summary>True unless it was rejected or taken back.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Stands => Status is not (BeliefStatus.Rejected or BeliefStatus.Retracted);

    internal static HeldBelief? Of(BeliefRow? row) => row is null ? null : new(row.Id, row.Text, row.Status, row.Confidence, row.Sources.Count, row.Updated);
}

/// <summary>One change beside what is held here.</summary>
/// <param name="Index">Which change of the diff, from 0.</param>
/// <param name="Change">What the source says.</param>
/// <param name="Belief">Id of the belief that it is about.</param>
public sealed record ComparedChange(int Index, DiffChange Change, string Belief)
{
    /// <summary>The same belief as it is held here; null when it is not known here.</summary>
    public HeldBelief? Ours { get; init; }

    /// <summary>What the change replaces, while it stands here; null for nothing.</summary>
    public HeldBelief? Replaced { get; init; }

    /// <summary>Standing beliefs with another value of the same subject and predicate, surest first, at most 64.</summary>
    public IReadOnlyList<HeldBelief> Others { get; init; } = [];

    /// <summary>Changes of the same diff that say another value of the same subject and predicate.</summary>
    public IReadOnlyList<int> Rivals { get; init; } = [];

    /// <summary>Why a person must choose; empty when nothing stands against it.</summary>
    public IReadOnlyList<DiffConflict> Conflicts { get; init; } = [];

    /// <summary>What can be chosen; empty without a conflict.</summary>
    public IReadOnlyList<DiffChoice> Choices { get; init; } = [];

    /// <summary>True when it claims something; false for a retraction.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Claims => Change.Op != DiffOp.Retract;
}

/// <summary>A diff beside what a project holds now. A conflict is: same subject and predicate (case, spacing and spelling variants aside), both said, a different value, and both stand;
/// predicates that may have many values have none. So it is the same from both sides.</summary>
/// <param name="Project">The project.</param>
/// <param name="Changes">The changes, in the diff's order.</param>
/// <param name="Seen">Names exactly this comparison: a decision that names it is refused when anything of it has changed.</param>
public sealed record DiffComparison(string? Project, IReadOnlyList<ComparedChange> Changes, string Seen)
{
    private const int MaxOthers = 64;

    /// <summary>How many changes need a choice.</summary>
    public int Conflicts => Changes.Count(c => c.Conflicts.Count > 0);

    /// <summary>Compares a diff with the beliefs as they are folded now.</summary>
    public static DiffComparison Of(string? project, IReadOnlyList<DiffChange> changes, BeliefsModel beliefs)
    {
        var slots = changes.Select(c => c.Op == DiffOp.Retract ? null : BeliefIdentity.Slot(project, c.Subject, c.Predicate)).ToList();
        var rivals = slots.Index().Where(s => s.Item is not null).ToLookup(s => s.Item, s => s.Index, StringComparer.Ordinal);
        var compared = changes.Index().Select(c => Compare(project, c.Index, c.Item, slots[c.Index], rivals, beliefs)).ToList();
        return new(project, compared, Digest.Of(ArwJson.ToUtf8(compared))[7..39]);
    }

    private static ComparedChange Compare(string? project, int index, DiffChange change, string? slot, ILookup<string?, int> rivals, BeliefsModel beliefs)
    {
        var belief = change.BeliefIn(project);
        var replaced = change.ReplacedIn(project) is { } was && HeldBelief.Of(beliefs.Rows.Find(was)) is { Stands: true } standing ? standing : null;
        var compared = new ComparedChange(index, change, belief)
        {
            Ours = HeldBelief.Of(beliefs.Rows.Find(belief)),
            Replaced = replaced,
            Others = slot is null ? [] : [.. beliefs.InSlot(slot, MaxOthers + 1).Where(o => o.Id != belief).Take(MaxOthers).Select(o => HeldBelief.Of(o)!)],
            Rivals = slot is null ? [] : [.. rivals[slot].Where(i => i != index)],
        };
        DiffConflict[] conflicts = [.. Reasons(compared)];
        return compared with { Conflicts = conflicts, Choices = Choices(compared, conflicts) };
    }

    private static IEnumerable<DiffConflict> Reasons(ComparedChange c)
    {
        if (c.Others.Count + c.Rivals.Count > 0)
        {
            yield return DiffConflict.OtherValue;
        }

        if (c.Claims && c.Ours is { Status: BeliefStatus.Rejected })
        {
            yield return DiffConflict.RejectedHere;
        }

        // What it replaces in the same slot is among the others already.
        var goes = c.Claims ? (c.Others.Any(o => o.Id == c.Replaced?.Id) ? null : c.Replaced) : c.Ours;
        if (goes is { Status: BeliefStatus.Accepted })
        {
            yield return DiffConflict.AcceptedHere;
        }
    }

    private static IReadOnlyList<DiffChoice> Choices(ComparedChange c, DiffConflict[] conflicts) =>
        conflicts.Length == 0 ? []
        : c.Others.Count > 0 || (c.Claims && conflicts.Contains(DiffConflict.AcceptedHere)) ? [DiffChoice.KeepOurs, DiffChoice.TakeTheirs, DiffChoice.KeepBoth]
        : [DiffChoice.KeepOurs, DiffChoice.TakeTheirs];
}
