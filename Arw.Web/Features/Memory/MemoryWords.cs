using System.Globalization;
using Arw.Core.Memory;

namespace Arw.Web.Features.Memory;

/// <summary>The words of memory on pages.</summary>
public static class MemoryWords
{
    /// <summary>+0.55, −0.4, 0.</summary>
    public static string Score(double score) => score.ToString("+0.##;−0.##;0", CultureInfo.InvariantCulture);

    /// <summary>The word of a kind.</summary>
    public static string Kind(MemoryKind kind) => kind switch
    {
        MemoryKind.Pref => "Preference",
        _ => kind.ToString(),
    };

    /// <summary>A kind as actions and addresses spell it.</summary>
    public static string Value(MemoryKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What a source is.</summary>
    public static string Source(ProvenanceKind kind) => kind == ProvenanceKind.Url ? "Address" : kind.ToString();

    /// <summary>How a claim relates to something, as one says it: depends on.</summary>
    public static string Relation(Core.Beliefs.RelationKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()).Replace('_', ' ');

    /// <summary>Tags as a person types them.</summary>
    public static string[] Tags(string typed) => typed.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How something came into memory, which is how far it is trusted.</summary>
    public static string Trust(MemoryItem item) => item switch
    {
        { AdmittedBy: { } by } when by.StartsWith("rule:", StringComparison.Ordinal) => "let in by the rule of Relaxed",
        { AdmittedBy: { } by } => $"let in by {by}",
        { Trust: >= 1 } => "said by a person",
        _ => "said by an agent that had read nothing from outside",
    };
}
