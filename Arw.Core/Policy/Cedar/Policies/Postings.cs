using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// Policies by a key of their scope. Immutable: an edit copies the touched lists and the chunks of the table that hold them, and readers of the old
/// one see nothing of it.
/// </summary>
internal sealed class Postings<TKey>
    where TKey : class, IEquatable<TKey>
{
    private readonly FlatTable<TKey, object> _lists;

    private Postings(FlatTable<TKey, object> lists) => _lists = lists;

    /// <summary>No policies.</summary>
    public static Postings<TKey> Empty { get; } = new(new FlatTable<TKey, object>());

    /// <summary>Number of keys that have policies.</summary>
    public int Keys => _lists.Count;

    /// <summary>The policies of a key.</summary>
    public FiledPolicies Find(TKey key) => FiledPolicies.From(_lists.Find(key));

    /// <summary>These postings with some lists replaced; an empty list removes its key.</summary>
    public Postings<TKey> With(List<(TKey Key, FiledPolicies Policies)> replaced)
    {
        if (replaced.Count == 0)
        {
            return this;
        }

        var lists = _lists.Copy(replaced.Count);
        foreach (var (key, policies) in replaced)
        {
            lists.Put(key, policies.ToStored());
        }

        return new(lists);
    }
}
