using System.Diagnostics;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>A constraint of a scope, ready to be tested. A scope is either met or not: it cannot fail.</summary>
internal readonly struct ScopeTest
{
    private readonly EntityUid[] _in;
    private readonly bool _unconstrained;

    public ScopeTest(ScopeConstraint constraint)
    {
        _in = [];
        switch (constraint)
        {
            case ScopeAny:
                _unconstrained = true;
                break;
            case ScopeEquals c:
                Equal = Linked(c.Entity);
                break;
            case ScopeIn c:
                _in = [Linked(c.Entity)];
                break;
            case ScopeInAny c:
                _in = [.. c.Entities.Select(Linked).Distinct()];
                break;
            case ScopeIs c:
                Type = c.EntityType;
                _in = c.In is { } entity ? [Linked(entity)] : [];
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The only entity that meets it; null for none.</summary>
    public EntityUid? Equal { get; }

    /// <summary>The type that is needed; null for any.</summary>
    public string? Type { get; }

    /// <summary>The entities of which one must be above or equal; empty where that is not asked (or, for a list of actions without any, never met).</summary>
    public ReadOnlySpan<EntityUid> In => _in;

    /// <summary>True when everything meets it.</summary>
    public bool IsUnconstrained => _unconstrained;

    /// <summary>True when nothing can meet it: an empty list of actions.</summary>
    public bool IsImpossible => !_unconstrained && Equal is null && Type is null && _in.Length == 0;

    /// <summary>True when an entity meets it.</summary>
    /// <param name="uid">Its name.</param>
    /// <param name="entity">What is known of it; null for nothing.</param>
    public bool Meets(EntityUid uid, CedarEntity? entity)
    {
        if (_unconstrained)
        {
            return true;
        }

        if (Equal is { } equal)
        {
            return equal.Equals(uid);
        }

        if (Type is { } type && uid.Type != type)
        {
            return false;
        }

        return _in.Length == 0 ? Type is not null : FirstMet(uid, entity) is not null;
    }

    /// <summary>The first of <see cref="In"/> that is above or equal to an entity; null for none.</summary>
    public EntityUid? FirstMet(EntityUid uid, CedarEntity? entity)
    {
        foreach (var above in _in)
        {
            if (above.Equals(uid) || (entity is not null && entity.IsIn(above)))
            {
                return above;
            }
        }

        return null;
    }

    private static EntityUid Linked(EntityReference reference) =>
        reference.Entity ?? throw new ArgumentException("A template decides nothing before it is linked.", nameof(reference));
}
