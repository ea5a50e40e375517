using System.Collections.Concurrent;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>
/// Who is above whom. What is above or below a member is worked out when first asked: all answers together may be as large as the square of
/// the schema, and most are never needed.
/// </summary>
internal sealed class Hierarchy<T>
    where T : notnull
{
    private readonly IReadOnlyDictionary<T, IReadOnlyList<T>> _parents;
    private readonly Dictionary<T, IReadOnlyList<T>> _children = [];
    private readonly ConcurrentDictionary<T, IReadOnlySet<T>> _ancestors = [];
    private readonly ConcurrentDictionary<T, IReadOnlySet<T>> _descendants = [];

    public Hierarchy(IReadOnlyDictionary<T, IReadOnlyList<T>> parents)
    {
        _parents = parents;
        foreach (var (member, above) in parents)
        {
            foreach (var parent in above)
            {
                ((List<T>)(_children.TryGetValue(parent, out var below) ? below : _children[parent] = new List<T>())).Add(member);
            }
        }
    }

    /// <summary>Everything above a member, itself only when it is above itself.</summary>
    public IReadOnlySet<T> Ancestors(T member) => _ancestors.GetOrAdd(member, start => Reach(start, _parents));

    /// <summary>Everything below a member.</summary>
    public IReadOnlySet<T> Descendants(T member) => _descendants.GetOrAdd(member, start => Reach(start, _children));

    /// <summary>The members that are above themselves.</summary>
    public List<T> OnCycles()
    {
        // Whoever has no parent left is on no cycle; neither is whoever then has none left.
        var waiting = _parents.ToDictionary(member => member.Key, member => member.Value.Count(_parents.ContainsKey));
        Stack<T> free = new(waiting.Where(member => member.Value == 0).Select(member => member.Key));
        while (free.TryPop(out var member))
        {
            waiting.Remove(member);
            foreach (var child in _children.GetValueOrDefault(member) ?? [])
            {
                if (--waiting[child] == 0)
                {
                    free.Push(child);
                }
            }
        }

        return [.. waiting.Keys];
    }

    private static HashSet<T> Reach(T start, IReadOnlyDictionary<T, IReadOnlyList<T>> steps)
    {
        HashSet<T> reached = [];
        Stack<T> open = new([start]);
        while (open.TryPop(out var member))
        {
            foreach (var next in steps.GetValueOrDefault(member) ?? [])
            {
                if (reached.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return reached;
    }
}
