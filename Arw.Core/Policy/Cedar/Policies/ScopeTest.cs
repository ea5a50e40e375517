using System.Runtime.CompilerServices;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>A constraint of a scope, ready to be tested, and small: a decision reads three for each policy that it considers. A scope is either met or not: it cannot fail.</summary>
internal readonly struct ScopeTest
{
    /// <summary>The entity of ==, or the only one of "in".</summary>
    public readonly EntityUid? Uid;

    /// <summary>The type of "is", or the entities of "in" where there is not exactly one.</summary>
    public readonly object? TypeOrMany;

    /// <summary>How it is tested.</summary>
    public readonly Mode Kind;

    public ScopeTest(ScopeConstraint constraint)
    {
        switch (constraint)
        {
            case ScopeEquals c:
                (Uid, Kind) = (Linked(c.Entity), Mode.Equal);
                break;
            case ScopeIn c:
                (Uid, Kind) = (Linked(c.Entity), Mode.In);
                break;
            case ScopeInAny c:
                var many = c.Entities.Select(Linked).Distinct().ToArray();
                (Uid, TypeOrMany, Kind) = many.Length == 1 ? (many[0], (object?)null, Mode.In) : (null, many, Mode.InAny);
                break;
            case ScopeIs c:
                Uid = c.In is { } entity ? Linked(entity) : null;
                (TypeOrMany, Kind) = (SharedNames.Name(c.EntityType), Uid is null ? Mode.Is : Mode.IsIn);
                break;
        }
    }

    private ScopeTest(object? typeOrMany, Mode mode) => (TypeOrMany, Kind) = (typeOrMany, mode);

    /// <summary>How it is tested.</summary>
    internal enum Mode : byte
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
    public EntityUid? Equal => Kind == Mode.Equal ? Uid : null;

    /// <summary>The type that is needed; null for any.</summary>
    public string? Type => TypeOrMany as string;

    /// <summary>The entities of which one must be above or equal; empty where that is not asked, or never met (<see cref="IsImpossible"/>).</summary>
    public EntityUid[] In => Kind switch
    {
        Mode.InAny => (EntityUid[])TypeOrMany!,
        Mode.In or Mode.IsIn => [Uid!],
        _ => [],
    };

    /// <summary>True when nothing can meet it: an empty list of actions.</summary>
    public bool IsImpossible => Kind == Mode.InAny && TypeOrMany is EntityUid[] { Length: 0 };

    /// <summary>
    /// What is left to test where the request was found to be, or be below, the entity of <see cref="Equal"/>, or one of <see cref="In"/>. Under
    /// several entities a policy counts where the first is met: nothing before it may be.
    /// </summary>
    /// <param name="under">Which of <see cref="In"/>, from 0.</param>
    public ScopeTest Under(int under) => Kind switch
    {
        Mode.In => default,
        Mode.IsIn => new ScopeTest(TypeOrMany, Mode.Is),
        Mode.InAny => under == 0 ? default : new ScopeTest(In[..under], Mode.InNone),
        _ => this,
    };

    /// <summary>True when an entity of a request meets it.</summary>
    public bool Meets(ref readonly EvaluationFrame frame, RequestVariable variable) => Meets(Kind, Uid, TypeOrMany, in frame, (int)variable);

    /// <summary>True when an entity of a request meets a constraint, given in its parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Meets(Mode mode, EntityUid? uid, object? typeOrMany, ref readonly EvaluationFrame frame, int variable) =>
        mode == Mode.Any
        || (mode <= Mode.In
            ? uid!.Equals(frame.Uid(variable)) || (mode == Mode.In && frame.Entity(variable) is { } entity && entity.IsIn(uid))
            : MeetsOther(mode, uid, typeOrMany, frame.Uid(variable), frame.Entity(variable)));

    private static bool MeetsOther(Mode mode, EntityUid? uid, object? typeOrMany, EntityUid asked, CedarEntity? entity)
    {
        if (mode > Mode.IsIn)
        {
            return MeetsOne((EntityUid[])typeOrMany!, asked, entity) == (mode == Mode.InAny);
        }

        return (ReferenceEquals(asked.Type, typeOrMany) || asked.Type == (string)typeOrMany!)
            && (mode == Mode.Is || uid!.Equals(asked) || (entity is not null && entity.IsIn(uid)));
    }

    private static bool MeetsOne(EntityUid[] many, EntityUid asked, CedarEntity? entity)
    {
        foreach (var above in many)
        {
            if (above.Equals(asked) || (entity is not null && entity.IsIn(above)))
            {
                return true;
            }
        }

        return false;
    }

    private static EntityUid Linked(EntityReference reference) =>
        reference.Entity is { } uid ? SharedNames.Uid(uid.Type, uid.Id) : throw new ArgumentException("A template decides nothing before it is linked.", nameof(reference));
}
