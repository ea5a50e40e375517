using Arw.Core.Beliefs;
using Arw.Core.Memory.Evidence;
using Arw.Core.Memory.Risk;
using Arw.Core.Primitives;

namespace Arw.Core.Memory.Review;

/// <summary>How an entry of the review queue stands.</summary>
public enum EntryState
{
    /// <summary>It waits for a person.</summary>
    Queued,

    /// <summary>It is markup that runs or hides something: its text must be extracted before it can be let in.</summary>
    NeedsExtractor,

    /// <summary>It was let in.</summary>
    Admitted,

    /// <summary>It was kept out.</summary>
    Rejected,
}

/// <summary>What a reviewer decided.</summary>
public enum ReviewDecision
{
    /// <summary>Let it in.</summary>
    Admit,

    /// <summary>Keep it out.</summary>
    Reject,

    /// <summary>Extract its text anew.</summary>
    ExtractAgain,
}

/// <summary>What wants in: something to remember, or a claim for the map. Exactly one of the two is set.</summary>
public sealed record EntryContent
{
    /// <summary>A claim for the project's map; null for memory.</summary>
    public Claim? Claim { get; init; }

    /// <summary>What sort of thing to remember; null for the map.</summary>
    public MemoryKind? Kind { get; init; }

    /// <summary>Tags of what is to be remembered.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>Payload of <c>memory.quarantined</c>.</summary>
/// <param name="Id">Id of the entry: the same for the same content in the same project.</param>
/// <param name="Text">What it says.</param>
/// <param name="Content">What wants in.</param>
/// <param name="State">How it begins: queued or needs_extractor.</param>
/// <param name="Why">Why it counts as coming from outside, in words.</param>
public sealed record MemoryQuarantined(string Id, string Text, EntryContent Content, EntryState State, string Why)
{
    /// <summary>Seq of the event that shows why; null when its own provenance says it.</summary>
    public long? WhySeq { get; init; }

    /// <summary>The episode of that event; null for none.</summary>
    public string? WhyEpisode { get; init; }

    /// <summary>Where it came in: <c>tool</c>, <c>ingest</c>, <c>world_diff</c>, <c>manual</c> or an adapter's name.</summary>
    public string Source { get; init; } = "tool";

    /// <summary>Media type of the text.</summary>
    public string ContentType { get; init; } = "text/plain";

    /// <summary>Where it comes from.</summary>
    public IReadOnlyList<MemoryProvenance> Provenance { get; init; } = [];

    /// <summary>What is risky in it.</summary>
    public IReadOnlyList<RiskMarker> RiskMarkers { get; init; } = [];

    /// <summary>How well its sources speak for it, and why.</summary>
    public EvidenceScore Evidence { get; init; } = new(0, []);
}

/// <summary>Payload of <c>memory.admitted</c> and <c>memory.rejected</c>.</summary>
/// <param name="Id">The entry.</param>
/// <param name="By">Who decided; <c>rule:relaxed</c> for the rule of that posture.</param>
/// <param name="Note">Why; null when not said.</param>
public sealed record MemoryReviewed(string Id, string By, string? Note = null)
{
    /// <summary>The belief or memory that it became; null when it was kept out.</summary>
    public string? Became { get; init; }
}

/// <summary>Payload of <c>memory.extracted</c>.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Text">Its text now.</param>
/// <param name="From"><c>entry</c>: its own text; else the address of the stored source.</param>
/// <param name="Extractor">What extracted it.</param>
public sealed record MemoryExtracted(string Id, string Text, string From, string Extractor)
{
    /// <summary>What is risky in the new text.</summary>
    public IReadOnlyList<RiskMarker> RiskMarkers { get; init; } = [];

    /// <summary>How well its sources speak for it now.</summary>
    public EvidenceScore Evidence { get; init; } = new(0, []);
}

/// <summary>The last word on an entry.</summary>
/// <param name="By">Whose.</param>
/// <param name="Time">When.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Note">Why; null when not said.</param>
public sealed record EntryReview(string By, DateTimeOffset Time, ReviewDecision Decision, string? Note = null);

/// <summary>An entry of the review queue.</summary>
/// <param name="Entry">What was held back, as it came.</param>
/// <param name="State">How it stands.</param>
/// <param name="Time">When it came.</param>
/// <param name="Seq">Seq of the event that brought it.</param>
public sealed record QuarantineEntry(MemoryQuarantined Entry, EntryState State, DateTimeOffset Time, long Seq)
{
    /// <summary>Its id.</summary>
    public string Id => Entry.Id;

    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>The episode that brought it.</summary>
    public string? CorrId { get; init; }

    /// <summary>The action that brought it.</summary>
    public string? Action { get; init; }

    /// <summary>Who brought it.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What it says now: extracted again where somebody asked for that.</summary>
    public required string Text { get; init; }

    /// <summary>What is risky in that.</summary>
    public IReadOnlyList<RiskMarker> RiskMarkers { get; init; } = [];

    /// <summary>How well its sources speak for it.</summary>
    public EvidenceScore Evidence { get; init; } = new(0, []);

    /// <summary>What extracted the text; null while it is as it came.</summary>
    public string? Extractor { get; init; }

    /// <summary>The last word on it; null before any.</summary>
    public EntryReview? Review { get; init; }

    /// <summary>The belief or memory that it became; null for none.</summary>
    public string? Became { get; init; }

    /// <summary>True while nobody has decided.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Waits => State is EntryState.Queued or EntryState.NeedsExtractor;

    /// <summary>True for a claim for the map.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsClaim => Entry.Content.Claim is not null;

    /// <summary>Why it cannot be decided again.</summary>
    internal Refusal IsDecided() => Refusal.Conflict($"The entry \"{Id}\" was {QuarantineModel.Word(State)} already.", "Look at the queue again.");
}
