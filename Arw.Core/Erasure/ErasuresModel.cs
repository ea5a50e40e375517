using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Erasure;

/// <summary>A payload that was erased.</summary>
/// <param name="Seq">Seq of the event that lost it.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="By">Who erased it.</param>
/// <param name="Time">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="Tombstone">Seq of the event that says so.</param>
public sealed record Erasure(long Seq, string Kind, string By, DateTimeOffset Time, string Reason, long Tombstone)
{
    /// <summary>Digest of the blob that held it; null when the row did.</summary>
    public string? Blob { get; init; }
}

/// <summary>Every erasure, in the order of the events that lost their payload.</summary>
/// <param name="Items">By seq; of one event erased twice the first.</param>
public sealed record ErasuresState(ImmutableList<Erasure> Items);

/// <summary>Who erased what, when and why: <c>/state/erasures</c>.</summary>
public sealed class ErasuresModel : DocumentModel<ErasuresState>
{
    /// <inheritdoc/>
    public override string Id => "erasures";

    /// <inheritdoc/>
    protected override ErasuresState Empty { get; } = new([]);

    /// <summary>The erasure of an event; null when it has its payload.</summary>
    public Erasure? Find(long seq) => Current.Items.Find(e => e.Seq == seq);

    /// <inheritdoc/>
    protected override ErasuresState Fold(ErasuresState state, JournalEvent e)
    {
        if (!JournalEvents.Erased.Is(e) || JournalEvents.Erased.Read(e) is not { } erased || state.Items.Exists(i => i.Seq == erased.Seq))
        {
            return state;
        }

        var at = state.Items.FindLastIndex(i => i.Seq < erased.Seq) + 1;
        return new(state.Items.Insert(at, new Erasure(erased.Seq, erased.Kind, e.Actor, e.Time, erased.Reason, e.Seq) { Blob = erased.Blob }));
    }
}
