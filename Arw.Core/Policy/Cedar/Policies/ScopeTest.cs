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
    private readonly Mode _mode;

    public ScopeTest(ScopeConstraint constraint)
    {
        switch (constraint)
        {
            case ScopeEquals c:
                (_uid, _mode) = (Linked(c.Entity), Mode.Equal);
                break;
            case ScopeIn c:
                (_uid, _mode) = (Linked(c.Entity), Mode.In);
                break;
            case ScopeInAny c:
                var many = c.Entities.Select(Linked).Distinct().ToArray();
                (_uid, _typeOrMany, _mode) = many.Length == 1 ? (many[0], (object?)null, Mode.In) : (null, many, Mode.InAny);
                break;
            case ScopeIs c:
                _uid = c.In is { } entity ? Linked(entity) : null;
                (_typeOrMany, _mode) = (SharedNames.Text(c.EntityType), _uid is null ? Mode.Is : Mode.IsIn);
                break;
        }
    }

    private ScopeTest(object? typeOrMany, Mode mode) => (_typeOrMany, _mode) = (typeOrMany, mode);

    private enum Mode : byte
    {
        Any,
        Equal,
        In,
        Is,
        IsIn,
        InAny,
        InNone,
    }

    /// <summary>The only entity that meets it; null for none.</summary>
    public EntityUid? Equal => _mode == Mode.Equal ? _uid : null;

    /// <summary>The type that is needed; null for any.</summary>
    public string? Type => _typeOrMany as string;

    /// <summary>The entities of which one must be above or equal; empty where that is not asked, or never met (<see cref="IsImpossible"/>).</summary>
    public EntityUid[] In => _mode switch
    {
        Mode.InAny => (EntityUid[])_typeOrMany!,
        Mode.In or Mode.IsIn => [_uid!],
        _ => [],
    };

    /// <summary>True when nothing can meet it: an empty list of actions.</summary>
    public bool IsImpossible => _mode == Mode.InAny && _typeOrMany is EntityUid[] { Length: 0 };

    /// <summary>
    /// What is left to test where the request was found to be, or be below, the entity of <see cref="Equal"/>, or one of <see cref="In"/>. Under
    /// several entities a policy counts where the first is met: nothing before it may be.
    /// </summary>
    /// <param name="under">Which of <see cref="In"/>, from 0.</param>
    public ScopeTest Under(int under) => _mode switch
    {
        Mode.In => default,
        Mode.IsIn => new ScopeTest(_typeOrMany, Mode.Is),
        Mode.InAny => under == 0 ? default : new ScopeTest(In[..under], Mode.InNone),
        _ => this,
    };

    /// <summary>True when an entity meets it.</summary>
    /// <param name="uid">Its name.</param>
    /// <param name="entity">What is known of it; null for nothing.</param>
    public bool Meets(EntityUid uid, CedarEntity? entity)
    {
        if (_mode == Mode.Any)
        {
            return true;
        }

        if (_mode <= Mode.In)
        {
            return _uid!.Equals(uid) || (_mode == Mode.In && entity is not null && entity.IsIn(_uid));
        }

        if (_mode > Mode.IsIn)
        {
            return MeetsOne(uid, entity) == (_mode == Mode.InAny);
        }

        return (ReferenceEquals(uid.Type, _typeOrMany) || uid.Type == (string)_typeOrMany!)
            && (_mode == Mode.Is || _uid!.Equals(uid) || (entity is not null && entity.IsIn(_uid)));
    }

    private bool MeetsOne(EntityUid uid, CedarEntity? entity)
    {
        foreach (var above in (EntityUid[])_typeOrMany!)
        {
            if (above.Equals(uid) || (entity is not null && entity.IsIn(above)))
            {
                return true;
            }
        }

        return false;
    }

    private static EntityUid Linked(EntityReference reference) =>
        reference.Entity is { } uid ? SharedNames.Uid(uid.Type, uid.Id) : throw new ArgumentException("A template decides nothing before it is linked.", nameof(reference));
}
