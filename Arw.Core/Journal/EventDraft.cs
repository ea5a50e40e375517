namespace Arw.Core.Journal;

/// <summary>An event that is not in the journal yet.</summary>
/// <param name="Kind">Lower-case dotted kind.</param>
/// <param name="Payload">UTF-8 JSON; normalised and redacted before it is written.</param>
/// <param name="Actor">Who does it: from the credential, never from a body.</param>
public sealed record EventDraft(string Kind, ReadOnlyMemory<byte> Payload, string Actor)
{
    /// <summary>What it is about: the unit of compare-and-append; null for none.</summary>
    public string? Subject { get; init; }

    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>Correlation id, 1–128 of <c>[A-Za-z0-9._:-]</c>; null for none.</summary>
    public string? CorrId { get; init; }

    /// <summary>Span id; null for none.</summary>
    public string? SpanId { get; init; }

    /// <summary>Parent span or action; null for none.</summary>
    public string? ParentId { get; init; }

    /// <summary>Claimed time; the time of writing by default.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Seq of the event whose payload and salt this one erases, in the same transaction; null for none. The draft is then a <c>journal.erased</c>.</summary>
    internal long? Erases { get; init; }

    /// <summary>True for what a source may send twice: it is written only while its subject has no event yet, and passed over otherwise. Needs a <see cref="Subject"/>.</summary>
    public bool Once { get; init; }
}

/// <summary>What must hold for an append to be written, checked by the writer inside its turn.</summary>
/// <param name="Subject">The subject that is watched.</param>
/// <param name="LastSeq">The seq of its last event as the caller knows it; 0 = there is none yet.</param>
public readonly record struct Precondition(string Subject, long LastSeq);

/// <summary>Where an append landed.</summary>
/// <param name="FirstSeq">Seq of the first event written.</param>
/// <param name="LastSeq">Seq of the last event written; below <paramref name="FirstSeq"/> when all had been written before (<see cref="EventDraft.Once"/>).</param>
public readonly record struct Appended(long FirstSeq, long LastSeq);
