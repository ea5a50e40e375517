using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>Checks entities against a schema: their attributes, tags and what is above them; actions must be as the schema declares them.</summary>
/// <param name="schema">The schema.</param>
public sealed class EntityValidator(Schema schema)
{
    private const int MostErrors = 100;

    private readonly ValueChecker _values = new(schema);

    /// <summary>What is wrong with the entities, one error for each at most; empty when nothing is.</summary>
    public IReadOnlyList<CedarError> Check(CedarEntities entities) => [.. entities.All.Select(Check).OfType<CedarError>().Take(MostErrors)];

    /// <summary>What is wrong with an entity; null when nothing is.</summary>
    public CedarError? Check(CedarEntity entity)
    {
        if (SchemaNames.IsActionType(entity.Uid.Type))
        {
            return Action(entity);
        }

        if (!schema.EntityTypes.TryGetValue(entity.Uid.Type, out var type))
        {
            return new CedarError($"The schema has no entity type `{entity.Uid.Type}`, which {entity.Uid} is of.", Expected: "an entity type of the schema");
        }

        return _values.Entity(entity.Uid, "among the entities")
            ?? _values.Fields(entity.Attributes, type.Attributes, entity.Uid.ToString())
            ?? Ancestors(entity, type)
            ?? Tags(entity, type);
    }

    private CedarError? Action(CedarEntity entity)
    {
        if (!schema.Actions.TryGetValue(entity.Uid, out var action))
        {
            return new CedarError($"The schema has no action {entity.Uid}.", Expected: "an action of the schema");
        }

        return entity.Attributes.Count == 0 && entity.Tags.Count == 0 && action.Ancestors.SetEquals(entity.Ancestors.ToArray())
            ? null
            : new CedarError($"The action {entity.Uid} is not as the schema declares it.", Expected: "the groups of the schema, no attributes and no tags");
    }

    private CedarError? Ancestors(CedarEntity entity, EntityTypeDefinition type)
    {
        foreach (var ancestor in entity.Ancestors)
        {
            if (!type.Ancestors.Contains(ancestor.Type))
            {
                return new CedarError(
                    $"The entity {entity.Uid} is in {ancestor}, but entities of its type cannot be in one of type `{ancestor.Type}`.",
                    Expected: type.Ancestors.Count == 0 ? "no parents" : string.Join(" or ", type.Ancestors.Order(StringComparer.Ordinal).Take(8).Select(name => $"`{name}`")));
            }

            if (_values.Entity(ancestor, $"above {entity.Uid}") is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private CedarError? Tags(CedarEntity entity, EntityTypeDefinition type)
    {
        if (type.Tags is null && entity.Tags.Count > 0)
        {
            return new CedarError($"The entity {entity.Uid} has tags, but its type has none.", Expected: "no tags");
        }

        for (var i = 0; i < entity.Tags.Count; i++)
        {
            if (_values.Check(entity.Tags.Values[i], type.Tags!, $"the tag {Parsing.StringEscapes.Quote(entity.Tags.Names[i])} of {entity.Uid}") is { } error)
            {
                return error;
            }
        }

        return null;
    }
}
