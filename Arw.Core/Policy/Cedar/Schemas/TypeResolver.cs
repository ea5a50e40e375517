namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Turns types as written into types: finds what each name means and writes common types out.</summary>
internal sealed class TypeResolver
{
    private readonly SchemaDefinitions _definitions;
    private readonly SchemaSource _source;
    private readonly Dictionary<string, (string Namespace, CommonTypeDeclaration Declaration)> _declared = [];
    private readonly Dictionary<string, CedarType> _resolved = [];

    public TypeResolver(IReadOnlyList<NamespaceDeclaration> namespaces, SchemaDefinitions definitions, SchemaSource source)
    {
        _definitions = definitions;
        _source = source;
        foreach (var ns in namespaces)
        {
            foreach (var type in ns.CommonTypes)
            {
                _declared.TryAdd(SchemaNames.Join(ns.Name, type.Name), (ns.Name, type));
            }
        }

        foreach (var name in _declared.Keys)
        {
            Resolve(name);
        }
    }

    /// <summary>The type that an expression of a namespace means; what is wrong with it goes to the source.</summary>
    public CedarType Type(TypeExpression expression, string ns)
    {
        var type = Write(expression, ns);
        if (type.Depth <= TypeLimits.Depth && type.Size <= TypeLimits.Size)
        {
            return type;
        }

        _source.Error(expression.At, type.Depth > TypeLimits.Depth
            ? $"with common types written out, this type nests deeper than {TypeLimits.Depth}"
            : $"with common types written out, this type has more than {TypeLimits.Size} parts");
        return RecordType.Empty;
    }

    /// <summary>A type that must be a record.</summary>
    public RecordType Record(TypeExpression expression, string ns, string what)
    {
        var type = Type(expression, ns);
        if (type is RecordType record)
        {
            return record;
        }

        _source.Error(expression.At, $"This is `{type}`, but {what} must be a record.");
        return RecordType.Empty;
    }

    /// <summary>The full name of an entity type that an action or an entity type names; null when there is none.</summary>
    public string? EntityType(NameReference name, string ns)
    {
        foreach (var path in Meanings(name.Path, ns))
        {
            if (_definitions.IsEntity(path))
            {
                return path;
            }
        }

        Undeclared(name, ns, "an entity type");
        return null;
    }

    // Depth first with a stack of its own: common types may refer to one another in chains as long as the schema.
    private void Resolve(string start)
    {
        Stack<(string Name, Queue<string> Needs)> open = new();
        HashSet<string> onPath = [];
        Enter(start);
        while (open.TryPeek(out var current))
        {
            if (current.Needs.TryDequeue(out var need))
            {
                if (onPath.Contains(need))
                {
                    var (_, declaration) = _declared[current.Name];
                    _source.Error(declaration.At, $"The type `{current.Name}` is defined by itself, through `{need}`.");
                    _resolved[need] = RecordType.Empty;
                }
                else if (!_resolved.ContainsKey(need))
                {
                    Enter(need);
                }

                continue;
            }

            open.Pop();
            onPath.Remove(current.Name);
            var (ns, type) = _declared[current.Name];
            _resolved.TryAdd(current.Name, Type(type.Type, ns));
        }

        void Enter(string name)
        {
            if (_resolved.ContainsKey(name))
            {
                return;
            }

            var (ns, type) = _declared[name];
            Queue<string> needs = new();
            Collect(type.Type, ns, needs);
            open.Push((name, needs));
            onPath.Add(name);
        }
    }

    private void Collect(TypeExpression expression, string ns, Queue<string> needs)
    {
        switch (expression)
        {
            case SetExpression set:
                Collect(set.Element, ns, needs);
                break;
            case RecordExpression record:
                foreach (var attribute in record.Attributes)
                {
                    Collect(attribute.Type, ns, needs);
                }

                break;
            case NamedTypeExpression named when Find(named, ns) is (NameKinds.Common, var path) && _declared.ContainsKey(path):
                needs.Enqueue(path);
                break;
            default:
                break;
        }
    }

    private CedarType Write(TypeExpression expression, string ns)
    {
        switch (expression)
        {
            case KnownTypeExpression known:
                return known.Type;
            case SetExpression set:
                return new SetType(Write(set.Element, ns));
            case RecordExpression record:
                return new RecordType(record.Attributes.Select(attribute => new AttributeType(attribute.Name, Write(attribute.Type, ns), attribute.IsRequired)));
            default:
                var named = (NamedTypeExpression)expression;
                switch (Find(named, ns))
                {
                    case (NameKinds.Entity, var path):
                        return new EntityReferenceType(path);
                    case (NameKinds.Common, var path):
                        return BuiltInTypes.Find(path, _definitions) ?? _resolved.GetValueOrDefault(path) ?? RecordType.Empty;
                    default:
                        Undeclared(named.Name, ns, named.Kinds switch
                        {
                            NameKinds.Entity => "an entity type",
                            NameKinds.Common => "a common type",
                            _ => "a type",
                        });
                        return RecordType.Empty;
                }
        }
    }

    // The nearer namespace wins, and within one a common type over an entity type.
    private (NameKinds Kind, string Path) Find(NamedTypeExpression named, string ns)
    {
        foreach (var path in Meanings(named.Name.Path, ns))
        {
            if (named.Kinds.HasFlag(NameKinds.Common) && (_definitions.IsCommonType(path) || BuiltInTypes.Find(path, _definitions) is not null))
            {
                return (NameKinds.Common, path);
            }

            if (named.Kinds.HasFlag(NameKinds.Entity) && _definitions.IsEntityOrActionType(path))
            {
                return (NameKinds.Entity, path);
            }
        }

        return (NameKinds.None, named.Name.Path);
    }

    private void Undeclared(NameReference name, string ns, string what) =>
        _source.Error(name.At, Meanings(name.Path, ns) is [var near, var far]
            ? $"Neither `{near}` nor `{far}` is declared as {what}."
            : $"`{name.Path}` is not declared as {what}.");

    private static string[] Meanings(string path, string ns) =>
        ns.Length == 0 || SchemaNames.IsQualified(path) ? [path] : [SchemaNames.Join(ns, path), path];
}
