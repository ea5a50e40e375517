using System.Text;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Observations;

/// <summary>Something that was seen.</summary>
public sealed record Observation(long Seq, DateTimeOffset Time, string Kind, string Actor, string Summary)
{
    /// <summary>What it is about; null for nothing in particular.</summary>
    public string? Subject { get; init; }

    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>Episode; null for none.</summary>
    public string? CorrId { get; init; }
}

/// <summary>What was seen: every event that is not the bookkeeping of actions, decisions, beliefs, intents or access. <c>/state/observations</c>.</summary>
public sealed class ObservationsModel : TableModel<Observation>
{
    private const int SummaryLength = 240;

    private static readonly string[] Bookkeeping =
        ["actions.", "approvals.", "policy.", "access.", "beliefs.", "intents.", "episode.", "home."];

    /// <inheritdoc/>
    public override string Id => "observations";

    /// <inheritdoc/>
    public override bool PublishesPage => true;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<Observation>> Columns { get; } =
    [
        new("seq", o => o.Seq),
        new("time", o => o.Time),
        new("kind", o => o.Kind),
        new("project", o => o.Project),
        new("corr_id", o => o.CorrId),
    ];

    /// <inheritdoc/>
    protected internal override Func<Observation, string> SearchText => o => $"{o.Kind} {o.Summary}";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<Observation> rows, JournalEvent e)
    {
        if (Bookkeeping.Any(p => e.Kind.StartsWith(p, StringComparison.Ordinal)))
        {
            return;
        }

        rows.Put(
            e.Seq.ToString("D12", System.Globalization.CultureInfo.InvariantCulture),
            new Observation(e.Seq, e.Time, e.Kind, e.Actor, Summarise(e.Payload.Span)) { Subject = e.Subject, Project = e.Project, CorrId = e.CorrId });
    }

    private static string Summarise(ReadOnlySpan<byte> payload)
    {
        var cut = payload.Length > SummaryLength * 4 ? payload[..(SummaryLength * 4)] : payload;
        var text = Encoding.UTF8.GetString(cut);
        return text.Length <= SummaryLength ? text : text[..SummaryLength] + "…";
    }
}
