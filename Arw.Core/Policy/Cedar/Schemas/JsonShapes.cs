using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>The shapes that the JSON form of a schema is made of; each complains where something else stands.</summary>
internal sealed class JsonShapes(SchemaSource source)
{
    private static readonly string[] TypeFields = ["type", "element", "attributes", "additionalAttributes", "name"];

    private int _depth;

    public IReadOnlyList<JsonMember> Members(PositionedJson? json, string what)
    {
        switch (json)
        {
            case null:
                return [];
            case JsonMap map:
                return map.Members;
            default:
                source.Error(json.At, "This value does not belong here.", what);
                return [];
        }
    }

    public IReadOnlyList<PositionedJson> Items(PositionedJson json, string what)
    {
        if (json is JsonList list)
        {
            return list.Items;
        }

        source.Error(json.At, "This value does not belong here.", what);
        return [];
    }

    /// <summary>The members of an object that has a fixed set of them.</summary>
    public JsonFields Fields(PositionedJson json, string what, string[] known, string[] demanded)
    {
        var members = Members(json, $"{what} as an object");
        foreach (var member in members)
        {
            if (!known.Contains(member.Key, StringComparer.Ordinal))
            {
                source.Error(member.At, $"There is no {StringEscapes.Quote(member.Key)} in {what}.", string.Join(", ", known.Select(StringEscapes.Quote)));
            }
        }

        foreach (var key in demanded)
        {
            if (json is JsonMap && !members.Any(member => member.Key == key))
            {
                source.Error(json.At, $"There must be \"{key}\" in {what}.");
            }
        }

        return new JsonFields(members);
    }

    public IEnumerable<JsonText> Texts(PositionedJson json, string what)
    {
        foreach (var item in Items(json, $"a list of {what}"))
        {
            if (item is JsonText text)
            {
                yield return text;
            }
            else
            {
                source.Error(item.At, "This value does not belong here.", $"a text, one of {what}");
            }
        }
    }

    public string Text(PositionedJson json, string what)
    {
        if (json is JsonText text)
        {
            return text.Value;
        }

        source.Error(json.At, "This value does not belong here.", $"{what} as a text");
        return "";
    }

    public NameReference? Name(PositionedJson json)
    {
        var text = Text(json, "a name");
        if (SchemaNames.IsPath(text))
        {
            return new NameReference(text, json.At);
        }

        if (json is JsonText)
        {
            source.Error(json.At, $"{StringEscapes.Quote(text)} is not a name.", "identifiers joined by `::`");
        }

        return null;
    }

    public IReadOnlyList<NameReference> Names(PositionedJson? json) =>
        json is null ? [] : [.. Items(json, "a list of names").Select(Name).OfType<NameReference>()];

    public void Annotations(PositionedJson? json)
    {
        foreach (var (key, at, value) in Members(json, "an object of annotations"))
        {
            if (!SchemaNames.IsIdentifier(key) && !SchemaNames.IsKeyword(key))
            {
                source.Error(at, $"{StringEscapes.Quote(key)} is not the name of an annotation.", "an identifier");
            }

            if (value is not (JsonText or JsonNothing))
            {
                source.Error(value.At, "This value does not belong here.", "the value of the annotation as a text");
            }
        }
    }

    /// <summary>A type; some places allow more keys beside those of the type.</summary>
    public TypeExpression Type(PositionedJson json, params string[] more)
    {
        if (++_depth > TypeLimits.Depth)
        {
            source.Error(json.At, $"Types nest deeper than {TypeLimits.Depth} here.", "inner types named in \"commonTypes\"");
            _depth--;
            return new RecordExpression([], json.At);
        }

        var fields = Fields(json, "a type", [.. TypeFields, .. more], ["type"]);
        Annotations(fields.Get("annotations"));
        var type = fields.Get("type") is { } named ? Type(Text(named, "the type"), named.At, json, fields) : new RecordExpression([], json.At);
        _depth--;
        return type;
    }

    private TypeExpression Type(string type, int at, PositionedJson json, JsonFields fields)
    {
        string[] used = type switch
        {
            "Set" => ["element"],
            "Record" => ["attributes", "additionalAttributes"],
            "Entity" or "EntityOrCommon" or "Extension" => ["name"],
            _ => [],
        };
        foreach (var field in TypeFields[1..])
        {
            if (fields.Get(field) is { } value && !used.Contains(field, StringComparer.Ordinal))
            {
                source.Error(value.At, $"The type {StringEscapes.Quote(type)} has no \"{field}\".");
            }
        }

        if (used is [var demanded, ..] && fields.Get(demanded) is null)
        {
            source.Error(json.At, $"The type \"{type}\" needs \"{demanded}\".");
            return new RecordExpression([], json.At);
        }

        return type switch
        {
            "String" => new KnownTypeExpression(StringType.Instance, at),
            "Long" => new KnownTypeExpression(LongType.Instance, at),
            "Boolean" => new KnownTypeExpression(BoolType.Any, at),
            "Set" => new SetExpression(Type(fields.Get("element")!), at),
            "Record" => Record(fields, at),
            "Entity" => Named(fields.Get("name")!, NameKinds.Entity),
            "EntityOrCommon" => Named(fields.Get("name")!, NameKinds.EntityOrCommon),
            "Extension" => Extension(fields.Get("name")!),
            _ => Named(fields.Get("type")!, NameKinds.Common),
        };
    }

    private RecordExpression Record(JsonFields fields, int at)
    {
        if (fields.Get("additionalAttributes") is { } open)
        {
            source.ErrorUnless(open is JsonFlag { Value: false }, open.At, "records with additional attributes are not supported; expected false");
        }

        List<AttributeExpression> attributes = [];
        foreach (var (name, nameAt, value) in Members(fields.Get("attributes"), "an object of attributes"))
        {
            var required = new JsonFields(Members(value, "a type as an object")).Get("required");
            source.ErrorUnless(required is null or JsonFlag, required?.At ?? 0, "\"required\" is true or false");
            attributes.Add(new AttributeExpression(name, required is not JsonFlag { Value: false }, Type(value, "required", "annotations"), nameAt));
        }

        return new RecordExpression(attributes, at);
    }

    private TypeExpression Named(PositionedJson json, NameKinds kinds) =>
        Name(json) is { } name ? new NamedTypeExpression(name, kinds) : new RecordExpression([], json.At);

    private TypeExpression Extension(PositionedJson json)
    {
        var name = Text(json, "the name of an extension type");
        if (ExtensionType.Find(name) is { } type)
        {
            return new KnownTypeExpression(type, json.At);
        }

        source.Error(json.At, $"There is no extension type {StringEscapes.Quote(name)}.", "decimal, ipaddr, datetime or duration");
        return new RecordExpression([], json.At);
    }
}

/// <summary>The members of an object by name.</summary>
internal sealed class JsonFields(IReadOnlyList<JsonMember> members)
{
    public PositionedJson? Get(string key) => members.FirstOrDefault(member => member.Key == key)?.Value;
}
