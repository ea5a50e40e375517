namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>One entity type of a schema.</summary>
public sealed class EntityTypeDefinition
{
    private readonly Hierarchy<string> _hierarchy;
    private readonly HashSet<string>? _choices;

    internal EntityTypeDefinition(string name, Hierarchy<string> hierarchy) => (Name, _hierarchy) = (name, hierarchy);

    /// <summary>Its full name.</summary>
    public string Name { get; }

    /// <summary>The types whose entities may be direct parents of its entities.</summary>
    public required IReadOnlyList<string> Parents { get; init; }

    /// <summary>The types whose entities may be anywhere above its entities; the type itself only when it may be above itself.</summary>
    public IReadOnlySet<string> Ancestors => _hierarchy.Ancestors(Name);

    /// <summary>The types whose entities may be anywhere below its entities.</summary>
    public IReadOnlySet<string> Descendants => _hierarchy.Descendants(Name);

    /// <summary>The attributes of its entities.</summary>
    public required RecordType Attributes { get; init; }

    /// <summary>The type of the values of its tags; null when its entities have no tags.</summary>
    public CedarType? Tags { get; init; }

    /// <summary>The ids that exist; null when any id may exist.</summary>
    public IReadOnlyList<string>? Choices
    {
        get;
        init
        {
            field = value;
            _choices = value?.ToHashSet();
        }
    }

    /// <summary>True when an entity of this type may have the id.</summary>
    public bool Allows(string id) => _choices is null || _choices.Contains(id);
}
