namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// Policies by a key of their scope. Immutable: an edit copies the touched lists and the shards that hold them, so that
/// a set of 10,000 policies is changed by copying some hundred entries, and readers of the old one see nothing of it.
/// </summary>
internal sealed class Postings<TKey>
    where TKey : class
{
    private const int Shards = 128;

    private readonly Dictionary<TKey, CompiledPolicy[]>?[] _shards;

    private Postings(Dictionary<TKey, CompiledPolicy[]>?[] shards, int keys) => (_shards, Keys) = (shards, keys);

    /// <summary>No policies.</summary>
    public static Postings<TKey> Empty { get; } = new(new Dictionary<TKey, CompiledPolicy[]>?[Shards], 0);

    /// <summary>Number of keys.</summary>
    public int Keys { get; }

    /// <summary>The policies of a key.</summary>
    public CompiledPolicy[]? Find(TKey key) => _shards[Shard(key)] is { } shard && shard.TryGetValue(key, out var policies) ? policies : null;

    /// <summary>These postings with some lists replaced; an empty list removes its key.</summary>
    public Postings<TKey> With(Dictionary<TKey, List<CompiledPolicy>> replaced)
    {
        if (replaced.Count == 0)
        {
            return this;
        }

        var shards = (Dictionary<TKey, CompiledPolicy[]>?[])_shards.Clone();
        var keys = Keys;
        foreach (var (key, policies) in replaced)
        {
            ref var shard = ref shards[Shard(key)];
            if (ReferenceEquals(shard, _shards[Shard(key)]))
            {
                shard = shard is null ? [] : new(shard);
            }

            keys -= shard!.Count;
            if (policies.Count == 0)
            {
                shard.Remove(key);
            }
            else
            {
                shard[key] = [.. policies];
            }

            keys += shard.Count;
        }

        return new(shards, keys);
    }

    private static int Shard(TKey key) => key.GetHashCode() & (Shards - 1);
}
