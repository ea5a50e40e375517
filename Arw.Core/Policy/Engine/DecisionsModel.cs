using System.Globalization;
using Arw.Core.Journal;
using Arw.Core.Policy.Postures;
using Arw.Core.State;

namespace Arw.Core.Policy.Engine;

/// <summary>One decision, as pages list it.</summary>
/// <param name="Seq">Its event.</param>
/// <param name="Time">When.</param>
/// <param name="Principal">Who asked.</param>
/// <param name="Decision">The answer in words.</param>
public sealed record DecisionRow(long Seq, DateTimeOffset Time, string Principal, DecisionReport Decision)
{
    /// <summary>The action that asked; null = none.</summary>
    public string? Action { get; init; }

    /// <summary>The recipe that ran it; null = none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The project; null = the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>The episode; null = none.</summary>
    public string? CorrId { get; init; }
}

/// <summary>The read model <c>decisions</c>: who was allowed or denied what, and why.</summary>
public sealed class DecisionsModel : TableModel<DecisionRow>
{
    /// <inheritdoc/>
    public override string Id => "decisions";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<DecisionRow>> Columns { get; } =
    [
        new("time", r => r.Time),
        new("effect", r => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(r.Decision.Effect.ToString())),
        new("code", r => r.Decision.Code),
        new("principal", r => r.Principal),
        new("action", r => r.Action),
        new("project", r => r.Project),
        new("corr_id", r => r.CorrId),
        new("recipe", r => r.Recipe),
        new("lease", r => r.Decision.Leases.Count > 0 ? r.Decision.Leases[0] : null),
    ];

    /// <inheritdoc/>
    protected override void Fold(IRowSet<DecisionRow> rows, JournalEvent e)
    {
        if (PolicyEvents.Decided.Is(e))
        {
            var decided = PolicyEvents.Decided.Read(e);
            rows.Put(Key(e.Seq), new DecisionRow(e.Seq, e.Recorded, decided.Principal, decided.Decision)
            {
                Action = decided.Action,
                Recipe = decided.Recipe,
                Project = e.Project,
                CorrId = e.CorrId,
            });
        }
    }

    // Padded, so that keys sort as their numbers do.
    private static string Key(long seq) => seq.ToString("D19", CultureInfo.InvariantCulture);
}
