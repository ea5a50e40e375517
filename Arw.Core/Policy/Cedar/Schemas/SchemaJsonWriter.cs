using System.Text.Json.Nodes;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Writes a schema in the JSON form: full names everywhere, common types written out, in the order of the names.</summary>
internal static class SchemaJsonWriter
{
    public static JsonObject Write(Schema schema) =>
        Object(SchemaNamespace.Of(schema).Select(ns => (ns.Name, (JsonNode)Object(
        [
            ("entityTypes", Object(ns.Entities.Select(entity => (SchemaNames.Basename(entity.Name), (JsonNode)Entity(entity))))),
            ("actions", Object(ns.Actions.Select(action => (action.Uid.Id, (JsonNode)Action(action))))),
        ]))));

    private static JsonObject Entity(EntityTypeDefinition entity)
    {
        if (entity.Choices is { } choices)
        {
            return Object([("enum", Names(choices))]);
        }

        var json = new JsonObject();
        if (entity.Parents.Count > 0)
        {
            json.Add("memberOfTypes", Names(entity.Parents));
        }

        if (!entity.Attributes.Attributes.IsEmpty)
        {
            json.Add("shape", Type(entity.Attributes));
        }

        if (entity.Tags is not null)
        {
            json.Add("tags", Type(entity.Tags));
        }

        return json;
    }

    private static JsonObject Action(ActionDefinition action)
    {
        var json = new JsonObject();
        if (action.Parents.Count > 0)
        {
            json.Add("memberOf", new JsonArray([.. action.Parents.Select(parent => Object([("id", parent.Id), ("type", parent.Type)]))]));
        }

        json.Add("appliesTo", Object(
        [
            ("principalTypes", Names(action.PrincipalTypes)),
            ("resourceTypes", Names(action.ResourceTypes)),
            ("context", Type(action.Context)),
        ]));
        return json;
    }

    private static JsonObject Type(CedarType type) => type switch
    {
        BoolType => Object([("type", "Boolean")]),
        SetType set => Object([("type", "Set"), ("element", Type(set.Element))]),
        RecordType record => Object([("type", "Record"), ("attributes", Object(record.Attributes.Select(attribute => (attribute.Name, (JsonNode)Attribute(attribute)))))]),
        EntityReferenceType entity => Object([("type", "Entity"), ("name", entity.Name)]),
        ExtensionType extension => Object([("type", "Extension"), ("name", extension.Name)]),
        _ => Object([("type", type.ToString())]),
    };

    private static JsonObject Attribute(AttributeType attribute)
    {
        var json = Type(attribute.Type);
        if (!attribute.IsRequired)
        {
            json.Add("required", false);
        }

        return json;
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => JsonValue.Create(name))]);

    private static JsonObject Object(IEnumerable<(string Name, JsonNode Value)> members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value)));
}
