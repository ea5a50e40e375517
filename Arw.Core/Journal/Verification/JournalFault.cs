namespace Arw.Core.Journal.Verification;

/// <summary>What kind of thing is wrong with a journal.</summary>
public enum FaultKind
{
    /// <summary>The file is missing, is no database, or breaks off while it is read.</summary>
    Unreadable,

    /// <summary>SQLite's own <c>integrity_check</c> objects.</summary>
    Structure,

    /// <summary>Tables, indexes or migrations are not those of a journal.</summary>
    Schema,

    /// <summary>Events are missing between two others.</summary>
    Missing,

    /// <summary>An event stands where it does not belong.</summary>
    Order,

    /// <summary>A column holds something that the home never writes.</summary>
    Row,

    /// <summary>The payload is not the one that was recorded, or is gone.</summary>
    Payload,

    /// <summary>A large payload's file is missing or damaged.</summary>
    Blob,

    /// <summary>The event does not follow from the one before it.</summary>
    Chain,

    /// <summary>An archived segment is missing, damaged, not signed, or not the one that its place asks for.</summary>
    Segment,

    /// <summary>Events were dropped, and what says so is not signed or does not fit.</summary>
    Cut,

    /// <summary>The anchor is not signed as it should be, or names a head that the journal does not contain.</summary>
    Anchor,
}

/// <summary>One thing that is wrong with a journal.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Seq">The event that it concerns; null when it concerns the file as a whole.</param>
/// <param name="Message">What was found, in words.</param>
public sealed record JournalFault(FaultKind Kind, long? Seq, string Message);

/// <summary>Faults as they are found: the first hundred in words, all of them counted.</summary>
internal sealed class FaultList
{
    private const int Kept = 100;
    private readonly List<JournalFault> _kept = [];

    public IReadOnlyList<JournalFault> Items => _kept;

    public long Count { get; private set; }

    /// <summary>The lowest seq that something is wrong with; null for none.</summary>
    public long? FirstSeq { get; private set; }

    public void Add(FaultKind kind, long? seq, string message)
    {
        Count++;
        if (seq is { } at && (FirstSeq is null || at < FirstSeq))
        {
            FirstSeq = at;
        }

        if (_kept.Count < Kept)
        {
            _kept.Add(new JournalFault(kind, seq, message));
        }
    }

    /// <summary>Takes over what was found in a later part.</summary>
    public void AddAll(FaultList later)
    {
        Count += later.Count;
        _kept.AddRange(later._kept.Take(Kept - _kept.Count));
        if (later.FirstSeq is { } first && (FirstSeq is null || first < FirstSeq))
        {
            FirstSeq = first;
        }
    }
}
