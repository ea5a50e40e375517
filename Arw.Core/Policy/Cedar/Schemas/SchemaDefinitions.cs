using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Everything that the namespaces of a schema define, by its full name, after the rules on names are checked.</summary>
internal sealed class SchemaDefinitions
{
    private readonly SchemaSource _source;
    private readonly Dictionary<string, int> _entities = [];
    private readonly Dictionary<string, int> _commonTypes = [];
    private readonly Dictionary<EntityUid, int> _actions = [];
    private readonly HashSet<string> _actionTypes = [];

    public SchemaDefinitions(IReadOnlyList<NamespaceDeclaration> namespaces, SchemaSource source)
    {
        _source = source;
        HashSet<string> names = [];
        foreach (var ns in namespaces)
        {
            if (!names.Add(ns.Name))
            {
                source.Error(ns.At, $"The namespace `{ns.Name}` stands twice.", "all of its declarations in one");
            }

            if (SchemaNames.IsReserved(ns.Name))
            {
                source.Error(ns.At, $"The namespace `{ns.Name}` contains `{SchemaNames.Reserved}`, which belongs to the language.");
            }

            AddEntities(ns);
            AddCommonTypes(ns);
            AddActions(ns);
        }

        CheckShadowing(namespaces);
    }

    /// <summary>True for the name of a declared entity type.</summary>
    public bool IsEntity(string name) => _entities.ContainsKey(name);

    /// <summary>True for a declared entity type and for the type of the actions of a namespace.</summary>
    public bool IsEntityOrActionType(string name) => IsEntity(name) || _actionTypes.Contains(name);

    /// <summary>True for the name of a common type that the schema itself declares.</summary>
    public bool IsCommonType(string name) => _commonTypes.ContainsKey(name);

    /// <summary>True for a declared action.</summary>
    public bool IsAction(EntityUid uid) => _actions.ContainsKey(uid);

    private void AddEntities(NamespaceDeclaration ns)
    {
        foreach (var entity in ns.Entities)
        {
            if (entity.Name == SchemaNames.Action)
            {
                _source.Error(entity.At, "An entity type cannot be called `Action`.", "another name, or `action` to declare an action");
            }

            Add(_entities, ns, entity.Name, entity.At, "entity type");
        }
    }

    private void AddCommonTypes(NamespaceDeclaration ns)
    {
        foreach (var type in ns.CommonTypes)
        {
            if (SchemaNames.IsReservedForTypes(type.Name))
            {
                _source.Error(type.At, $"A type cannot be called `{type.Name}`, since the language has one of this name.");
            }

            Add(_commonTypes, ns, type.Name, type.At, "type");
            if (IsEntity(SchemaNames.Join(ns.Name, type.Name)))
            {
                _source.Warn(type.At, $"The type `{type.Name}` hides the entity type of the same name.");
            }
        }
    }

    private void Add(Dictionary<string, int> all, NamespaceDeclaration ns, string name, int at, string what)
    {
        if (name == SchemaNames.Reserved)
        {
            _source.Error(at, $"`{SchemaNames.Reserved}` belongs to the language.");
        }

        if (!all.TryAdd(SchemaNames.Join(ns.Name, name), at))
        {
            _source.Error(at, $"The {what} `{SchemaNames.Join(ns.Name, name)}` is declared twice.");
        }

        if (BuiltInTypes.Find(name) is not null)
        {
            _source.Warn(at, $"`{name}` hides the built-in type of the same name, which stays reachable as `{SchemaNames.Reserved}::{name}`.");
        }
    }

    private void AddActions(NamespaceDeclaration ns)
    {
        var type = SchemaNames.Join(ns.Name, SchemaNames.Action);
        foreach (var action in ns.Actions)
        {
            _actionTypes.Add(type);
            if (!_actions.TryAdd(new EntityUid(type, action.Id), action.At))
            {
                _source.Error(action.At, $"The action {StringEscapes.Quote(action.Id)} is declared twice.");
            }
        }
    }

    // A name of the empty namespace means the same everywhere, so no other namespace may declare it again.
    private void CheckShadowing(IReadOnlyList<NamespaceDeclaration> namespaces)
    {
        foreach (var ns in namespaces.Where(ns => ns.Name.Length > 0))
        {
            foreach (var (name, at) in ns.Entities.Select(entity => (entity.Name, entity.At)).Concat(ns.CommonTypes.Select(type => (type.Name, type.At))))
            {
                if (IsEntity(name) || IsCommonType(name))
                {
                    _source.Error(at, $"`{SchemaNames.Join(ns.Name, name)}` hides `{name}` of the empty namespace.", "different names");
                }
            }

            foreach (var action in ns.Actions)
            {
                if (IsAction(new EntityUid(SchemaNames.Action, action.Id)))
                {
                    _source.Error(action.At, $"The action {StringEscapes.Quote(action.Id)} of `{ns.Name}` hides the one of the empty namespace.", "different names");
                }
            }
        }
    }
}
