using System.Collections.Immutable;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Episodes;

/// <summary>How an episode stands.</summary>
public enum EpisodeStatus
{
    /// <summary>Events of outside sources only, none of which says how it ended.</summary>
    Observed,

    /// <summary>Something is queued or runs.</summary>
    Running,

    /// <summary>It waits for a person.</summary>
    Waiting,

    /// <summary>Its root action ended well.</summary>
    Completed,

    /// <summary>Its root action failed.</summary>
    Failed,

    /// <summary>Its root action was refused.</summary>
    Refused,

    /// <summary>Its root action was cancelled.</summary>
    Cancelled,
}

/// <summary>An episode: all events of one correlation id, rolled up.</summary>
public sealed record EpisodeRow(string Id, string Title)
{
    /// <summary>How it stands.</summary>
    public EpisodeStatus Status { get; init; }

    /// <summary>Time of the first event.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>Time of the last event.</summary>
    public DateTimeOffset Last { get; init; }

    /// <summary>When it ended; null while something lives in it.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Milliseconds from the first event to the last.</summary>
    public long DurationMs { get; init; }

    /// <summary>Number of events.</summary>
    public int Count { get; init; }

    /// <summary>Number of events that tell of an error or a refusal.</summary>
    public int Errors { get; init; }

    /// <summary>Tokens that models read.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens that models wrote.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Sum of known costs in micro-USD.</summary>
    public long CostUsdMicros { get; init; }

    /// <summary>True when something cost money whose price is not known.</summary>
    public bool CostUnknown { get; init; }

    /// <summary>Bytes that left the machine.</summary>
    public long BytesOut { get; init; }

    /// <summary>Bytes that came in.</summary>
    public long BytesIn { get; init; }

    /// <summary>Kind of the first event.</summary>
    public string FirstKind { get; init; } = "";

    /// <summary>Kind of the last event.</summary>
    public string LastKind { get; init; } = "";

    /// <summary>Seq of the last event.</summary>
    public long Seq { get; init; }

    /// <summary>Its project (that of its first event); null for none.</summary>
    public string? Project { get; init; }

    /// <summary>Who acted in it; the first 16.</summary>
    public ImmutableList<string> Actors { get; init; } = [];

    /// <summary>Kinds of its events; the first 64.</summary>
    public ImmutableList<string> Kinds { get; init; } = [];

    /// <summary>Recipe id; null for none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The episode that started it; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>Episodes that it started; the first 64.</summary>
    public ImmutableList<string> Children { get; init; } = [];

    /// <summary>True for the demo's.</summary>
    public bool Demo { get; init; }

    /// <summary>Live actions and their states: what the status follows from.</summary>
    public ImmutableSortedDictionary<string, ActionState> Live { get; init; } = ImmutableSortedDictionary.Create<string, ActionState>(StringComparer.Ordinal);

    /// <summary>How the last root action ended; null before one has.</summary>
    public ActionState? Ended { get; init; }

    /// <summary>How it ended by the word of an outside source; counts only where the home ran nothing in it.</summary>
    public ActionState? Outcome { get; init; }

    /// <summary>Where <see cref="Outcome"/> comes from.</summary>
    public EpisodeWord? OutcomeFrom { get; init; }

    /// <summary>Where the title comes from; null while it is the kind of the first event.</summary>
    public EpisodeWord? TitleFrom { get; init; }
}

/// <summary>All episodes, newest first: <c>/state/episodes</c>.</summary>
public sealed class EpisodesModel : TableModel<EpisodeRow>
{
    /// <summary>Correlation ids that begin so belong to single control actions and make no episode.</summary>
    public const string ControlPrefix = "control:";

    /// <inheritdoc/>
    public override string Id => "episodes";

    /// <inheritdoc/>
    public override int SchemaVersion => 2;

    /// <inheritdoc/>
    public override bool PublishesPage => true;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<EpisodeRow>> Columns { get; } =
    [
        new("last", e => e.Last),
        new("start", e => e.Start),
        new("status", e => e.Status.ToString().ToLowerInvariant()),
        new("project", e => e.Project),
        new("recipe", e => e.Recipe),
        new("errors", e => e.Errors),
        new("demo", e => e.Demo),
        new("cost", e => e.CostUsdMicros),
        new("cost_unknown", e => e.CostUnknown),
    ];

    /// <inheritdoc/>
    protected internal override Func<EpisodeRow, string> SearchText => e => $"{e.Title} {e.Id} {e.Recipe} {string.Join(' ', e.Actors)}";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<EpisodeRow> rows, JournalEvent e)
    {
        if (e.CorrId is not { } id || id.StartsWith(ControlPrefix, StringComparison.Ordinal))
        {
            return;
        }

        var row = rows.Find(id) ?? new EpisodeRow(id, e.Kind) { Start = e.Time, FirstKind = e.Kind, Project = e.Project };
        row = EpisodeRollup.Add(row, e);
        if (EpisodeEvents.Started.Is(e))
        {
            var started = EpisodeEvents.Started.Read(e);
            row = row with { Title = started.Title, TitleFrom = EpisodeWord.OfHome, Recipe = started.Recipe?.Id, Parent = started.Parent, Demo = started.Demo };
            if (started.Parent is { } parent && rows.Find(parent) is { Children.Count: < 64 } above)
            {
                rows.Put(parent, above with { Children = above.Children.Add(id) });
            }
        }

        rows.Put(id, row);
    }
}
