using System.Text;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs;

/// <summary>When two claims are the same one, and when two of them speak about the same thing.</summary>
public static class BeliefIdentity
{
    // Properties that naturally have many values: two of them are no contradiction.
    private static readonly HashSet<string> ManyValued = [.. Enum.GetNames<RelationKind>().Select(n => n.ToLowerInvariant()),
        "depends on", "derived from", "observed at", "verified by", "reports", "covers", "is about", "topic", "tag"];

    /// <summary>The belief's id: equal for equal project, subject, predicate and text, spelling of case and space aside.</summary>
    public static string Of(string? project, string? subject, string? predicate, string text) =>
        Short($"{project}\n{Normalise(subject)}\n{Normalise(predicate)}\n{Normalise(text)}");

    /// <summary>What subject and predicate name together; beliefs with one slot and different texts contradict each other. Null when either is missing or the predicate may have many values.</summary>
    public static string? Slot(string? project, string? subject, string? predicate) =>
        Normalise(subject) is { Length: > 0 } s && Normalise(predicate) is { Length: > 0 } p && !ManyValued.Contains(p.Replace('_', ' '))
            ? Short($"{project}\n{s}\n{p}")
            : null;

    /// <summary>A name in the form that decides equality: compatibility-normalised, lower case, single spaces.</summary>
    public static string Normalise(string? text) => string.Join(
        ' ', Whole(text ?? "").Normalize(NormalizationForm.FormKC).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Which source a piece of evidence names: the same source counts once.</summary>
    public static string SourceKey(BeliefEvidence evidence) =>
        evidence.Url ?? (evidence.ItemId is { } item ? $"item:{item}"
            : evidence.Title is { } title ? $"title:{Normalise(title)}"
            : $"quote:{Short(Normalise(evidence.Quote))}");

    private static string Short(string text) => Digest.Of(text)[7..39];

    // Half characters cannot be normalised.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
