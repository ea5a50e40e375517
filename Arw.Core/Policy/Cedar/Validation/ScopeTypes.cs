using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>Which kinds of requests the scope of a policy lets through at all.</summary>
internal sealed class ScopeTypes(Schema schema)
{
    /// <summary>False when the constraint is never true for an entity of the type.</summary>
    public bool Admits(ScopeConstraint constraint, string type) => constraint switch
    {
        ScopeEquals { Entity.Entity: { } entity } => !IsKnown(entity) || entity.Type == type,
        ScopeIn { Entity.Entity: { } entity } => !IsKnown(entity) || schema.MayBeIn(type, entity.Type),
        ScopeIs { In: null or { Entity: null } } @is => @is.EntityType == type,
        ScopeIs { In.Entity: { } entity } @is => @is.EntityType == type && (!IsKnown(entity) || schema.MayBeIn(type, entity.Type)),
        _ => true,
    };

    /// <summary>False when the constraint is never true for the action.</summary>
    public bool Admits(ScopeConstraint constraint, ActionDefinition action) => constraint switch
    {
        ScopeEquals { Entity.Entity: { } entity } => !IsKnown(entity) || entity == action.Uid,
        ScopeIn { Entity.Entity: { } entity } => IsIn(action, [entity]),
        ScopeInAny any => IsIn(action, any.Entities.Select(reference => reference.Entity).OfType<EntityUid>()),
        ScopeIs @is => @is.EntityType == action.Uid.Type && (@is.In?.Entity is not { } entity || IsIn(action, [entity])),
        _ => true,
    };

    /// <summary>The entity types that the constraint lets through; of those that the schema does not know, only one that it names itself.</summary>
    public IEnumerable<string> Admitted(ScopeConstraint constraint) => constraint switch
    {
        ScopeEquals { Entity.Entity: { } entity } => [entity.Type],
        ScopeIn { Entity.Entity: { } entity } => In(entity.Type),
        ScopeIs { In.Entity: { } entity } @is => In(entity.Type).Where(type => type == @is.EntityType),
        ScopeIs @is => schema.Knows(@is.EntityType) ? [@is.EntityType] : [],
        _ => schema.EntityTypes.Keys,
    };

    /// <summary>The actions that the constraint lets through.</summary>
    public IEnumerable<ActionDefinition> AdmittedActions(ScopeConstraint constraint)
    {
        EntityUid[] named = constraint switch
        {
            ScopeEquals { Entity.Entity: { } entity } => [entity],
            ScopeIn { Entity.Entity: { } entity } => [entity],
            ScopeInAny any => [.. any.Entities.Select(reference => reference.Entity).OfType<EntityUid>()],
            _ => [],
        };
        if (constraint is ScopeAny)
        {
            return schema.Actions.Values;
        }

        if (!named.All(schema.Actions.ContainsKey))
        {
            return [];
        }

        return constraint is ScopeEquals
            ? named.Select(uid => schema.Actions[uid])
            : named.SelectMany(uid => schema.Actions[uid].Descendants.Append(uid)).Distinct().Select(uid => schema.Actions[uid]);
    }

    private IEnumerable<string> In(string type) =>
        schema.EntityTypes.TryGetValue(type, out var definition) ? definition.Descendants.Append(type) : [type];

    // Only groups that are actions count, and one that the schema does not know leaves the answer open.
    private bool IsIn(ActionDefinition action, IEnumerable<EntityUid> groups)
    {
        var found = false;
        foreach (var group in groups)
        {
            if (!IsKnown(group))
            {
                return true;
            }

            found |= group == action.Uid || action.Ancestors.Contains(group);
        }

        return found;
    }

    private bool IsKnown(EntityUid entity) =>
        SchemaNames.IsActionType(entity.Type) ? schema.Actions.ContainsKey(entity) : schema.EntityTypes.ContainsKey(entity.Type);
}
