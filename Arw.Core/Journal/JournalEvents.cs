namespace Arw.Core.Journal;

/// <summary>Kinds of events about the journal itself.</summary>
public static class JournalEvents
{
    /// <summary>The tombstone: written in the transaction that erases.</summary>
    public static readonly EventKind<PayloadErased> Erased = new("journal.erased", "The payload of an event was erased, with its salt; the event itself and the chain stay.");

    /// <summary>The tombstone of many: written before any of the payloads goes.</summary>
    public static readonly EventKind<PayloadsExpired> Expired = new("journal.expired", "A project keeps its payloads for a limited time: those up to an event are erased; the events and the chain stay.");

    /// <summary>Written in the transaction that drops.</summary>
    public static readonly EventKind<EventsDropped> Dropped = new("journal.dropped", "Retention dropped the oldest events of the journal. What they led to stays in the read models.");

    /// <summary>Subject of what happens to all of a project's payloads.</summary>
    public static string ProjectSubject(string project) => $"payloads:{project}";

    /// <summary>Subject of what retention drops.</summary>
    public const string RetentionSubject = "journal:retention";

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

/// <summary>Payload of <c>journal.expired</c>.</summary>
/// <param name="Project">Whose payloads.</param>
/// <param name="UpTo">Seq of the last event concerned; earlier ones of the project are too.</param>
/// <param name="Before">They were recorded before this moment.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Done">False when it is announced, so that no payload goes without a word; true once all are gone.</param>
public sealed record PayloadsExpired(string Project, long UpTo, DateTimeOffset Before, string Reason, bool Done);

/// <summary>Payload of <c>journal.dropped</c>.</summary>
/// <param name="From">Seq of the first event that was dropped.</param>
/// <param name="To">Seq of the last.</param>
/// <param name="Hash">Its chain hash: the chain goes on after it.</param>
/// <param name="Checkpoint">Digest of the read models folded up to it, from which a rebuild begins.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record EventsDropped(long From, long To, string Hash, string Checkpoint, string Reason);
