using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>One action of a schema.</summary>
/// <param name="uid">Its type and id.</param>
public sealed class ActionDefinition(EntityUid uid)
{
    /// <summary>Its type and id.</summary>
    public EntityUid Uid { get; } = uid;

    /// <summary>The groups that it is a direct member of.</summary>
    public required IReadOnlyList<EntityUid> Parents { get; init; }

    /// <summary>All groups that it is in, through whatever others.</summary>
    public required IReadOnlySet<EntityUid> Ancestors { get; init; }

    /// <summary>All actions that are in it as a group.</summary>
    public required IReadOnlySet<EntityUid> Descendants { get; init; }

    /// <summary>The entity types that may ask for it; empty for a mere group.</summary>
    public required IReadOnlyList<string> PrincipalTypes { get; init; }

    /// <summary>The entity types that it may be done to; empty for a mere group.</summary>
    public required IReadOnlyList<string> ResourceTypes { get; init; }

    /// <summary>What a request for it says besides principal and resource.</summary>
    public required RecordType Context { get; init; }
}
