using System.Globalization;
using System.Text.Json;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>A change of a diff. Row of the read model <c>world_diff_changes</c>.</summary>
/// <param name="Diff">The diff.</param>
/// <param name="Index">Which change of it, from 0.</param>
/// <param name="Change">What its source says.</param>
public sealed record DiffChangeRow(string Diff, int Index, DiffChange Change)
{
    /// <summary>Project; null for none.</summary>
    public string? Project { get; init; }
}

/// <summary>The read model <c>world_diff_changes</c>: what the diffs say, change by change. Columns: project, diff, op; searchable.</summary>
public sealed class WorldDiffChangesModel : TableModel<DiffChangeRow>
{
    /// <inheritdoc/>
    public override string Id => "world_diff_changes";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<DiffChangeRow>> Columns { get; } =
    [
        new("project", r => r.Project),
        new("diff", r => r.Diff),
        new("op", r => JsonNamingPolicy.SnakeCaseLower.ConvertName(r.Change.Op.ToString())),
    ];

    /// <inheritdoc/>
    protected internal override Func<DiffChangeRow, string> SearchText => r => $"{r.Change.Value} {r.Change.Subject} {r.Change.Predicate} {r.Change.Topic}";

    /// <summary>The changes of a diff, in its order.</summary>
    public IReadOnlyList<DiffChange> Of(string diff) => [.. Rows.Query(new TableQuery
    {
        Where = [new("diff", Op.Equal, diff)],
        Descending = false,
        Limit = DiffRules.MaxChanges,
    }).Select(r => r.Change)];

    /// <inheritdoc/>
    protected override void Fold(IRowSet<DiffChangeRow> rows, JournalEvent e)
    {
        if (!DiffEvents.Queued.Is(e))
        {
            return;
        }

        var queued = DiffEvents.Queued.Read(e);
        if (rows.Find(Key(queued.Id, 0)) is null)
        {
            foreach (var (i, change) in queued.Changes.Index())
            {
                rows.Put(Key(queued.Id, i), new DiffChangeRow(queued.Id, i, change) { Project = e.Project });
            }
        }
    }

    private static string Key(string diff, int index) => string.Create(CultureInfo.InvariantCulture, $"{diff}/{index:D4}");
}
