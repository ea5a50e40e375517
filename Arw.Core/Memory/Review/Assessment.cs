using Arw.Core.Beliefs;
using Arw.Core.Memory.Evidence;
using Arw.Core.Memory.Risk;
using Arw.Core.Primitives;

namespace Arw.Core.Memory.Review;

/// <summary>Content that wants into memory or onto the map.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Content">What wants in.</param>
/// <param name="Provenance">Where it comes from.</param>
public sealed record WantedContent(string Text, EntryContent Content, IReadOnlyList<MemoryProvenance> Provenance)
{
    /// <summary>Media type of the text.</summary>
    public string ContentType { get; init; } = "text/plain";

    /// <summary>Where it came in.</summary>
    public string Source { get; init; } = "tool";

    /// <summary>The id of its entry: the same for the same content in the same project.</summary>
    public string EntryId(string? project) => Digest.Of(
        $"{project}\n{Content.Kind}\n{BeliefIdentity.Normalise(Content.Claim?.Subject)}\n{BeliefIdentity.Normalise(Content.Claim?.Predicate)}\n{BeliefIdentity.Normalise(Text)}")[7..39];

    /// <summary>A claim for the map.</summary>
    public static WantedContent Of(Claim claim) => new(claim.Text.Trim(), new EntryContent { Claim = claim }, [.. claim.Evidence.Select(Of)]);

    private static MemoryProvenance Of(BeliefEvidence evidence)
    {
        var kind = evidence.Url is null ? ProvenanceKind.Item : evidence.Url.StartsWith("project://", StringComparison.Ordinal) ? ProvenanceKind.File : ProvenanceKind.Url;
        return new MemoryProvenance(kind, evidence.Url ?? evidence.ItemId ?? evidence.Title ?? evidence.Quote ?? "") { Title = evidence.Title, Quote = evidence.Quote };
    }
}

/// <summary>What was found out about content from outside.</summary>
/// <param name="Markers">What is risky in it.</param>
/// <param name="Evidence">How well its sources speak for it.</param>
public sealed record Assessment(IReadOnlyList<RiskMarker> Markers, EvidenceScore Evidence);

/// <summary>Finds it out, from the content and from what the home stored of its sources.</summary>
public sealed class Assessor(StoredSources sources, TimeProvider time)
{
    /// <summary>Assesses content.</summary>
    /// <param name="wanted">The content.</param>
    /// <param name="stored">What its episode brought in.</param>
    /// <param name="cancel">Stops reading pages.</param>
    public Assessment Assess(WantedContent wanted, IReadOnlyDictionary<string, StoredSource> stored, CancellationToken cancel)
    {
        var markers = RiskScan.Of(wanted.Text, Fields(wanted));
        return new(markers, EvidenceRules.Of(StoredSources.Facts(wanted.Provenance, stored, cancel), markers, time.GetUtcNow()));
    }

    /// <summary>What an episode brought in.</summary>
    public IReadOnlyDictionary<string, StoredSource> Stored(string? corrId, string? project) => sources.Of(corrId, project);

    private static IEnumerable<(string, string?)> Fields(WantedContent wanted)
    {
        var claim = wanted.Content.Claim;
        yield return ("subject", claim?.Subject);
        yield return ("predicate", claim?.Predicate);
        yield return ("topic", claim?.Topic);
        yield return ("tags", string.Join(' ', wanted.Content.Tags));
        foreach (var (i, relation) in (claim?.Relations ?? []).Index())
        {
            yield return ($"relation {i + 1}", relation.Target);
        }

        foreach (var (i, evidence) in (claim?.Evidence ?? []).Index())
        {
            yield return ($"source {i + 1}: id", evidence.ItemId);
        }

        foreach (var (i, source) in wanted.Provenance.Index())
        {
            // An address is long and encoded by nature, and shown as what it is; any other reference is free text.
            yield return ($"source {i + 1}", source.Kind is ProvenanceKind.Url or ProvenanceKind.File ? null : source.Ref);
            yield return ($"source {i + 1}: title", source.Title);
            yield return ($"source {i + 1}: quotation", source.Quote);
        }
    }
}
