using System.Collections.Immutable;
using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>What a condition has shown to be there: an attribute, or a tag, of the value of an expression.</summary>
/// <param name="Target">The expression whose value has it.</param>
/// <param name="Attribute">The name of the attribute; null for a tag.</param>
/// <param name="Tag">The expression of the tag's name; null for an attribute.</param>
internal sealed record Capability(Expr Target, string? Attribute, Expr? Tag);

/// <summary>What is known to be there at one place of an expression.</summary>
internal readonly struct CapabilitySet
{
    private readonly ImmutableHashSet<Capability>? _items;

    private CapabilitySet(ImmutableHashSet<Capability> items) => _items = items;

    private ImmutableHashSet<Capability> Items => _items ?? [];

    public static CapabilitySet Of(Capability capability) => new([capability]);

    public bool Contains(Capability capability) => _items is not null && _items.Contains(capability);

    public CapabilitySet Union(CapabilitySet other) =>
        _items is null ? other
        : other._items is null ? this
        : Items.Count < other.Items.Count ? new CapabilitySet(other.Items.Union(Items)) : new CapabilitySet(Items.Union(other.Items));

    public CapabilitySet Intersect(CapabilitySet other) =>
        _items is null || other._items is null ? default : new CapabilitySet(Items.Intersect(other.Items));
}
