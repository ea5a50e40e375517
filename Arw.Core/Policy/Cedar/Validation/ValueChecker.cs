using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>Checks values of requests and entities against the types of a schema.</summary>
internal sealed class ValueChecker(Schema schema)
{
    /// <summary>What is wrong with a value of which a type is expected; null when nothing is.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type in the schema.</param>
    /// <param name="where">Its place in words.</param>
    public CedarError? Check(in CedarValue value, CedarType type, string where) => type switch
    {
        SetType set when value.Kind == ValueKind.Set => Items(value.AsSet, set, where),
        RecordType record when value.Kind == ValueKind.Record => Fields(value.AsRecord, record, where),
        EntityReferenceType entity when value.Kind == ValueKind.Entity && value.AsEntity.Type == entity.Name => Entity(value.AsEntity, where),
        _ when value.Kind == KindOf(type) && type is not EntityReferenceType => null,
        _ => new CedarError($"The value {Shown(value)} of {where} is of another type.", Expected: $"`{type}`"),
    };

    /// <summary>What is wrong with the fields of a record.</summary>
    public CedarError? Fields(CedarRecord record, RecordType type, string where)
    {
        for (var i = 0; i < record.Count; i++)
        {
            var name = record.Names[i];
            if (type.Find(name) is not { } attribute)
            {
                return new CedarError($"The attribute {Parsing.StringEscapes.Quote(name)} of {where} is not in the schema.", Expected: $"`{type}`");
            }

            if (Check(record.Values[i], attribute.Type, $"{Parsing.StringEscapes.Quote(name)} of {where}") is { } error)
            {
                return error;
            }
        }

        foreach (var attribute in type.Attributes)
        {
            if (attribute.IsRequired && !record.Has(attribute.Name))
            {
                return new CedarError($"The attribute {Parsing.StringEscapes.Quote(attribute.Name)} of {where} is missing.", Expected: $"a value of type `{attribute.Type}`");
            }
        }

        return null;
    }

    /// <summary>What is wrong with an entity by its name alone: actions must be declared, and so must the ids of types that list them.</summary>
    public CedarError? Entity(EntityUid uid, string where)
    {
        if (SchemaNames.IsActionType(uid.Type))
        {
            return schema.Actions.ContainsKey(uid) ? null : new CedarError($"The schema has no action {uid}, which is {where}.", Expected: "an action of the schema");
        }

        return schema.EntityTypes.TryGetValue(uid.Type, out var type) && !type.Allows(uid.Id)
            ? new CedarError(
                $"There is no entity {uid}, which is {where}.",
                Expected: $"one of {string.Join(", ", type.Choices!.Take(8).Select(Parsing.StringEscapes.Quote))}")
            : null;
    }

    private CedarError? Items(CedarSet set, SetType type, string where)
    {
        foreach (ref readonly var item in set.AsSpan())
        {
            if (Check(item, type.Element, where) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static ValueKind KindOf(CedarType type) => type switch
    {
        BoolType => ValueKind.Bool,
        LongType => ValueKind.Long,
        StringType => ValueKind.String,
        EntityReferenceType => ValueKind.Entity,
        SetType => ValueKind.Set,
        RecordType => ValueKind.Record,
        _ when type.Equals(ExtensionType.Decimal) => ValueKind.Decimal,
        _ when type.Equals(ExtensionType.IpAddress) => ValueKind.Ip,
        _ when type.Equals(ExtensionType.DateTime) => ValueKind.Datetime,
        _ => ValueKind.Duration,
    };

    private static string Shown(CedarValue value)
    {
        var text = value.ToString();
        return text.Length > 80 ? text[..80] + "…" : text;
    }
}
