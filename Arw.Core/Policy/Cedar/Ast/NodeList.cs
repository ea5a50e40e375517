using System.Collections;
using System.Runtime.CompilerServices;

namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>An immutable list that compares by its items, so that records which hold one compare by content.</summary>
[CollectionBuilder(typeof(NodeList), nameof(NodeList.Of))]
public sealed class NodeList<T> : IReadOnlyList<T>, IEquatable<NodeList<T>>
{
    private readonly T[] _items;

    internal NodeList(T[] items) => _items = items;

    internal static NodeList<T> Empty { get; } = new([]);

    /// <summary>Number of items.</summary>
    public int Count => _items.Length;

    /// <summary>The item at a place, from 0.</summary>
    public T this[int index] => _items[index];

    /// <summary>The items without copying.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <inheritdoc/>
    public bool Equals(NodeList<T>? other) => other is not null && (ReferenceEquals(this, other) || _items.AsSpan().SequenceEqual(other._items));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodeList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}

/// <summary>Makes <see cref="NodeList{T}"/>s.</summary>
public static class NodeList
{
    /// <summary>A list of the given items.</summary>
    public static NodeList<T> Of<T>(params ReadOnlySpan<T> items) => items.IsEmpty ? NodeList<T>.Empty : new(items.ToArray());

    /// <summary>A list of the given items.</summary>
    public static NodeList<T> From<T>(IEnumerable<T> items) => Of<T>([.. items]);
}
