namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// Policies by a key of their scope: one flat table, so that a look costs about one cache line. Immutable: an edit copies the table
/// (some microseconds at ten thousand keys) and the touched lists, and readers of the old one see nothing of it.
/// </summary>
internal sealed class Postings<TKey>
    where TKey : class
{
    private const int SmallestTable = 8;

    private readonly Entry[] _table;
    private readonly int _used;

    private Postings(Entry[] table, int used, int keys) => (_table, _used, Keys) = (table, used, keys);

    /// <summary>No policies.</summary>
    public static Postings<TKey> Empty { get; } = new(new Entry[SmallestTable], 0, 0);

    /// <summary>Number of keys that have policies.</summary>
    public int Keys { get; }

    /// <summary>The policies of a key; null when it has none.</summary>
    public CompiledPolicy[]? Find(TKey key)
    {
        var (table, hash) = (_table, key.GetHashCode());
        for (var at = hash & (table.Length - 1); ; at = (at + 1) & (table.Length - 1))
        {
            ref readonly var entry = ref table[at];
            if (entry.Key is null)
            {
                return null;
            }

            if (entry.Hash == hash && (ReferenceEquals(entry.Key, key) || entry.Key.Equals(key)))
            {
                return entry.Policies;
            }
        }
    }

    /// <summary>These postings with some lists replaced; an empty list removes its key.</summary>
    public Postings<TKey> With(Dictionary<TKey, List<CompiledPolicy>> replaced)
    {
        if (replaced.Count == 0)
        {
            return this;
        }

        // At most half full, keys without policies included, so that a look ends soon; those go when the table grows.
        var size = _table.Length;
        var grows = 2 * (_used + replaced.Count) > size;
        while (grows && 2 * (Keys + replaced.Count) > size / 2)
        {
            size *= 2;
        }

        var (table, used, keys) = (grows ? new Entry[size] : (Entry[])_table.Clone(), grows ? 0 : _used, grows ? 0 : Keys);
        if (grows)
        {
            foreach (var entry in _table)
            {
                if (entry.Policies is not null)
                {
                    Put(table, entry.Key!, entry.Policies, ref used, ref keys);
                }
            }
        }

        foreach (var (key, policies) in replaced)
        {
            Put(table, key, policies.Count == 0 ? null : [.. policies], ref used, ref keys);
        }

        return new(table, used, keys);
    }

    private static void Put(Entry[] table, TKey key, CompiledPolicy[]? policies, ref int used, ref int keys)
    {
        var hash = key.GetHashCode();
        var at = hash & (table.Length - 1);
        while (table[at].Key is { } other && !(table[at].Hash == hash && other.Equals(key)))
        {
            at = (at + 1) & (table.Length - 1);
        }

        ref var entry = ref table[at];
        if (entry.Key is null)
        {
            if (policies is null)
            {
                return;
            }

            used++;
        }

        keys += (policies is null ? 0 : 1) - (entry.Policies is null ? 0 : 1);
        entry = new Entry(hash, entry.Key ?? key, policies);
    }

    private readonly record struct Entry(int Hash, TKey? Key, CompiledPolicy[]? Policies);
}
