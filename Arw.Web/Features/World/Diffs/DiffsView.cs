using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Web.Features.World.Diffs;

/// <summary>What the review page shows: the diffs of a project, and the chosen one beside what is held now, with the choices that were made for its conflicts so far.</summary>
public sealed class DiffsView(WorldDiffsModel diffs, WorldDiffChangesModel changes, BeliefsModel beliefs, DiffDesk desk)
{
    /// <summary>Most diffs listed.</summary>
    public const int MostRows = 100;

    /// <summary>How many changes are shown at first, and more at a time.</summary>
    public const int Step = 50;

    // What is compared for the list alone, each time that a belief changes.
    private const int MostCounted = 20;

    private readonly Dictionary<int, DiffChoice> _choices = [];
    private readonly Dictionary<string, (long Version, int Conflicts)> _counted = new(StringComparer.Ordinal);
    private Dictionary<int, string> _shown = [];

    /// <summary>The diffs, last decided or come in first.</summary>
    public IReadOnlyList<WorldDiffRow> Rows { get; private set; } = [];

    /// <summary>How many wait for a decision.</summary>
    public int Waiting { get; private set; }

    /// <summary>The chosen diff; null for none.</summary>
    public WorldDiffRow? Chosen { get; private set; }

    /// <summary>What the chosen one says; for one that is decided.</summary>
    public IReadOnlyList<DiffChange> Said { get; private set; } = [];

    /// <summary>The chosen one beside what is held now; null for one that is decided, or whose words were erased.</summary>
    public DiffComparison? Comparison { get; private set; }

    /// <summary>What applying it with the choices so far would do.</summary>
    public DiffPlan? Plan { get; private set; }

    /// <summary>True when what is held changed under choices that had been made: those were dropped.</summary>
    public bool Moved { get; private set; }

    /// <summary>How many changes are shown at most.</summary>
    public int Shown { get; private set; } = Step;

    /// <summary>The changes as they are shown: conflicts first.</summary>
    public IEnumerable<PlannedChange> Ordered => (Plan?.Changes ?? []).OrderBy(c => c.Change.Conflicts.Count == 0).ThenBy(c => c.Change.Index);

    /// <summary>Pulls the list and the chosen diff.</summary>
    /// <param name="project">The project.</param>
    /// <param name="id">Id of the chosen diff; null for none.</param>
    public void Pull(string? project, string? id)
    {
        Waiting = diffs.Waiting(project);
        Rows = diffs.Rows.Query(new TableQuery { Where = [new("project", Op.Equal, project)], OrderBy = "updated", Limit = MostRows });
        if (id != Chosen?.Id)
        {
            _choices.Clear();
            (_shown, Moved, Shown) = ([], false, Step);
        }

        Chosen = id is null ? null : diffs.Rows.Find(id);
        Said = Chosen is null ? [] : changes.Of(Chosen.Id);
        Comparison = Chosen is { IsOpen: true } open && Said.Count == open.Changes ? desk.Compare(open.Project, Said) : null;
        Drop();
        Settle();
    }

    /// <summary>How a diff's conflicts count in the list; null for one that is decided or not counted.</summary>
    public int? Conflicts(WorldDiffRow row)
    {
        if (!row.IsOpen || Rows.Where(r => r.IsOpen).Take(MostCounted).All(r => r.Id != row.Id))
        {
            return null;
        }

        if (!_counted.TryGetValue(row.Id, out var counted) || counted.Version != beliefs.Version)
        {
            _counted[row.Id] = counted = (beliefs.Version, desk.Compare(row.Project, changes.Of(row.Id)).Conflicts);
        }

        return counted.Conflicts;
    }

    /// <summary>The choice that was made for a change; null for none.</summary>
    public DiffChoice? ChoiceOf(int index) => _choices.TryGetValue(index, out var choice) ? choice : null;

    /// <summary>The choices that were made, in order.</summary>
    public IReadOnlyList<ChangeChoice> Choices => [.. _choices.OrderBy(c => c.Key).Select(c => new ChangeChoice(c.Key, c.Value))];

    /// <summary>Makes a choice.</summary>
    public void Choose(int index, DiffChoice choice)
    {
        (_choices[index], Moved) = (choice, false);
        Settle();
    }

    /// <summary>Makes one choice for all conflicts that allow it.</summary>
    public void ChooseAll(DiffChoice choice)
    {
        foreach (var change in Comparison?.Changes.Where(c => c.Choices.Contains(choice)) ?? [])
        {
            _choices[change.Index] = choice;
        }

        Moved = false;
        Settle();
    }

    /// <summary>Shows more changes.</summary>
    public void ShowMore() => Shown += Step;

    // A choice is for what was seen: when that changes, it must be made again.
    private void Drop()
    {
        var now = Comparison?.Changes.Where(c => c.Conflicts.Count > 0).ToDictionary(c => c.Index, c => System.Text.Json.JsonSerializer.Serialize(c, ArwJson.Options)) ?? [];
        foreach (var index in _choices.Keys.Where(i => !now.TryGetValue(i, out var text) || text != _shown.GetValueOrDefault(i)).ToList())
        {
            _choices.Remove(index);
            Moved = true;
        }

        _shown = now;
    }

    private void Settle() => Plan = Comparison is { } comparison ? DiffPlan.Of(comparison, _choices) : null;
}
