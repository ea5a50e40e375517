using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Makes the schema of what was declared: names resolved, hierarchies closed, everything checked.</summary>
internal sealed class SchemaBuilder
{
    private readonly IReadOnlyList<NamespaceDeclaration> _namespaces;
    private readonly SchemaSource _source;
    private readonly SchemaDefinitions _definitions;
    private readonly TypeResolver _types;

    private SchemaBuilder(IReadOnlyList<NamespaceDeclaration> namespaces, SchemaSource source)
    {
        _namespaces = namespaces;
        _source = source;
        _definitions = new SchemaDefinitions(namespaces, source);
        _types = new TypeResolver(namespaces, _definitions, source);
    }

    public static CedarResult<Schema> Build(IReadOnlyList<NamespaceDeclaration> namespaces, SchemaSource source)
    {
        if (source.HasErrors)
        {
            return source.Errors;
        }

        var builder = new SchemaBuilder(namespaces, source);
        var (entities, actions) = (builder.Entities(), builder.Actions());
        return source.HasErrors ? source.Errors : new Schema(entities, actions, source.Warnings);
    }

    private List<EntityTypeDefinition> Entities()
    {
        Dictionary<string, IReadOnlyList<string>> parents = [];
        foreach (var ns in _namespaces)
        {
            foreach (var entity in ns.Entities)
            {
                parents[SchemaNames.Join(ns.Name, entity.Name)] = Distinct(entity.Parents.Select(parent => _types.EntityType(parent, ns.Name)));
            }
        }

        var hierarchy = new Hierarchy<string>(parents);
        return [.. _namespaces.SelectMany(ns => ns.Entities.Select(entity => Entity(ns.Name, entity, parents, hierarchy)))];
    }

    private EntityTypeDefinition Entity(
        string ns, EntityDeclaration entity, Dictionary<string, IReadOnlyList<string>> parents, Hierarchy<string> hierarchy)
    {
        var name = SchemaNames.Join(ns, entity.Name);
        return new EntityTypeDefinition(name, hierarchy)
        {
            Parents = parents[name],
            Attributes = _types.Record(entity.Shape, ns, "the shape of an entity type"),
            Tags = entity.Tags is null ? null : _types.Type(entity.Tags, ns),
            Choices = entity.Choices,
        };
    }

    private List<ActionDefinition> Actions()
    {
        Dictionary<EntityUid, IReadOnlyList<EntityUid>> parents = [];
        foreach (var ns in _namespaces)
        {
            foreach (var action in ns.Actions)
            {
                parents[Uid(ns, action)] = [.. action.Parents.Select(parent => Parent(parent, ns.Name)).OfType<EntityUid>().Distinct()];
            }
        }

        var hierarchy = new Hierarchy<EntityUid>(parents);
        var cycles = hierarchy.OnCycles().ToHashSet();
        foreach (var action in _namespaces.SelectMany(ns => ns.Actions.Where(action => cycles.Contains(Uid(ns, action)))))
        {
            _source.Error(action.At, $"The groups of the action {StringEscapes.Quote(action.Id)} form a cycle.");
        }

        return [.. _namespaces.SelectMany(ns => ns.Actions.Select(action => Action(ns, action, parents, hierarchy)))];
    }

    private ActionDefinition Action(
        NamespaceDeclaration ns,
        ActionDeclaration action,
        Dictionary<EntityUid, IReadOnlyList<EntityUid>> parents,
        Hierarchy<EntityUid> hierarchy)
    {
        var uid = Uid(ns, action);
        return new ActionDefinition(uid, hierarchy)
        {
            Parents = parents[uid],
            PrincipalTypes = Types(action.AppliesTo?.Principals),
            ResourceTypes = Types(action.AppliesTo?.Resources),
            Context = action.AppliesTo is { } appliesTo ? _types.Record(appliesTo.Context, ns.Name, "the context of an action") : RecordType.Empty,
        };

        IReadOnlyList<string> Types(IReadOnlyList<NameReference>? names) =>
            Distinct((names ?? []).Select(name => _types.EntityType(name, ns.Name)));
    }

    private EntityUid? Parent(ActionReference parent, string ns)
    {
        string[] types = parent.Type switch
        {
            { } type when SchemaNames.IsQualified(type) || ns.Length == 0 => [type],
            { } type => [SchemaNames.Join(ns, type), type],
            null when ns.Length == 0 => [SchemaNames.Action],
            null => [SchemaNames.Join(ns, SchemaNames.Action), SchemaNames.Action],
        };
        foreach (var type in types)
        {
            if (_definitions.IsAction(new EntityUid(type, parent.Id)))
            {
                return new EntityUid(type, parent.Id);
            }
        }

        var meanings = types.Select(type => $"`{new EntityUid(type, parent.Id)}`");
        _source.Error(parent.At, $"There is no action {string.Join(" and no ", meanings)}.");
        return null;
    }

    private static EntityUid Uid(NamespaceDeclaration ns, ActionDeclaration action) =>
        new(SchemaNames.Join(ns.Name, SchemaNames.Action), action.Id);

    private static IReadOnlyList<string> Distinct(IEnumerable<string?> names) => [.. names.OfType<string>().Distinct()];
}
