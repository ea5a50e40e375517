using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>Named values, immutable, in the order of their names; also the attributes and the tags of an entity.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Record is the language's word.")]
public sealed class CedarRecord : IReadOnlyCollection<KeyValuePair<string, CedarValue>>, IEquatable<CedarRecord>
{
    private const int SmallSize = 8;

    private readonly string[] _names;
    private readonly CedarValue[] _values;
    private readonly Dictionary<string, int>? _lookup;

    /// <summary>A record of the given fields.</summary>
    /// <exception cref="ArgumentException">A name is there twice.</exception>
    public CedarRecord(IEnumerable<KeyValuePair<string, CedarValue>> fields)
    {
        var sorted = fields.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        _names = new string[sorted.Length];
        _values = new CedarValue[sorted.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            (_names[i], _values[i]) = (SharedNames.Name(sorted[i].Key), sorted[i].Value);
            if (i > 0 && _names[i] == _names[i - 1])
            {
                throw new ArgumentException($"The field \"{_names[i]}\" is there twice.", nameof(fields));
            }
        }

        _names = SharedNames.Shape(_names);
        if (sorted.Length > SmallSize)
        {
            _lookup = new Dictionary<string, int>(sorted.Length);
            for (var i = 0; i < sorted.Length; i++)
            {
                _lookup.Add(_names[i], i);
            }
        }
    }

    private CedarRecord(CedarRecord other) => (_names, _lookup, _values) = (other._names, other._lookup, [.. other._values]);

    /// <summary>The record without fields.</summary>
    public static CedarRecord Empty { get; } = new([]);

    /// <summary>Number of fields.</summary>
    public int Count => _names.Length;

    /// <summary>Names of the fields, in ordinal order.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>Values of the fields, in the order of <see cref="Names"/>.</summary>
    public ReadOnlySpan<CedarValue> Values => _values;

    /// <summary>True when there is a field of the name.</summary>
    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>The value of a field; false when there is none of the name.</summary>
    public bool TryGet(string name, out CedarValue value)
    {
        var index = IndexOf(name);
        value = index >= 0 ? _values[index] : default;
        return index >= 0;
    }

    /// <summary>The value of a field, without a copy; a null reference when there is none of the name.</summary>
    internal ref readonly CedarValue Find(string name)
    {
        var index = IndexOf(name);
        return ref index >= 0 ? ref _values[index] : ref Unsafe.NullRef<CedarValue>();
    }

    /// <summary>An equal record with values of its own.</summary>
    internal CedarRecord Copy() => Count == 0 ? this : new(this);

    /// <inheritdoc/>
    public bool Equals(CedarRecord? other) =>
        other is not null && _names.AsSpan().SequenceEqual(other._names) && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CedarRecord);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < _names.Length; i++)
        {
            hash.Add(_names[i]);
            hash.Add(_values[i]);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, CedarValue>> GetEnumerator()
    {
        for (var i = 0; i < _names.Length; i++)
        {
            yield return new(_names[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IndexOf(string name)
    {
        var names = _names;
        if (names.Length <= SmallSize)
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (ReferenceEquals(names[i], name))
                {
                    return i;
                }
            }
        }

        return IndexOfEqual(name);
    }

    private int IndexOfEqual(string name)
    {
        if (_lookup is not null)
        {
            return _lookup.TryGetValue(name, out var index) ? index : -1;
        }

        // Names are shared, but not all of them.
        for (var i = 0; i < _names.Length; i++)
        {
            if (_names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
