using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>A constraint of a scope, ready to be tested, and small: a decision reads three for each policy that it considers. A scope is either met or not: it cannot fail.</summary>
internal readonly struct ScopeTest
{
    // The entity of ==, or the only one of "in".
    private readonly EntityUid? _uid;

    // The type of "is", or the entities of "in" where there is not exactly one.
    private readonly object? _typeOrMany;
    private readonly bool _equal;
    private readonly bool _constrained;

    public ScopeTest(ScopeConstraint constraint)
    {
        _constrained = constraint is not ScopeAny;
        switch (constraint)
        {
            case ScopeEquals c:
                (_uid, _equal) = (Linked(c.Entity), true);
                break;
            case ScopeIn c:
                _uid = Linked(c.Entity);
                break;
            case ScopeInAny c:
                var many = c.Entities.Select(Linked).Distinct().ToArray();
                _uid = many.Length == 1 ? many[0] : null;
                _typeOrMany = many.Length == 1 ? null : many;
                break;
            case ScopeIs c:
                _uid = c.In is { } entity ? Linked(entity) : null;
                _typeOrMany = SharedNames.Text(c.EntityType);
                break;
        }
    }

    /// <summary>The only entity that meets it; null for none.</summary>
    public EntityUid? Equal => _equal ? _uid : null;

    /// <summary>The type that is needed; null for any.</summary>
    public string? Type => _typeOrMany as string;

    /// <summary>The entities of which one must be above or equal; empty where that is not asked, or never met (<see cref="IsImpossible"/>).</summary>
    public EntityUid[] In => _typeOrMany as EntityUid[] ?? (_uid is { } uid && !_equal ? [uid] : []);

    /// <summary>True when several entities are listed of which one must be above or equal.</summary>
    public bool HasMany => _typeOrMany is EntityUid[];

    /// <summary>True when nothing can meet it: an empty list of actions.</summary>
    public bool IsImpossible => _typeOrMany is EntityUid[] { Length: 0 };

    /// <summary>True when an entity meets it.</summary>
    /// <param name="uid">Its name.</param>
    /// <param name="entity">What is known of it; null for nothing.</param>
    public bool Meets(EntityUid uid, CedarEntity? entity)
    {
        if (!_constrained)
        {
            return true;
        }

        if (_typeOrMany is not null)
        {
            if (_typeOrMany is not string type)
            {
                return FirstMet(uid, entity) is not null;
            }

            if (!ReferenceEquals(uid.Type, type) && uid.Type != type)
            {
                return false;
            }

            if (_uid is null)
            {
                return true;
            }
        }

        return _uid!.Equals(uid) || (!_equal && entity is not null && entity.IsIn(_uid));
    }

    /// <summary>The first of several listed entities that is above or equal to an entity; null for none.</summary>
    public EntityUid? FirstMet(EntityUid uid, CedarEntity? entity)
    {
        foreach (var above in In)
        {
            if (above.Equals(uid) || (entity is not null && entity.IsIn(above)))
            {
                return above;
            }
        }

        return null;
    }

    private static EntityUid Linked(EntityReference reference) =>
        reference.Entity is { } uid ? SharedNames.Uid(uid.Type, uid.Id) : throw new ArgumentException("A template decides nothing before it is linked.", nameof(reference));
}
