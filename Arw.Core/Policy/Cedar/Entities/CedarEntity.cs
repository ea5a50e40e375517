using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Entities;

/// <summary>An entity: its name, attributes, tags and parents. What is above it is worked out when first asked, and kept.</summary>
public sealed class CedarEntity
{
    private const int FewAbove = 4;

    private EntityUid[]? _above;
    private readonly CedarEntities? _owner;

    // Of many; null where a walk through the few is quicker. Set before the list is.
    private HashSet<EntityUid>? _lookup;

    /// <summary>An entity.</summary>
    /// <param name="uid">Its name.</param>
    /// <param name="attributes">Its attributes; null for none.</param>
    /// <param name="parents">The entities that it is directly in; null for none.</param>
    /// <param name="tags">Its tags; null for none.</param>
    public CedarEntity(EntityUid uid, CedarRecord? attributes = null, IEnumerable<EntityUid>? parents = null, CedarRecord? tags = null)
        : this(uid, attributes ?? CedarRecord.Empty, NodeList.From(parents?.Distinct() ?? []), tags ?? CedarRecord.Empty, null)
    {
    }

    private CedarEntity(EntityUid uid, CedarRecord attributes, NodeList<EntityUid> parents, CedarRecord tags, CedarEntities? owner) =>
        (Uid, Attributes, Parents, Tags, _owner) = (uid, attributes, parents, tags, owner);

    /// <summary>Its name.</summary>
    public EntityUid Uid { get; }

    /// <summary>Its attributes.</summary>
    public CedarRecord Attributes { get; }

    /// <summary>Its tags.</summary>
    public CedarRecord Tags { get; }

    /// <summary>The entities that it is directly in.</summary>
    public NodeList<EntityUid> Parents { get; }

    /// <summary>Everything above it, itself not included; only its parents for an entity that is in no <see cref="CedarEntities"/>.</summary>
    public ReadOnlySpan<EntityUid> Ancestors => Above;

    private EntityUid[] Above => Volatile.Read(ref _above) ?? Climb();

    /// <summary>True when it is the given entity, or below it.</summary>
    public bool IsIn(EntityUid uid) => Uid.Equals(uid) || IsBelow(uid);

    /// <summary>True when another has the same name, attributes, tags and parents.</summary>
    public bool SaysTheSame(CedarEntity other) =>
        Uid == other.Uid && Attributes.Equals(other.Attributes) && Tags.Equals(other.Tags) && Parents.Count == other.Parents.Count && Parents.All(other.Parents.Contains);

    // Shared names are what policies compare with, by reference.
    internal CedarEntity In(CedarEntities owner) => new(SharedNames.Uid(Uid), Attributes, NodeList.From(Parents.Select(SharedNames.Uid)), Tags, owner);

    /// <summary>The same, with all that a decision reads of it made anew in one go: it then lies together in memory, which is most of what a decision among many entities costs.</summary>
    internal CedarEntity Together()
    {
        var above = ClimbAFew();
        var together = new CedarEntity(Uid, Attributes.Copy(), Parents, Tags, _owner);
        together._above = above?.ToArray();
        return together;
    }

    private bool IsBelow(EntityUid uid)
    {
        var above = Above;
        if (above.Length > FewAbove)
        {
            return _lookup!.Contains(uid);
        }

        foreach (var ancestor in above)
        {
            if (ancestor.Equals(uid))
            {
                return true;
            }
        }

        return false;
    }

    // Null where there are many above: those are worked out when somebody asks, for a long chain they add up.
    private List<EntityUid>? ClimbAFew()
    {
        var few = new List<EntityUid>(FewAbove);
        for (var i = -1; i < few.Count; i++)
        {
            foreach (var parent in i < 0 ? Parents : _owner?.Find(few[i])?.Parents ?? [])
            {
                if (!few.Contains(parent))
                {
                    few.Add(parent);
                }

                if (few.Count > FewAbove)
                {
                    return null;
                }
            }
        }

        return few;
    }

    private EntityUid[] Climb()
    {
        var seen = new HashSet<EntityUid>(Parents);
        var waiting = new Stack<EntityUid>(Parents);
        while (_owner is not null && waiting.TryPop(out var uid))
        {
            foreach (var parent in _owner.Find(uid)?.Parents ?? [])
            {
                if (seen.Add(parent))
                {
                    waiting.Push(parent);
                }
            }
        }

        _lookup = seen.Count > FewAbove ? seen : null;
        EntityUid[] above = [.. seen];
        Volatile.Write(ref _above, above);
        return above;
    }
}
