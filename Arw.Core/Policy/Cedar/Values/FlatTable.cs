using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>
/// Values by key in a flat array, cut into chunks: a look costs about one cache line, the key of a hit is mostly the very object that was asked for,
/// and a copy shares all chunks that stay as they are. It grows and never shrinks; who holds one decides whether it may still change.
/// </summary>
internal sealed class FlatTable<TKey, TValue>
    where TKey : class, IEquatable<TKey>
    where TValue : class
{
    private const int SmallestSize = 8;
    private const int ChunkBits = 9;
    private const int ChunkSize = 1 << ChunkBits;

    // All of one size: of ChunkSize, or the only one smaller.
    private Entry[][] _chunks;
    private int _mask;
    private int _used;

    // The chunks that another table has too; null when there are none.
    private bool[]? _isShared;

    public FlatTable(int capacity = 0) => (_chunks, _mask) = Empty(Size(capacity));

    private FlatTable(FlatTable<TKey, TValue> other)
    {
        (_chunks, _mask, _used, Count) = ((Entry[][])other._chunks.Clone(), other._mask, other._used, other.Count);
        _isShared = new bool[_chunks.Length];
        _isShared.AsSpan().Fill(true);
    }

    /// <summary>Number of keys that have a value.</summary>
    public int Count { get; private set; }

    /// <summary>The values, in no particular order.</summary>
    public IEnumerable<TValue> Values => _chunks.SelectMany(c => c).Select(e => e.Value).OfType<TValue>();

    /// <summary>The value of a key; null when it has none.</summary>
    public TValue? Find(TKey key)
    {
        var (mask, hash) = (_mask, key.GetHashCode());
        for (var at = hash & mask; ; at = (at + 1) & mask)
        {
            ref readonly var entry = ref At(at);
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

    /// <summary>A copy with room for more keys, while this one does not change.</summary>
    public FlatTable<TKey, TValue> Copy(int more)
    {
        if (Size(_used + more) <= _mask + 1)
        {
            return new(this);
        }

        // Keys without a value go when the table grows.
        var copy = new FlatTable<TKey, TValue>(Count + more);
        copy.PutAll(_chunks);
        return copy;
    }

    /// <summary>Gives a key its value; null takes it away.</summary>
    public void Put(TKey key, TValue? value)
    {
        if (Size(_used + 1) > _mask + 1)
        {
            var old = _chunks;
            (_chunks, _mask) = Empty(Size(2 * Count));
            (_isShared, _used, Count) = (null, 0, 0);
            PutAll(old);
        }

        var hash = key.GetHashCode();
        var at = hash & _mask;
        while (At(at) is { Key: { } other } there && !(there.Hash == hash && other.Equals(key)))
        {
            at = (at + 1) & _mask;
        }

        Own(at >> ChunkBits);
        ref var entry = ref At(at);
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

    private void PutAll(Entry[][] chunks)
    {
        foreach (var chunk in chunks)
        {
            foreach (ref readonly var entry in chunk.AsSpan())
            {
                if (entry.Value is not null)
                {
                    Put(entry.Key!, entry.Value);
                }
            }
        }
    }

    private void Own(int chunk)
    {
        if (_isShared is not null && _isShared[chunk])
        {
            (_chunks[chunk], _isShared[chunk]) = ((Entry[])_chunks[chunk].Clone(), false);
        }
    }

    // Without a look at the chunk's length, which is a cache line of its own: a place is below the table's size, and the chunks add up to that.
    private ref Entry At(int place) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_chunks[place >> ChunkBits]), place & (ChunkSize - 1));

    private static (Entry[][] Chunks, int Mask) Empty(int size)
    {
        var chunks = new Entry[Math.Max(1, size >> ChunkBits)][];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = new Entry[Math.Min(size, ChunkSize)];
        }

        return (chunks, size - 1);
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
