using System.Text.Json;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>What was decided about a diff. Whether it has conflicts is no state of it: that depends on what is held now.</summary>
public enum DiffState
{
    /// <summary>Nobody has decided.</summary>
    Queued,

    /// <summary>A person puts it off; it can still be decided, as one that was taken up again.</summary>
    Deferred,

    /// <summary>It has changed the map.</summary>
    Applied,

    /// <summary>A person did not want it.</summary>
    Rejected,

    /// <summary>It had changed the map, and that was undone.</summary>
    Reverted,
}

/// <summary>A diff that came in. Row of the read model <c>world_diffs</c>; its changes are in <c>world_diff_changes</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Project">The project that it is for.</param>
/// <param name="From">The source that it names.</param>
/// <param name="State">What was decided.</param>
public sealed record WorldDiffRow(string Id, string? Project, string From, DiffState State)
{
    /// <summary>Who brought it.</summary>
    public string QueuedBy { get; init; } = "";

    /// <summary>What it is about, in words; null when not said.</summary>
    public string? Summary { get; init; }

    /// <summary>How many changes it has.</summary>
    public int Changes { get; init; }

    /// <summary>Digest of project, source and changes.</summary>
    public string Digest { get; init; } = "";

    /// <summary>When it came in.</summary>
    public DateTimeOffset Queued { get; init; }

    /// <summary>When its state last changed.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Seq of its last event.</summary>
    public long Seq { get; init; }

    /// <summary>The episode that brought it; null for none.</summary>
    public string? CorrId { get; init; }

    /// <summary>Who decided last; null while nobody has.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Why; null when not said.</summary>
    public string? Note { get; init; }

    /// <summary>What its application changed; null unless it was applied.</summary>
    public DiffCounts? Counts { get; init; }

    /// <summary>How its conflicts were settled when it was applied.</summary>
    public IReadOnlyList<ChangeChoice> Choices { get; init; } = [];

    /// <summary>The beliefs that its application changed, in order.</summary>
    public IReadOnlyList<DiffTouched> Touched { get; init; } = [];

    /// <summary>The action that applied it; null unless it was applied.</summary>
    public string? Action { get; init; }

    /// <summary>Who applied it; null unless it was applied.</summary>
    public string? AppliedBy { get; init; }

    /// <summary>True while it can be decided.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOpen => State is DiffState.Queued or DiffState.Deferred;
}

/// <summary>The read model <c>world_diffs</c>: diffs that came in and what became of them. Columns: project, state, from, open, updated.</summary>
public sealed class WorldDiffsModel : TableModel<WorldDiffRow>
{
    /// <inheritdoc/>
    public override string Id => "world_diffs";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<WorldDiffRow>> Columns { get; } =
    [
        new("project", r => r.Project),
        new("state", r => JsonNamingPolicy.SnakeCaseLower.ConvertName(r.State.ToString())),
        new("from", r => r.From),
        new("open", r => r.IsOpen),
        new("updated", r => r.Updated),
    ];

    /// <summary>How many diffs of a project wait for a decision.</summary>
    public int Waiting(string? project) => Rows.Count(new TableQuery { Where = [new("project", Op.Equal, project), new("open", Op.Equal, true)] });

    /// <inheritdoc/>
    protected override void Fold(IRowSet<WorldDiffRow> rows, JournalEvent e)
    {
        if (DiffEvents.Queued.Is(e))
        {
            var queued = DiffEvents.Queued.Read(e);
            if (rows.Find(queued.Id) is null)
            {
                rows.Put(queued.Id, new WorldDiffRow(queued.Id, e.Project, queued.From, DiffState.Queued)
                {
                    QueuedBy = e.Actor,
                    Summary = queued.Summary,
                    Changes = queued.Changes.Count,
                    Digest = queued.Digest,
                    Queued = e.Recorded,
                    Updated = e.Recorded,
                    Seq = e.Seq,
                    CorrId = e.CorrId,
                });
            }
        }
        else if (DiffEvents.Applied.Is(e) && DiffEvents.Applied.Read(e) is var applied && rows.Find(applied.Id) is { } row)
        {
            rows.Put(row.Id, Decided(row, e, DiffState.Applied, applied.Note) with
            {
                Counts = applied.Counts,
                Choices = applied.Choices,
                Touched = applied.Touched,
                Action = e.ParentId,
                AppliedBy = e.Actor,
            });
        }
        else if (Decision(e) is var (kind, state) && kind.Read(e) is var decided && rows.Find(decided.Id) is { } known)
        {
            var next = Decided(known, e, state, decided.Note);
            rows.Put(next.Id, state == DiffState.Deferred ? next with { Counts = null, Choices = [], Touched = [], Action = null, AppliedBy = null } : next);
        }
    }

    private static (EventKind<DiffDecided> Kind, DiffState State)? Decision(JournalEvent e) =>
        DiffEvents.Deferred.Is(e) ? (DiffEvents.Deferred, DiffState.Deferred)
        : DiffEvents.Rejected.Is(e) ? (DiffEvents.Rejected, DiffState.Rejected)
        : DiffEvents.Reverted.Is(e) ? (DiffEvents.Reverted, DiffState.Reverted)
        : null;

    private static WorldDiffRow Decided(WorldDiffRow row, JournalEvent e, DiffState state, string? note) =>
        row with { State = state, DecidedBy = e.Actor, Note = note, Updated = e.Recorded, Seq = e.Seq };
}
