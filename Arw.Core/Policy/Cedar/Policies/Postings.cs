using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// Policies by a key of their scope. Immutable: an edit copies the table (some microseconds at ten thousand keys) and the touched lists, and
/// readers of the old one see nothing of it.
/// </summary>
internal sealed class Postings<TKey>
    where TKey : class, IEquatable<TKey>
{
    private readonly FlatTable<TKey, FiledPolicy[]> _lists;

    private Postings(FlatTable<TKey, FiledPolicy[]> lists) => _lists = lists;

    /// <summary>No policies.</summary>
    public static Postings<TKey> Empty { get; } = new(new FlatTable<TKey, FiledPolicy[]>());

    /// <summary>Number of keys that have policies.</summary>
    public int Keys => _lists.Count;

    /// <summary>The policies of a key; null when it has none.</summary>
    public FiledPolicy[]? Find(TKey key) => _lists.Find(key);

    /// <summary>These postings with some lists replaced; an empty list removes its key.</summary>
    public Postings<TKey> With(List<(TKey Key, FiledPolicy[] Policies)> replaced)
    {
        if (replaced.Count == 0)
        {
            return this;
        }

        var lists = _lists.Copy(replaced.Count);
        foreach (var (key, policies) in replaced)
        {
            lists.Put(key, policies.Length == 0 ? null : policies);
        }

        return new(lists);
    }
}
