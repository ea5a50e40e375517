using System.Globalization;
using System.Text.Json;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Beliefs;

/// <summary>The read model <c>beliefs</c>: what is held true, how surely and why. Columns: project, status, confidence, updated, topic, standing, slot; searchable.</summary>
public sealed class BeliefsModel : TableModel<BeliefRow>
{
    /// <inheritdoc/>
    public override string Id => "beliefs";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<BeliefRow>> Columns { get; } =
    [
        new("project", r => r.Project),
        new("status", r => JsonNamingPolicy.SnakeCaseLower.ConvertName(r.Status.ToString())),
        new("confidence", r => r.Confidence),
        new("updated", r => r.Updated),
        new("topic", r => r.Topic),
        new("standing", r => r.Stands ? Standing(r.Project) + r.Confidence.ToString("F6", CultureInfo.InvariantCulture) : null),
        new("slot", r => BeliefIdentity.Slot(r.Project, r.Subject, r.Predicate)),
    ];

    /// <inheritdoc/>
    protected internal override Func<BeliefRow, string> SearchText => r => $"{r.Text} {r.Subject} {r.Predicate} {r.Topic}";

    /// <summary>Standing beliefs of a slot, surest first.</summary>
    /// <param name="slot">The slot, <see cref="BeliefIdentity.Slot"/>.</param>
    /// <param name="limit">Most to return.</param>
    public IReadOnlyList<BeliefRow> InSlot(string slot, int limit) => Rows.Query(new TableQuery
    {
        Where = [new("slot", Op.Equal, slot), new("status", Op.In, new[] { "proposed", "conflict", "accepted" })],
        OrderBy = "confidence",
        Limit = limit,
    });

    /// <summary>Standing beliefs of a project, surest first: read off one index, however many there are.</summary>
    /// <param name="project">The project; null for beliefs of no project.</param>
    /// <param name="limit">Most to return.</param>
    public IReadOnlyList<BeliefRow> Surest(string? project, int limit) => Rows.Query(new TableQuery
    {
        Where = [new("standing", Op.Prefix, Standing(project))],
        OrderBy = "standing",
        Limit = limit,
    });

    private static string Standing(string? project) => $"{project}/";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<BeliefRow> rows, JournalEvent e) => BeliefFold.Apply(rows, e);
}
