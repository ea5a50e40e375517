namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Who is above whom, followed all the way up and down.</summary>
internal sealed class Hierarchy<T>
    where T : notnull
{
    private static readonly IReadOnlySet<T> None = new HashSet<T>();

    private readonly Dictionary<T, HashSet<T>> _ancestors = [];
    private readonly Dictionary<T, HashSet<T>> _descendants = [];

    public Hierarchy(IReadOnlyDictionary<T, IReadOnlyList<T>> parents)
    {
        foreach (var member in parents.Keys)
        {
            HashSet<T> above = [];
            Stack<T> open = new(parents[member]);
            while (open.TryPop(out var ancestor))
            {
                if (above.Add(ancestor) && parents.TryGetValue(ancestor, out var next))
                {
                    foreach (var parent in next)
                    {
                        open.Push(parent);
                    }
                }
            }

            _ancestors[member] = above;
            foreach (var ancestor in above)
            {
                (_descendants.TryGetValue(ancestor, out var below) ? below : _descendants[ancestor] = []).Add(member);
            }
        }
    }

    /// <summary>Everything above a member, itself only when it is above itself.</summary>
    public IReadOnlySet<T> Ancestors(T member) => _ancestors.GetValueOrDefault(member) ?? None;

    /// <summary>Everything below a member.</summary>
    public IReadOnlySet<T> Descendants(T member) => _descendants.GetValueOrDefault(member) ?? None;
}
