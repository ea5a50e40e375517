using System.Globalization;
using Arw.Core.Memory.Risk;

namespace Arw.Core.Memory.Evidence;

/// <summary>How well the sources of something speak for it.</summary>
/// <param name="Score">−1 to 1: the sum of its reasons, bounded.</param>
/// <param name="Reasons">Why, each with what it adds.</param>
public sealed record EvidenceScore(double Score, IReadOnlyList<EvidenceReason> Reasons);

/// <summary>One reason of a score.</summary>
/// <param name="Points">What it adds, −1 to 1.</param>
/// <param name="Words">Why, in words.</param>
public sealed record EvidenceReason(double Points, string Words);

/// <summary>A piece of provenance, with what the home has of its source.</summary>
/// <param name="Provenance">The provenance.</param>
/// <param name="Seen">Whether this episode brought that source in.</param>
public sealed record SourceFact(MemoryProvenance Provenance, bool Seen)
{
    /// <summary>The source's readable text, as the home stored it; null when it did not.</summary>
    public string? Text { get; init; }

    /// <summary>When the source says that it was published; null when it does not.</summary>
    public DateTimeOffset? Published { get; init; }
}

/// <summary>Computes the evidence score from stated facts alone: how many independent sources, whether the home saw them, whether a quotation stands in them, their age, and what is risky in the text. The same facts give the same score.</summary>
public static class EvidenceRules
{
    private static readonly TimeSpan Old = TimeSpan.FromDays(730);

    /// <summary>The score.</summary>
    /// <param name="facts">The sources.</param>
    /// <param name="markers">What is risky in the text.</param>
    /// <param name="now">When it is asked.</param>
    public static EvidenceScore Of(IReadOnlyList<SourceFact> facts, IReadOnlyList<RiskMarker> markers, DateTimeOffset now)
    {
        var reasons = new List<EvidenceReason>();
        Sources(facts, reasons);
        Quotes(facts, reasons);
        Age(facts, now, reasons);
        Risk(markers, reasons);
        return new(Math.Round(Math.Clamp(reasons.Sum(r => r.Points), -1, 1), 2), reasons);
    }

    private static void Sources(IReadOnlyList<SourceFact> facts, List<EvidenceReason> reasons)
    {
        if (facts.Count == 0)
        {
            reasons.Add(new(-0.4, "It names no source."));
            return;
        }

        var independent = facts.Select(f => Origin(f.Provenance)).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        reasons.Add(independent switch
        {
            1 => new(0.2, facts.Count == 1 ? "It names one source." : string.Create(CultureInfo.InvariantCulture, $"It names {facts.Count} sources, all of one place.")),
            2 => new(0.35, "It names sources of two independent places."),
            _ => new(0.45, string.Create(CultureInfo.InvariantCulture, $"It names sources of {independent} independent places.")),
        });

        var seen = facts.Count(f => f.Seen);
        reasons.Add(seen == facts.Count ? new(0.15, "This episode read every one of them.")
            : seen > 0 ? new(0.05, string.Create(CultureInfo.InvariantCulture, $"This episode read {seen} of {facts.Count} of them."))
            : new(-0.25, "Nothing in this episode shows that it read any of them."));
    }

    private static void Quotes(IReadOnlyList<SourceFact> facts, List<EvidenceReason> reasons)
    {
        var checkable = facts.Where(f => f is { Provenance.Quote.Length: > 0, Text: not null }).ToArray();
        if (checkable.Length == 0)
        {
            return;
        }

        var missing = checkable.Count(f => !QuoteMatch.Contains(f.Text!, f.Provenance.Quote!));
        reasons.Add(missing == 0 ? new(0.25, "What it quotes stands word for word in the source.")
            : new(-0.4, missing == checkable.Length ? "What it quotes does not stand in the source." : "Not all that it quotes stands in the source."));
    }

    private static void Age(IReadOnlyList<SourceFact> facts, DateTimeOffset now, List<EvidenceReason> reasons)
    {
        if (facts.Where(f => f.Published is not null).Select(f => f.Published!.Value).DefaultIfEmpty(DateTimeOffset.MinValue).Max() is var newest && newest != DateTimeOffset.MinValue && now - newest > Old)
        {
            reasons.Add(new(-0.1, "Its newest source is more than two years old."));
        }
    }

    private static void Risk(IReadOnlyList<RiskMarker> markers, List<EvidenceReason> reasons)
    {
        var serious = markers.Where(m => m.Serious).Select(m => m.Kind).Distinct().Count();
        var others = markers.Where(m => !m.Serious).Select(m => m.Kind).Distinct().Count();
        if (serious > 0)
        {
            reasons.Add(new(Math.Round(-0.35 * serious, 2), serious == 1 ? "There is something in the text that can act on a reader or an agent." : string.Create(CultureInfo.InvariantCulture, $"There are {serious} sorts of things in the text that can act on a reader or an agent.")));
        }

        if (others > 0)
        {
            reasons.Add(new(Math.Round(-0.1 * others, 2), "There is something in the text that deserves a look."));
        }
    }

    // Two pages of one host are one voice.
    private static string Origin(MemoryProvenance p) =>
        Uri.TryCreate(p.Ref, UriKind.Absolute, out var url) && url.Host.Length > 0 && p.Kind == ProvenanceKind.Url ? Place(url.Host) : $"{p.Kind}:{p.Ref}";

    private static string Place(string host) => host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;
}

/// <summary>Whether words stand in a text: spelling of case, spaces and typographic marks aside.</summary>
public static class QuoteMatch
{
    /// <summary>Whether they do.</summary>
    public static bool Contains(string text, string quote) => Plain(text).Contains(Plain(quote), StringComparison.Ordinal);

    private static string Plain(string text)
    {
        var plain = new System.Text.StringBuilder(text.Length);
        foreach (var c in text.Normalize(System.Text.NormalizationForm.FormKC))
        {
            var d = c switch { '\u2018' or '\u2019' or '\u201A' => '\'', '\u201C' or '\u201D' or '\u201E' or '\u00AB' or '\u00BB' => '"', '\u2010' or '\u2011' or '\u2013' or '\u2014' => '-', _ => c };
            if (char.IsWhiteSpace(d))
            {
                if (plain.Length > 0 && plain[^1] != ' ')
                {
                    plain.Append(' ');
                }
            }
            else if (!Risk.HiddenCharacters.IsHidden(d))
            {
                plain.Append(char.ToLowerInvariant(d));
            }
        }

        return plain.ToString().Trim();
    }
}
