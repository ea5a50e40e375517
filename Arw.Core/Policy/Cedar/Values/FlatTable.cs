namespace Arw.Core.Policy.Cedar.Values;

/// <summary>
/// Values by key in one flat array: a look costs about one cache line, and the key of a hit is mostly the very object that was asked for.
/// It grows and never shrinks; who holds one decides whether it may still change.
/// </summary>
internal sealed class FlatTable<TKey, TValue>
    where TKey : class, IEquatable<TKey>
    where TValue : class
{
    private const int SmallestSize = 8;

    private Entry[] _entries;
    private int _used;

    public FlatTable(int capacity = 0) => _entries = new Entry[Size(capacity)];

    private FlatTable(FlatTable<TKey, TValue> other) => (_entries, _used, Count) = ((Entry[])other._entries.Clone(), other._used, other.Count);

    /// <summary>Number of keys that have a value.</summary>
    public int Count { get; private set; }

    /// <summary>The values, in no particular order.</summary>
    public IEnumerable<TValue> Values => _entries.Select(e => e.Value).OfType<TValue>();

    /// <summary>The value of a key; null when it has none.</summary>
    public TValue? Find(TKey key)
    {
        var (entries, hash) = (_entries, key.GetHashCode());
        for (var at = hash & (entries.Length - 1); ; at = (at + 1) & (entries.Length - 1))
        {
            ref readonly var entry = ref entries[at];
            if (entry.Key is null)
            {
                return null;
            }

            if (entry.Hash == hash && (ReferenceEquals(entry.Key, key) || entry.Key.Equals(key)))
            {
                return entry.Value;
            }
        }
    }

    /// <summary>A copy with room for more keys.</summary>
    public FlatTable<TKey, TValue> Copy(int more)
    {
        if (Size(_used + more) <= _entries.Length)
        {
            return new(this);
        }

        // Keys without a value go when the table grows.
        var copy = new FlatTable<TKey, TValue>(Count + more);
        copy.PutAll(_entries);
        return copy;
    }

    /// <summary>Gives a key its value; null takes it away.</summary>
    public void Put(TKey key, TValue? value)
    {
        if (Size(_used + 1) > _entries.Length)
        {
            var old = _entries;
            (_entries, _used, Count) = (new Entry[Size(2 * Count)], 0, 0);
            PutAll(old);
        }

        var hash = key.GetHashCode();
        var at = hash & (_entries.Length - 1);
        while (_entries[at].Key is { } other && !(_entries[at].Hash == hash && other.Equals(key)))
        {
            at = (at + 1) & (_entries.Length - 1);
        }

        ref var entry = ref _entries[at];
        if (entry.Key is null)
        {
            if (value is null)
            {
                return;
            }

            _used++;
        }

        Count += (value is null ? 0 : 1) - (entry.Value is null ? 0 : 1);
        entry = new Entry(hash, entry.Key ?? key, value);
    }

    private void PutAll(Entry[] entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Value is not null)
            {
                Put(entry.Key!, entry.Value);
            }
        }
    }

    // At most half full, keys without a value included, so that a look ends soon.
    private static int Size(int keys)
    {
        var size = SmallestSize;
        while (size < 2 * keys)
        {
            size *= 2;
        }

        return size;
    }

    private readonly record struct Entry(int Hash, TKey? Key, TValue? Value);
}
