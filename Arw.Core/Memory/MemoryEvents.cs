using Arw.Core.Journal;

namespace Arw.Core.Memory;

/// <summary>Kinds of events about memory. Subject: <c>memory:ID</c>; of entries of the review queue <c>quarantine:ID</c>; of export views <c>view:ID</c>.</summary>
public static class MemoryEvents
{
    /// <summary>Something is in memory from now on.</summary>
    public static readonly EventKind<MemoryRemembered> Remembered = new("memory.remembered", "Something was put into long-term memory; the same again adds its tags and sources.");

    /// <summary>Something is not in memory any more.</summary>
    public static readonly EventKind<MemoryForgotten> Forgotten = new("memory.forgotten", "A person took something out of long-term memory.");

    /// <summary>Content from outside waits for review.</summary>
    public static readonly EventKind<Review.MemoryQuarantined> Quarantined = new("memory.quarantined", "Content from outside was held back for review, with its provenance, evidence score and risk markers.");

    /// <summary>An entry was let in.</summary>
    public static readonly EventKind<Review.MemoryReviewed> Admitted = new("memory.admitted", "An entry of the review queue was let into memory or onto the map, by a person or by the rule of Relaxed.");

    /// <summary>An entry was kept out.</summary>
    public static readonly EventKind<Review.MemoryReviewed> Rejected = new("memory.rejected", "A person kept an entry of the review queue out.");

    /// <summary>An entry's text was extracted anew.</summary>
    public static readonly EventKind<Review.MemoryExtracted> Extracted = new("memory.extracted", "The text of an entry of the review queue was extracted again, without what is hidden or runs; its markers and score are new.");

    /// <summary>A project may read another's memory.</summary>
    public static readonly EventKind<Views.ViewGranted> ViewGranted = new("memory.view.granted", "A person let one project read part of another's memory.");

    /// <summary>It may not any more.</summary>
    public static readonly EventKind<Views.ViewRevoked> ViewRevoked = new("memory.view.revoked", "A person ended an export view.");

    /// <summary>It did.</summary>
    public static readonly EventKind<Views.ViewRead> ViewRead = new("memory.view.read", "Memory of another project was read through an export view.");

    /// <summary>Subject of a remembered thing's events.</summary>
    public static string Subject(string id) => $"memory:{id}";

    /// <summary>Subject of an entry's events.</summary>
    public static string EntrySubject(string id) => $"quarantine:{id}";

    /// <summary>Subject of an export view's events.</summary>
    public static string ViewSubject(string id) => $"view:{id}";
}

/// <summary>Payload of <c>memory.remembered</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Text">What is remembered.</param>
/// <param name="Trust">How far it is trusted by the way it came in, 0 to 1.</param>
public sealed record MemoryRemembered(string Id, MemoryKind Kind, string Text, double Trust)
{
    /// <summary>Tags, lower case.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where it comes from.</summary>
    public IReadOnlyList<MemoryProvenance> Provenance { get; init; } = [];

    /// <summary>How well its sources speak for it, −1 to 1; null for what a person said.</summary>
    public double? EvidenceScore { get; init; }

    /// <summary>Its entry in the review queue; null when it did not wait there.</summary>
    public string? Entry { get; init; }

    /// <summary>Who let it in from the review queue; null when it did not wait there.</summary>
    public string? AdmittedBy { get; init; }

    /// <summary>Who remembered it, when somebody else let it in; null = the event's own actor.</summary>
    public string? Author { get; init; }

    /// <summary>The episode in which it was remembered, when it was let in in another; null = the event's own.</summary>
    public string? Episode { get; init; }
}

/// <summary>Payload of <c>memory.forgotten</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reason">Why; null when not said.</param>
public sealed record MemoryForgotten(string Id, string? Reason = null);
