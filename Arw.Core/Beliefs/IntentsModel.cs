using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Beliefs;

/// <summary>How an intent stands.</summary>
public enum IntentStatus
{
    /// <summary>Nobody has answered.</summary>
    Proposed,

    /// <summary>A person wants it.</summary>
    Approved,

    /// <summary>A person does not want it.</summary>
    Rejected,
}

/// <summary>One intent.</summary>
/// <param name="Intent">What was suggested.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Time">When it was suggested.</param>
/// <param name="Actor">Who suggested it.</param>
public sealed record IntentRow(IntentProposed Intent, IntentStatus Status, DateTimeOffset Time, string Actor)
{
    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>The episode.</summary>
    public string? CorrId { get; init; }

    /// <summary>Who answered; null while nobody has.</summary>
    public string? JudgedBy { get; init; }

    /// <summary>Why; null when not said.</summary>
    public string? Reason { get; init; }
}

/// <summary>The newest intents, oldest first.</summary>
/// <param name="Items">At most 256.</param>
public sealed record IntentsState(ImmutableList<IntentRow> Items);

/// <summary>The read model <c>intents</c>.</summary>
public sealed class IntentsModel : DocumentModel<IntentsState>
{
    private const int MaxKept = 256;

    /// <inheritdoc/>
    public override string Id => "intents";

    /// <inheritdoc/>
    public override string ProjectMember => "project";

    /// <inheritdoc/>
    protected override IntentsState Empty { get; } = new([]);

    /// <summary>The intent of that id among the newest; null when there is none.</summary>
    public IntentRow? Find(string id) => Current.Items.Find(i => i.Intent.Id == id);

    /// <inheritdoc/>
    protected override IntentsState Fold(IntentsState state, JournalEvent e)
    {
        if (IntentEvents.Proposed.Is(e))
        {
            var intent = IntentEvents.Proposed.Read(e);
            if (state.Items.Exists(i => i.Intent.Id == intent.Id))
            {
                return state;
            }

            var items = state.Items.Add(new IntentRow(intent, IntentStatus.Proposed, e.Recorded, e.Actor) { Project = e.Project, CorrId = e.CorrId });
            return new(items.Count > MaxKept ? items.RemoveAt(0) : items);
        }

        return IntentEvents.Approved.Is(e) ? Judge(state, e, IntentEvents.Approved.Read(e), IntentStatus.Approved)
            : IntentEvents.Rejected.Is(e) ? Judge(state, e, IntentEvents.Rejected.Read(e), IntentStatus.Rejected)
            : state;
    }

    private static IntentsState Judge(IntentsState state, JournalEvent e, IntentJudged judged, IntentStatus status)
    {
        var at = state.Items.FindIndex(i => i.Intent.Id == judged.Id);
        return at < 0 ? state : new(state.Items.SetItem(at, state.Items[at] with { Status = status, JudgedBy = e.Actor, Reason = judged.Reason }));
    }
}
