using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>
/// A schema with every name resolved: which entity types and actions exist, what they hold and what applies to what.
/// Both syntaxes are read into it; it never changes.
/// </summary>
public sealed class Schema
{
    private readonly ConcurrentDictionary<(string Below, string Above), bool> _actionTypes = [];

    internal Schema(IEnumerable<EntityTypeDefinition> entityTypes, IEnumerable<ActionDefinition> actions, IReadOnlyList<CedarError> warnings)
    {
        Warnings = warnings;
        EntityTypes = entityTypes.DistinctBy(type => type.Name).ToDictionary(type => type.Name);
        Actions = actions.DistinctBy(action => action.Uid).ToDictionary(action => action.Uid);
    }

    /// <summary>The entity types by their full names.</summary>
    public IReadOnlyDictionary<string, EntityTypeDefinition> EntityTypes { get; }

    /// <summary>The actions by type and id.</summary>
    public IReadOnlyDictionary<EntityUid, ActionDefinition> Actions { get; }

    /// <summary>What is allowed but probably not meant, for example a type that hides a built-in one.</summary>
    public IReadOnlyList<CedarError> Warnings { get; }

    /// <summary>Reads the human syntax (<c>.cedarschema</c>).</summary>
    public static CedarResult<Schema> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SchemaSource(text);
        return SchemaBuilder.Build(SchemaTextParser.Parse(source), source);
    }

    /// <summary>Reads the JSON form.</summary>
    public static CedarResult<Schema> ParseJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var source = new SchemaSource(json);
        return SchemaBuilder.Build(SchemaJsonReader.Parse(source), source);
    }

    /// <summary>The schema in the human syntax: full names everywhere, common types written out. An action that applies to nothing keeps no context.</summary>
    public string ToText() => SchemaTextWriter.Write(this);

    /// <summary>The schema in the JSON form: full names everywhere, common types written out.</summary>
    public JsonObject ToJson() => SchemaJsonWriter.Write(this);

    /// <summary>True for a declared entity type, and for every type of actions.</summary>
    internal bool Knows(string type) => SchemaNames.IsActionType(type) || EntityTypes.ContainsKey(type);

    /// <summary>True when an entity of the one type can be <c>in</c> an entity of the other; each entity is in itself.</summary>
    internal bool MayBeIn(string below, string above) =>
        below == above
        || (EntityTypes.TryGetValue(above, out var definition) && definition.Descendants.Contains(below))
        || (SchemaNames.IsActionType(below) && SchemaNames.IsActionType(above) && _actionTypes.GetOrAdd((below, above), MayActionsBeIn));

    private bool MayActionsBeIn((string Below, string Above) types) =>
        Actions.Values.Any(action => action.Uid.Type == types.Above && action.Descendants.Any(below => below.Type == types.Below));
}
