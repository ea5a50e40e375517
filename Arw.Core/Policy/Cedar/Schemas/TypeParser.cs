namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Reads types and annotations in the human syntax.</summary>
internal sealed class TypeParser(SchemaSource source, SchemaTokens tokens)
{
    private int _depth;

    public TypeExpression Type()
    {
        var at = tokens.Next.At;
        if (tokens.Next.Is("{"))
        {
            return Record();
        }

        var path = tokens.Path("a type");
        if (path.Path != "Set" || !tokens.TryTake("<"))
        {
            return new NamedTypeExpression(path, NameKinds.EntityOrCommon);
        }

        Deeper(at);
        var element = Type();
        _depth--;
        tokens.Expect(">", "after the type of the elements");
        return new SetExpression(element, at);
    }

    public RecordExpression Record()
    {
        var open = tokens.Expect("{");
        Deeper(open.At);
        List<AttributeExpression> attributes = [];
        while (!tokens.Next.Is("}"))
        {
            Annotations();
            attributes.Add(Attribute());
            if (!tokens.TryTake(","))
            {
                break;
            }
        }

        tokens.Expect("}", "or , after the attribute");
        _depth--;
        return new RecordExpression(attributes, open.At);
    }

    /// <summary>An entity type, or several in brackets.</summary>
    public List<NameReference> EntityTypes()
    {
        List<NameReference> names = [];
        if (!tokens.TryTake("["))
        {
            return [tokens.Path("an entity type")];
        }

        if (!tokens.Next.Is("]"))
        {
            do
            {
                names.Add(tokens.Path("an entity type"));
            }
            while (tokens.TryTake(","));
        }

        tokens.Expect("]", "after the entity types");
        return names;
    }

    /// <summary>Annotations mean nothing to the schema; they are read so that their form and their uniqueness are checked.</summary>
    public void Annotations()
    {
        HashSet<string>? keys = null;
        while (tokens.TryTake("@"))
        {
            if (tokens.Next.Kind != SchemaTokenKind.Word)
            {
                throw tokens.Unexpected("the name of the annotation");
            }

            var key = tokens.Take();
            if (!(keys ??= []).Add(key.Value))
            {
                source.Error(key.At, $"The annotation `@{key.Value}` stands twice on one declaration.");
            }

            if (tokens.TryTake("("))
            {
                tokens.Text("the value of the annotation, in quotes");
                tokens.Expect(")", "after the value of the annotation");
            }
        }
    }

    private AttributeExpression Attribute()
    {
        var at = tokens.Next.At;
        var name = tokens.Name("the name of an attribute or }");
        var required = !tokens.TryTake("?");
        tokens.Expect(":", "after the name of the attribute");
        return new AttributeExpression(name, required, Type(), at);
    }

    private void Deeper(int at)
    {
        if (++_depth > TypeLimits.Depth)
        {
            _depth = 0;
            throw new SchemaSyntaxException(at, $"Types nest deeper than {TypeLimits.Depth} here.", "inner types named with `type`");
        }
    }
}
