namespace Arw.Core.Journal;

/// <summary>Some events in order, and how far the journal was scanned for them.</summary>
/// <param name="Events">Matching events, oldest first; may be empty.</param>
/// <param name="ScannedTo">Every event up to this seq has been looked at: the seq to resume from.</param>
public sealed record EventPage(IReadOnlyList<JournalEvent> Events, long ScannedTo)
{
    /// <summary>A range that retention removed before these events; null for none.</summary>
    public (long From, long To)? Gap { get; init; }
}
