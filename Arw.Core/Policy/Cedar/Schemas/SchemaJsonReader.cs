using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Reads the JSON form of a schema into the same declarations as the human syntax.</summary>
internal sealed class SchemaJsonReader(SchemaSource source)
{
    private readonly JsonShapes _shapes = new(source);

    public static IReadOnlyList<NamespaceDeclaration> Parse(SchemaSource source)
    {
        var json = PositionedJson.Parse(source);
        return json is null ? [] : new SchemaJsonReader(source).Namespaces(json);
    }

    private List<NamespaceDeclaration> Namespaces(PositionedJson json)
    {
        List<NamespaceDeclaration> namespaces = [];
        foreach (var (name, at, value) in _shapes.Members(json, "an object of namespaces"))
        {
            if (name.Length > 0 && !SchemaNames.IsPath(name))
            {
                source.Error(at, $"{StringEscapes.Quote(name)} is not the name of a namespace.", "identifiers joined by `::`, or \"\"");
                continue;
            }

            var ns = new NamespaceDeclaration(name, at);
            namespaces.Add(ns);
            Namespace(ns, value);
        }

        return namespaces;
    }

    private void Namespace(NamespaceDeclaration ns, PositionedJson json)
    {
        var fields = _shapes.Fields(json, "a namespace", ["commonTypes", "entityTypes", "actions", "annotations"], ["entityTypes", "actions"]);
        foreach (var (name, at, value) in _shapes.Members(fields.Get("commonTypes"), "an object of types"))
        {
            if (IsName(name, at))
            {
                ns.CommonTypes.Add(new CommonTypeDeclaration(name, at, _shapes.Type(value, "annotations")));
            }
        }

        foreach (var (name, at, value) in _shapes.Members(fields.Get("entityTypes"), "an object of entity types"))
        {
            if (IsName(name, at))
            {
                ns.Entities.Add(Entity(name, at, value));
            }
        }

        foreach (var (name, at, value) in _shapes.Members(fields.Get("actions"), "an object of actions"))
        {
            ns.Actions.Add(Action(name, at, value));
        }

        if (fields.Get("annotations") is { } annotations)
        {
            _shapes.Annotations(annotations);
            if (ns.Name.Length == 0 && annotations is JsonMap { Members.Count: > 0 })
            {
                source.Error(annotations.At, "The empty namespace cannot have annotations.");
            }
        }
    }

    private EntityDeclaration Entity(string name, int at, PositionedJson json)
    {
        var fields = _shapes.Fields(json, "an entity type", ["memberOfTypes", "shape", "tags", "enum", "annotations"], []);
        _shapes.Annotations(fields.Get("annotations"));
        if (fields.Get("enum") is { } choices)
        {
            foreach (var other in (string[])["memberOfTypes", "shape", "tags"])
            {
                if (fields.Get(other) is { } unexpected)
                {
                    source.Error(unexpected.At, $"An entity type with \"enum\" cannot have \"{other}\".");
                }
            }

            List<string> ids = [.. _shapes.Texts(choices, "the ids of the entities").Select(text => text.Value)];
            if (ids.Count == 0)
            {
                source.Error(choices.At, "\"enum\" lists no id.", "at least one");
            }

            return new EntityDeclaration(name, at, [], new RecordExpression([], at), null, ids);
        }

        return new EntityDeclaration(
            name,
            at,
            _shapes.Names(fields.Get("memberOfTypes")),
            fields.Get("shape") is { } shape ? _shapes.Type(shape) : new RecordExpression([], at),
            fields.Get("tags") is { } tags ? _shapes.Type(tags) : null,
            null);
    }

    private ActionDeclaration Action(string id, int at, PositionedJson json)
    {
        var fields = _shapes.Fields(json, "an action", ["attributes", "appliesTo", "memberOf", "annotations"], []);
        _shapes.Annotations(fields.Get("annotations"));
        if (fields.Get("attributes") is { } attributes and not JsonNothing)
        {
            source.Error(attributes.At, "Actions have no attributes.", "no \"attributes\"");
        }

        List<ActionReference> parents = [];
        if (fields.Get("memberOf") is { } memberOf and not JsonNothing)
        {
            foreach (var parent in _shapes.Items(memberOf, "a list of actions"))
            {
                var reference = _shapes.Fields(parent, "a reference to an action", ["id", "type"], ["id"]);
                var type = reference.Get("type") is { } named and not JsonNothing ? _shapes.Name(named)?.Path : null;
                parents.Add(new ActionReference(type, reference.Get("id") is { } of ? _shapes.Text(of, "the id of an action") : "", parent.At));
            }
        }

        return new ActionDeclaration(id, at, parents, fields.Get("appliesTo") is { } spec and not JsonNothing ? AppliesTo(spec) : null);
    }

    private AppliesTo AppliesTo(PositionedJson json)
    {
        var fields = _shapes.Fields(
            json, "\"appliesTo\"", ["resourceTypes", "principalTypes", "context"], ["resourceTypes", "principalTypes"]);
        return new AppliesTo(
            _shapes.Names(fields.Get("principalTypes")),
            _shapes.Names(fields.Get("resourceTypes")),
            fields.Get("context") is { } context ? _shapes.Type(context) : new RecordExpression([], json.At));
    }

    private bool IsName(string name, int at)
    {
        if (!SchemaNames.IsIdentifier(name))
        {
            source.Error(at, $"{StringEscapes.Quote(name)} is not a name.", "an identifier");
            return false;
        }

        return true;
    }
}
