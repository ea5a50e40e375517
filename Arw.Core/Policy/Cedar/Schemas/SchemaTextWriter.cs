using System.Text;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Writes a schema in the human syntax: full names everywhere, common types written out, in the order of the names.</summary>
internal static class SchemaTextWriter
{
    public static string Write(Schema schema)
    {
        var text = new StringBuilder();
        foreach (var ns in SchemaNamespace.Of(schema))
        {
            var indent = ns.Name.Length == 0 ? "" : "  ";
            text.Append(text.Length == 0 ? "" : "\n").Append(ns.Name.Length == 0 ? "" : $"namespace {ns.Name} {{\n");
            foreach (var entity in ns.Entities)
            {
                text.Append(indent).Append(Entity(entity)).Append(";\n");
            }

            foreach (var action in ns.Actions)
            {
                text.Append(indent).Append(Action(action)).Append(";\n");
            }

            text.Append(ns.Name.Length == 0 ? "" : "}\n");
        }

        return text.ToString();
    }

    private static string Entity(EntityTypeDefinition entity)
    {
        var text = new StringBuilder($"entity {SchemaNames.Basename(entity.Name)}");
        if (entity.Choices is { } choices)
        {
            return text.Append(" enum [").AppendJoin(", ", choices.Select(StringEscapes.Quote)).Append(']').ToString();
        }

        text.Append(entity.Parents.Count == 0 ? "" : $" in [{string.Join(", ", entity.Parents)}]");
        text.Append(entity.Attributes.Attributes.IsEmpty ? "" : $" {Type(entity.Attributes)}");
        return text.Append(entity.Tags is null ? "" : $" tags {Type(entity.Tags)}").ToString();
    }

    private static string Action(ActionDefinition action)
    {
        var text = new StringBuilder($"action {StringEscapes.Quote(action.Uid.Id)}");
        text.Append(action.Parents.Count == 0 ? "" : $" in [{string.Join(", ", action.Parents)}]");
        if (action.PrincipalTypes.Count > 0 && action.ResourceTypes.Count > 0)
        {
            text.Append(" appliesTo { principal: [").AppendJoin(", ", action.PrincipalTypes)
                .Append("], resource: [").AppendJoin(", ", action.ResourceTypes)
                .Append("], context: ").Append(Type(action.Context)).Append(" }");
        }

        return text.ToString();
    }

    private static string Type(CedarType type) => type switch
    {
        SetType set => $"Set<{Type(set.Element)}>",
        RecordType { Attributes.IsEmpty: true } => "{}",
        RecordType record => $"{{ {string.Join(", ", record.Attributes.Select(Attribute))} }}",
        EntityReferenceType entity => entity.Name,
        _ => $"{SchemaNames.Reserved}::{type}",
    };

    private static string Attribute(AttributeType attribute) =>
        $"{(SchemaNames.IsIdentifier(attribute.Name) ? attribute.Name : StringEscapes.Quote(attribute.Name))}{(attribute.IsRequired ? "" : "?")}: {Type(attribute.Type)}";
}

/// <summary>What a schema declares in one namespace, in the order of the names.</summary>
internal sealed record SchemaNamespace(string Name, IReadOnlyList<EntityTypeDefinition> Entities, IReadOnlyList<ActionDefinition> Actions)
{
    public static IEnumerable<SchemaNamespace> Of(Schema schema)
    {
        var entities = schema.EntityTypes.Values.OrderBy(entity => entity.Name, StringComparer.Ordinal).ToLookup(entity => SchemaNames.NamespaceOf(entity.Name));
        var actions = schema.Actions.Values.OrderBy(action => action.Uid.Id, StringComparer.Ordinal).ToLookup(action => SchemaNames.NamespaceOf(action.Uid.Type));
        return entities.Select(group => group.Key).Union(actions.Select(group => group.Key)).Order(StringComparer.Ordinal)
            .Select(name => new SchemaNamespace(name, [.. entities[name]], [.. actions[name]]));
    }
}
