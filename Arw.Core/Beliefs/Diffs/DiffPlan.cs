namespace Arw.Core.Beliefs.Diffs;

/// <summary>What applying one change does.</summary>
/// <param name="Change">The change beside what is held.</param>
public sealed record PlannedChange(ComparedChange Change)
{
    /// <summary>True while it has a conflict that nobody has settled: then it does nothing yet.</summary>
    public bool Undecided { get; init; }

    /// <summary>True when its value is claimed here.</summary>
    public bool Claims { get; init; }

    /// <summary>True when its value, rejected before, is accepted by the person who applies.</summary>
    public bool Accepts { get; init; }

    /// <summary>Beliefs that it takes back.</summary>
    public IReadOnlyList<HeldBelief> TakesBack { get; init; } = [];

    /// <summary>Ids of beliefs that its value then stands against.</summary>
    public IReadOnlyList<string> Contradicts { get; init; } = [];

    /// <summary>True when it changes nothing.</summary>
    public bool Idle => !Claims && TakesBack.Count == 0;
}

/// <summary>What applying a diff with certain choices does to the map: what the page shows before, and what is written.</summary>
/// <param name="Changes">Its changes, in the diff's order.</param>
/// <param name="TakenBack">Beliefs that are taken back, each once.</param>
public sealed record DiffPlan(IReadOnlyList<PlannedChange> Changes, IReadOnlyList<HeldBelief> TakenBack)
{
    /// <summary>How many conflicts are not settled.</summary>
    public int Undecided => Changes.Count(c => c.Undecided);

    /// <summary>What it comes to.</summary>
    public DiffCounts Counts => new(
        Changes.Count(c => c.Claims && c.Change.Ours is not { Stands: true }),
        Changes.Count(c => c.Claims && c.Change.Ours is { Stands: true }),
        TakenBack.Count,
        Changes.SelectMany(c => c.Contradicts.Select(other => string.CompareOrdinal(c.Change.Belief, other) < 0 ? (c.Change.Belief, other) : (other, c.Change.Belief))).Distinct().Count(),
        Changes.Count(c => c.Idle && !c.Undecided));

    /// <summary>Plans a diff. The order of its changes and of the choices makes no difference.</summary>
    /// <param name="comparison">The diff beside what is held.</param>
    /// <param name="choices">How conflicts are settled, by index; what is missing is undecided.</param>
    public static DiffPlan Of(DiffComparison comparison, IReadOnlyDictionary<int, DiffChoice> choices)
    {
        DiffChoice? Chosen(ComparedChange c) => c.Conflicts.Count == 0 ? DiffChoice.TakeTheirs : choices.TryGetValue(c.Index, out var choice) ? choice : null;
        var taken = comparison.Changes.Where(c => Chosen(c) is DiffChoice.TakeTheirs or DiffChoice.KeepBoth).ToDictionary(c => c.Index);
        var claimed = taken.Values.Where(c => c.Claims).Select(c => c.Belief).ToHashSet(StringComparer.Ordinal);

        // What the diff itself claims stays, whatever another change of it would replace.
        HeldBelief[] Goes(ComparedChange c) => taken.ContainsKey(c.Index) && Chosen(c) == DiffChoice.TakeTheirs
            ? [.. Displaced(c).Where(o => o.Stands && !claimed.Contains(o.Id)).DistinctBy(o => o.Id)]
            : [];
        var gone = comparison.Changes.SelectMany(Goes).DistinctBy(o => o.Id).OrderBy(o => o.Id, StringComparer.Ordinal).ToList();
        var goneIds = gone.Select(o => o.Id).ToHashSet(StringComparer.Ordinal);
        return new([.. comparison.Changes.Select(c => new PlannedChange(c)
        {
            Undecided = Chosen(c) is null,
            Claims = c.Claims && taken.ContainsKey(c.Index),
            Accepts = c.Claims && taken.ContainsKey(c.Index) && c.Ours is { Status: BeliefStatus.Rejected },
            TakesBack = Goes(c),
            Contradicts = c.Claims && taken.ContainsKey(c.Index)
                ? [.. c.Others.Select(o => o.Id).Where(o => !goneIds.Contains(o)).Concat(c.Rivals.Where(taken.ContainsKey).Select(i => taken[i].Belief)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
                : [],
        })], gone);
    }

    private static IEnumerable<HeldBelief> Displaced(ComparedChange c) => c.Claims
        ? c.Others.Concat(c.Replaced is { } replaced ? [replaced] : [])
        : c.Ours is { } ours ? [ours] : [];
}
