using Arw.Core.Redaction.Kinds;

namespace Arw.Core.Redaction;

/// <summary>The kinds that every home finds.</summary>
public static class SecretKinds
{
    /// <summary>All of them, by id.</summary>
    public static IReadOnlyList<SecretKind> Shipped { get; } =
        [.. SecretIndex.Shipped.Select(d => d.Kind).Append(PersonKinds.Mail).DistinctBy(k => k.Id).OrderBy(k => k.Id, StringComparer.Ordinal)];
}
