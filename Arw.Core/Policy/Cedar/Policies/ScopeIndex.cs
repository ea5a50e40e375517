using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// Finds the policies whose scope a request can meet. Each policy is filed under one part of its scope: the entity or type that the
/// fewest other policies are filed under. A request looks under its entities, everything above them, and their types.
/// </summary>
internal sealed record ScopeIndex
{
    /// <summary>Policies without any constraint.</summary>
    public FiledPolicies Everywhere { get; init; }

    public Postings<EntityUid> ByPrincipal { get; init; } = Postings<EntityUid>.Empty;

    public Postings<EntityUid> ByAction { get; init; } = Postings<EntityUid>.Empty;

    public Postings<EntityUid> ByResource { get; init; } = Postings<EntityUid>.Empty;

    public Postings<string> ByPrincipalType { get; init; } = Postings<string>.Empty;

    public Postings<string> ByResourceType { get; init; } = Postings<string>.Empty;
}
