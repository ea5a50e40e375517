namespace Arw.Core.Journal;

/// <summary>Kinds of events about the journal itself.</summary>
public static class JournalEvents
{
    /// <summary>The tombstone: written in the transaction that erases.</summary>
    public static readonly EventKind<PayloadErased> Erased = new("journal.erased", "The payload of an event was erased, with its salt; the event itself and the chain stay.");

    /// <summary>Subject of an erasure.</summary>
    public static string Subject(long seq) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"event:{seq}");
}

/// <summary>Payload of <c>journal.erased</c>; who did it is the event's actor.</summary>
/// <param name="Seq">Seq of the event whose payload is gone.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Reason">Why, in a person's words.</param>
public sealed record PayloadErased(long Seq, string Kind, string Reason)
{
    /// <summary>Digest of the blob that held the payload; null when the row did.</summary>
    public string? Blob { get; init; }
}
