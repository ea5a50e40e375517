using System.Collections;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>A set of values, immutable; equal to any set with the same items, in whatever order they were given.</summary>
public sealed class CedarSet : IReadOnlyCollection<CedarValue>, IEquatable<CedarSet>
{
    private const int SmallSize = 8;

    private readonly CedarValue[] _items;
    private readonly HashSet<CedarValue>? _lookup;

    /// <summary>A set of the given items; repeated ones count once.</summary>
    public CedarSet(params ReadOnlySpan<CedarValue> items)
    {
        if (items.Length > SmallSize)
        {
            _lookup = new HashSet<CedarValue>(items.Length);
            var distinct = new List<CedarValue>(items.Length);
            foreach (var item in items)
            {
                if (_lookup.Add(item))
                {
                    distinct.Add(item);
                }
            }

            _items = [.. distinct];
            return;
        }

        _items = new CedarValue[items.Length];
        var count = 0;
        foreach (var item in items)
        {
            if (_items.AsSpan(0, count).IndexOf(item) < 0)
            {
                _items[count++] = item;
            }
        }

        Array.Resize(ref _items, count);
    }

    /// <summary>Number of different items.</summary>
    public int Count => _items.Length;

    /// <summary>The items, in the order in which they were first given.</summary>
    public ReadOnlySpan<CedarValue> AsSpan() => _items;

    /// <summary>True when the value is among the items.</summary>
    public bool Contains(in CedarValue value)
    {
        if (_lookup is not null)
        {
            return _lookup.Contains(value);
        }

        foreach (ref readonly var item in _items.AsSpan())
        {
            if (item.Is(in value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when all items of another set are in this one.</summary>
    public bool ContainsAll(CedarSet other)
    {
        foreach (ref readonly var item in other._items.AsSpan())
        {
            if (!Contains(item))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when at least one item of another set is in this one.</summary>
    public bool ContainsAny(CedarSet other)
    {
        var (smaller, larger) = other.Count < Count ? (other, this) : (this, other);
        foreach (ref readonly var item in smaller._items.AsSpan())
        {
            if (larger.Contains(item))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(CedarSet? other) => other is not null && Count == other.Count && ContainsAll(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CedarSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Independent of the order, as equality is.
        var hash = _items.Length;
        foreach (ref readonly var item in _items.AsSpan())
        {
            hash ^= item.GetHashCode();
        }

        return hash;
    }

    /// <inheritdoc/>
    public IEnumerator<CedarValue> GetEnumerator() => ((IEnumerable<CedarValue>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
