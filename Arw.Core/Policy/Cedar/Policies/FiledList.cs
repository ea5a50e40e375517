namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>A list of the index while it is edited: copied once when it first changes, to the very length that one addition needs.</summary>
internal sealed class FiledList(FiledPolicy[] before)
{
    private FiledPolicy[] _policies = before;

    /// <summary>Number of policies.</summary>
    public int Count { get; private set; } = before.Length;

    /// <summary>True when something was added or removed.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Adds a policy.</summary>
    public void Add(in FiledPolicy policy)
    {
        if (!IsChanged || Count == _policies.Length)
        {
            Copy(IsChanged ? 2 * (Count + 1) : Count + 1);
        }

        _policies[Count++] = policy;
    }

    /// <summary>Removes a policy; false when it is not here.</summary>
    public bool Remove(CompiledPolicy policy)
    {
        var at = Count - 1;
        while (at >= 0 && !ReferenceEquals(_policies[at].Policy, policy))
        {
            at--;
        }

        if (at < 0)
        {
            return false;
        }

        if (!IsChanged)
        {
            Copy(Count);
        }

        _policies[at] = _policies[--Count];
        _policies[Count] = default;
        return true;
    }

    /// <summary>The policies after the edit, which must not go on.</summary>
    public FiledPolicy[] Finish() => Count == _policies.Length ? _policies : _policies[..Count];

    private void Copy(int length)
    {
        var copy = new FiledPolicy[length];
        _policies.AsSpan(0, Count).CopyTo(copy);
        (_policies, IsChanged) = (copy, true);
    }
}
