using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>One action of a schema.</summary>
public sealed class ActionDefinition
{
    private readonly Hierarchy<EntityUid> _hierarchy;

    internal ActionDefinition(EntityUid uid, Hierarchy<EntityUid> hierarchy) => (Uid, _hierarchy) = (uid, hierarchy);

    /// <summary>Its type and id.</summary>
    public EntityUid Uid { get; }

    /// <summary>The groups that it is a direct member of.</summary>
    public required IReadOnlyList<EntityUid> Parents { get; init; }

    /// <summary>All groups that it is in, through whatever others.</summary>
    public IReadOnlySet<EntityUid> Ancestors => _hierarchy.Ancestors(Uid);

    /// <summary>All actions that are in it as a group.</summary>
    public IReadOnlySet<EntityUid> Descendants => _hierarchy.Descendants(Uid);

    /// <summary>The entity types that may ask for it; empty for a mere group.</summary>
    public required IReadOnlyList<string> PrincipalTypes { get; init; }

    /// <summary>The entity types that it may be done to; empty for a mere group.</summary>
    public required IReadOnlyList<string> ResourceTypes { get; init; }

    /// <summary>What a request for it says besides principal and resource.</summary>
    public required RecordType Context { get; init; }
}
