using System.Collections.Frozen;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>
/// A schema with every name resolved: which entity types and actions exist, what they hold and what applies to what.
/// Both syntaxes are read into it; it never changes.
/// </summary>
public sealed class Schema
{
    internal Schema(IEnumerable<EntityTypeDefinition> entityTypes, IEnumerable<ActionDefinition> actions)
    {
        EntityTypes = entityTypes.DistinctBy(type => type.Name).ToFrozenDictionary(type => type.Name);
        Actions = actions.DistinctBy(action => action.Uid).ToFrozenDictionary(action => action.Uid);
    }

    /// <summary>The entity types by their full names.</summary>
    public IReadOnlyDictionary<string, EntityTypeDefinition> EntityTypes { get; }

    /// <summary>The actions by type and id.</summary>
    public IReadOnlyDictionary<ActionUid, ActionDefinition> Actions { get; }

    /// <summary>Reads the human syntax (<c>.cedarschema</c>).</summary>
    public static SchemaReading Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SchemaSource(text);
        return SchemaBuilder.Build(SchemaTextParser.Parse(source), source);
    }

    /// <summary>Reads the JSON form.</summary>
    public static SchemaReading ParseJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var source = new SchemaSource(json);
        return SchemaBuilder.Build(SchemaJsonReader.Parse(source), source);
    }
}
