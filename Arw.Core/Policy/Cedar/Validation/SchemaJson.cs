using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>Reads entities and contexts from JSON by a schema: what it expects may be written without escapes, and what it forbids is refused.</summary>
public sealed class SchemaJson
{
    private readonly Schema _schema;
    private readonly EntityValidator _entities;
    private readonly Dictionary<string, ExpectedEntityShape> _shapes = [];
    private readonly Dictionary<EntityUid, ExpectedRecord> _contexts = [];

    /// <summary>A reader for one schema; it may be shared.</summary>
    public SchemaJson(Schema schema)
    {
        _schema = schema;
        _entities = new EntityValidator(schema);
        foreach (var type in schema.EntityTypes.Values)
        {
            _shapes.Add(type.Name, new ExpectedEntityShape(Record(type.Attributes), type.Tags is null ? null : Type(type.Tags)));
        }

        foreach (var action in schema.Actions.Values)
        {
            _contexts.Add(action.Uid, Record(action.Context));
        }
    }

    /// <summary>The entities of a text that conform to the schema, and the actions of the schema.</summary>
    public CedarResult<CedarEntities> ReadEntities(string json)
    {
        var read = EntitiesJson.Read(json, Shape);
        if (!read.Ok)
        {
            return read;
        }

        var errors = _entities.Check(read.Value);
        return errors.Count > 0 ? errors.ToList() : WithActions(read.Value);
    }

    /// <summary>The actions of the schema beside other entities; what the other entities say of them must be the same.</summary>
    public CedarResult<CedarEntities> WithActions(CedarEntities entities) =>
        entities.With(_schema.Actions.Values.Where(action => entities.Find(action.Uid) is null).Select(action => new CedarEntity(action.Uid, parents: action.Ancestors)));

    /// <summary>What the schema says about the JSON of an entity; null for nothing. For <see cref="EntitiesJson"/>.</summary>
    public ExpectedEntityShape? Shape(EntityUid uid) => _shapes.GetValueOrDefault(uid.Type);

    /// <summary>What the schema says about the JSON of the context of an action; null for nothing. For <see cref="ValueJson"/>.</summary>
    public ExpectedRecord? Context(EntityUid action) => _contexts.GetValueOrDefault(action);

    private static ExpectedRecord Record(RecordType record)
    {
        Dictionary<string, ExpectedType> fields = [];
        foreach (var attribute in record.Attributes)
        {
            if (Type(attribute.Type) is { } type)
            {
                fields.Add(attribute.Name, type);
            }
        }

        return new ExpectedRecord(fields);
    }

    private static ExpectedType? Type(CedarType type) => type switch
    {
        EntityReferenceType => new ExpectedEntity(),
        SetType set => new ExpectedSet(Type(set.Element)),
        RecordType record => Record(record),
        ExtensionType when type.Equals(ExtensionType.Decimal) => new ExpectedExtension(ValueKind.Decimal),
        ExtensionType when type.Equals(ExtensionType.IpAddress) => new ExpectedExtension(ValueKind.Ip),
        ExtensionType when type.Equals(ExtensionType.DateTime) => new ExpectedExtension(ValueKind.Datetime),
        ExtensionType => new ExpectedExtension(ValueKind.Duration),
        _ => null,
    };
}
