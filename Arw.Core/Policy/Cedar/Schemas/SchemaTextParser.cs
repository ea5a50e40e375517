namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Reads the human syntax: namespaces and the declarations in them. What follows a broken declaration is still read, so that all errors are told at once.</summary>
internal sealed class SchemaTextParser
{
    private readonly SchemaSource _source;
    private readonly SchemaTokens _tokens;
    private readonly TypeParser _types;
    private readonly List<NamespaceDeclaration> _namespaces = [];
    private readonly NamespaceDeclaration _empty = new("", 0);

    private SchemaTextParser(SchemaSource source)
    {
        _source = source;
        _tokens = new SchemaTokens(source);
        _types = new TypeParser(source, _tokens);
    }

    public static IReadOnlyList<NamespaceDeclaration> Parse(SchemaSource source)
    {
        var parser = new SchemaTextParser(source);
        while (parser._tokens.Next.Kind != SchemaTokenKind.End)
        {
            parser.Guarded(parser.TopLevel);
        }

        return [parser._empty, .. parser._namespaces];
    }

    private void TopLevel()
    {
        _types.Annotations();
        if (_tokens.Next.Is("namespace"))
        {
            Namespace();
        }
        else
        {
            Declaration(_empty, "namespace, entity, action or type");
        }
    }

    private void Namespace()
    {
        _tokens.Take();
        var name = _tokens.Path("the name of a namespace");
        var declared = new NamespaceDeclaration(name.Path, name.At);
        _namespaces.Add(declared);
        _tokens.Expect("{", "after the name of the namespace");
        while (!_tokens.Next.Is("}"))
        {
            if (_tokens.Next.Kind == SchemaTokenKind.End)
            {
                throw _tokens.Unexpected("entity, action, type or }");
            }

            Guarded(() =>
            {
                _types.Annotations();
                Declaration(declared, "entity, action, type or }");
            });
        }

        _tokens.Take();
    }

    private void Declaration(NamespaceDeclaration ns, string expected)
    {
        if (_tokens.TryTake("entity"))
        {
            Entity(ns);
        }
        else if (_tokens.TryTake("action"))
        {
            Action(ns);
        }
        else if (_tokens.TryTake("type"))
        {
            var name = _tokens.Identifier("the name of a type");
            _tokens.Expect("=", "after the name of the type");
            ns.CommonTypes.Add(new CommonTypeDeclaration(name.Value, name.At, _types.Type()));
            _tokens.Expect(";", "after the type");
        }
        else
        {
            throw _tokens.Unexpected(expected);
        }
    }

    private void Entity(NamespaceDeclaration ns)
    {
        var names = List(() => _tokens.Identifier("the name of an entity type"));
        IReadOnlyList<NameReference> parents = [];
        TypeExpression? tags = null;
        List<string>? choices = null;
        var shape = new RecordExpression([], _tokens.Next.At);
        if (_tokens.TryTake("enum"))
        {
            _tokens.Expect("[", "after enum");
            choices = List(() => _tokens.Text("the id of an entity, in quotes"));
            _tokens.Expect("]", "after the ids");
            _tokens.Expect(";", "after the entity type");
        }
        else
        {
            parents = _tokens.TryTake("in") ? _types.EntityTypes() : [];
            if (_tokens.TryTake("=") || _tokens.Next.Is("{"))
            {
                shape = _types.Record();
            }

            tags = _tokens.TryTake("tags") ? _types.Type() : null;
            _tokens.Expect(";", "after the entity type");
        }

        ns.Entities.AddRange(names.Select(name => new EntityDeclaration(name.Value, name.At, parents, shape, tags, choices)));
    }

    private void Action(NamespaceDeclaration ns)
    {
        var names = List(() => (_tokens.Next.At, Id: _tokens.Name("the name of an action")));
        List<ActionReference> parents = [];
        if (_tokens.TryTake("in"))
        {
            if (_tokens.TryTake("["))
            {
                parents = List(Parent);
                _tokens.Expect("]", "after the actions");
            }
            else
            {
                parents = [Parent()];
            }
        }

        var appliesTo = _tokens.TryTake("appliesTo") ? AppliesToParser.Parse(_source, _tokens, _types) : null;
        if (_tokens.TryTake("attributes"))
        {
            _tokens.Expect("{", "after attributes");
            _tokens.Expect("}", "since actions have no attributes");
        }

        _tokens.Expect(";", "after the action");
        ns.Actions.AddRange(names.Select(name => new ActionDeclaration(name.Id, name.At, parents, appliesTo)));
    }

    private ActionReference Parent()
    {
        var at = _tokens.Next.At;
        if (_tokens.Next.Kind == SchemaTokenKind.Text)
        {
            return new ActionReference(null, _tokens.Text("an action"), at);
        }

        List<string> path = [_tokens.Identifier("an action").Value];
        while (_tokens.TryTake("::"))
        {
            if (_tokens.Next.Kind == SchemaTokenKind.Text)
            {
                return new ActionReference(string.Join("::", path), _tokens.Text("an action"), at);
            }

            path.Add(_tokens.Identifier("the id of the action, in quotes").Value);
        }

        return path is [var id] ? new ActionReference(null, id, at) : throw _tokens.Unexpected(":: and the id of the action, in quotes");
    }

    private List<T> List<T>(Func<T> item)
    {
        List<T> items = [item()];
        while (_tokens.TryTake(","))
        {
            items.Add(item());
        }

        return items;
    }

    private void Guarded(Action read)
    {
        var braces = _tokens.Braces;
        try
        {
            read();
        }
        catch (SchemaSyntaxException e)
        {
            _source.Error(e.At, e.Message, e.Expected);
            _tokens.SkipDeclaration(braces);
        }
    }
}
