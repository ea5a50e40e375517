namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>One entity type of a schema.</summary>
/// <param name="name">Its full name.</param>
public sealed class EntityTypeDefinition(string name)
{
    private readonly HashSet<string>? _choices;

    /// <summary>Its full name.</summary>
    public string Name { get; } = name;

    /// <summary>The types whose entities may be direct parents of its entities.</summary>
    public required IReadOnlyList<string> Parents { get; init; }

    /// <summary>The types whose entities may be anywhere above its entities; the type itself only when it may be above itself.</summary>
    public required IReadOnlySet<string> Ancestors { get; init; }

    /// <summary>The types whose entities may be anywhere below its entities.</summary>
    public required IReadOnlySet<string> Descendants { get; init; }

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
