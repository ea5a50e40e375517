using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>A hole in a template, filled when it is linked.</summary>
public enum PolicySlot
{
    /// <summary><c>?principal</c>.</summary>
    Principal,

    /// <summary><c>?resource</c>.</summary>
    Resource,
}

/// <summary>Which principals, actions or resources a policy is about.</summary>
public abstract record ScopeConstraint : CedarNode
{
    private protected ScopeConstraint()
    {
    }

    /// <summary>The slot that it names; null for none.</summary>
    public virtual PolicySlot? Slot => null;
}

/// <summary>No constraint: <c>principal</c>.</summary>
public sealed record ScopeAny : ScopeConstraint;

/// <summary>One entity: <c>principal == User::"alice"</c>.</summary>
/// <param name="Entity">The entity or slot.</param>
public sealed record ScopeEquals(EntityReference Entity) : ScopeConstraint
{
    /// <inheritdoc/>
    public override PolicySlot? Slot => Entity.Slot;
}

/// <summary>An entity and everything below it: <c>principal in Group::"staff"</c>.</summary>
/// <param name="Entity">The entity or slot.</param>
public sealed record ScopeIn(EntityReference Entity) : ScopeConstraint
{
    /// <inheritdoc/>
    public override PolicySlot? Slot => Entity.Slot;
}

/// <summary>Any of several entities and everything below them; for actions only: <c>action in [Action::"read", Action::"write"]</c>.</summary>
/// <param name="Entities">The entities; may be none.</param>
public sealed record ScopeInAny(NodeList<EntityReference> Entities) : ScopeConstraint;

/// <summary>Entities of a type, and with <paramref name="In"/> only those below an entity: <c>principal is User in Group::"staff"</c>.</summary>
/// <param name="EntityType">The type's full name, <c>App::User</c>.</param>
/// <param name="In">The entity or slot; null for none.</param>
public sealed record ScopeIs(string EntityType, EntityReference? In) : ScopeConstraint
{
    /// <inheritdoc/>
    public override PolicySlot? Slot => In?.Slot;
}

/// <summary>An entity named in a scope, or a slot in its place.</summary>
/// <param name="Entity">The entity; null for a slot.</param>
/// <param name="Slot">The slot; null for an entity.</param>
public sealed record EntityReference(EntityUid? Entity, PolicySlot? Slot) : CedarNode
{
    /// <summary>A reference to an entity.</summary>
    public static EntityReference To(EntityUid entity) => new(entity, null);

    /// <summary>A reference to a slot.</summary>
    public static EntityReference To(PolicySlot slot) => new(null, slot);
}
