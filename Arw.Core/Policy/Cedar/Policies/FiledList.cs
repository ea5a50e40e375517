namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>A list of the index while it is edited: a chunk is copied when it first changes, to the very length that one addition needs.</summary>
internal sealed class FiledList(FiledPolicies before)
{
    private const int ChunkSize = FiledPolicies.ChunkSize;

    private readonly List<FiledPolicy[]> _chunks = before.ToChunks();
    private readonly HashSet<int> _copied = [];

    /// <summary>Number of policies.</summary>
    public int Count { get; private set; } = before.Count;

    /// <summary>True when something was added or removed.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Adds a policy.</summary>
    public void Add(in FiledPolicy policy)
    {
        var at = Count % ChunkSize;
        Own(Count / ChunkSize, at + 1)[at] = policy;
        Count++;
    }

    /// <summary>Removes a policy; false when it is not here. The last one takes its place.</summary>
    public bool Remove(CompiledPolicy policy)
    {
        for (var chunk = _chunks.Count - 1; chunk >= 0; chunk--)
        {
            var policies = _chunks[chunk];
            for (var at = Used(chunk) - 1; at >= 0; at--)
            {
                if (ReferenceEquals(policies[at].Policy, policy))
                {
                    RemoveAt(chunk, at);
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The policies after the edit, which must not go on.</summary>
    public FiledPolicies Finish()
    {
        if (_chunks.Count > 0 && _chunks[^1].Length > Used(_chunks.Count - 1))
        {
            _chunks[^1] = _chunks[^1][..Used(_chunks.Count - 1)];
        }

        return FiledPolicies.Of(_chunks);
    }

    private int Used(int chunk) => Math.Min(Count - (chunk * ChunkSize), ChunkSize);

    private void RemoveAt(int chunk, int at)
    {
        var last = _chunks.Count - 1;
        var (from, lastAt) = (Own(last, Used(last)), Used(last) - 1);
        Own(chunk, Used(chunk))[at] = from[lastAt];
        from[lastAt] = default;
        Count--;
        if (lastAt == 0)
        {
            _chunks.RemoveAt(last);
            _copied.Remove(last);
        }
    }

    // A chunk that nothing but this edit sees, with room for so many.
    private FiledPolicy[] Own(int chunk, int room)
    {
        if (chunk == _chunks.Count)
        {
            _chunks.Add([]);
        }

        var policies = _chunks[chunk];
        var isCopied = !_copied.Add(chunk);
        if (isCopied && room <= policies.Length)
        {
            return policies;
        }

        IsChanged = true;
        var copy = new FiledPolicy[isCopied ? Math.Min(2 * room, ChunkSize) : room];
        policies.CopyTo(copy, 0);
        return _chunks[chunk] = copy;
    }
}
