using System.Runtime.CompilerServices;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>A constraint of a scope, ready to be tested, and small: a decision reads three for each policy that it considers. A scope is either met or not: it cannot fail.</summary>
internal readonly struct ScopeTest
{
    /// <summary>What it is tested against, by <see cref="Kind"/>: an entity, a type, a <see cref="TypeIn"/>, or entities.</summary>
    public readonly object? Against;

    /// <summary>How it is tested.</summary>
    public readonly Mode Kind;

    public ScopeTest(ScopeConstraint constraint)
    {
        switch (constraint)
        {
            case ScopeEquals c:
                (Against, Kind) = (Linked(c.Entity), Mode.Equal);
                break;
            case ScopeIn c:
                (Against, Kind) = (Linked(c.Entity), Mode.In);
                break;
            case ScopeInAny c:
                var many = c.Entities.Select(Linked).Distinct().ToArray();
                (Against, Kind) = many.Length == 1 ? ((object)many[0], Mode.In) : (many, Mode.InAny);
                break;
            case ScopeIs c:
                var type = SharedNames.Name(c.EntityType);
                (Against, Kind) = c.In is { } entity ? (new TypeIn(type, Linked(entity)), Mode.IsIn) : ((object)type, Mode.Is);
                break;
        }
    }

    private ScopeTest(object against, Mode kind) => (Against, Kind) = (against, kind);

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
    public EntityUid? Equal => Kind == Mode.Equal ? (EntityUid)Against! : null;

    /// <summary>The type of "is" without "in"; null where that is not asked.</summary>
    public string? Type => Against as string;

    /// <summary>The entities of which one must be above or equal; empty where that is not asked, or never met (<see cref="IsImpossible"/>).</summary>
    public EntityUid[] In => Kind switch
    {
        Mode.In => [(EntityUid)Against!],
        Mode.IsIn => [((TypeIn)Against!).Above],
        Mode.InAny => (EntityUid[])Against!,
        _ => [],
    };

    /// <summary>True when nothing can meet it: an empty list of actions.</summary>
    public bool IsImpossible => Kind == Mode.InAny && Against is EntityUid[] { Length: 0 };

    /// <summary>
    /// What is left to test where the request was found to be, or be below, the entity of <see cref="Equal"/>, or one of <see cref="In"/>. Under
    /// several entities a policy counts where the first is met: nothing before it may be.
    /// </summary>
    /// <param name="under">Which of <see cref="In"/>, from 0.</param>
    public ScopeTest Under(int under) => Kind switch
    {
        Mode.In => default,
        Mode.IsIn => new ScopeTest(((TypeIn)Against!).Type, Mode.Is),
        Mode.InAny => under == 0 ? default : new ScopeTest(In[..under], Mode.InNone),
        _ => this,
    };

    /// <summary>True when an entity of a request meets it.</summary>
    public bool Meets(ref readonly EvaluationFrame frame, RequestVariable variable) => Meets(Kind, Against, in frame, (int)variable);

    /// <summary>True when an entity of a request meets a constraint, given in its parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Meets(Mode mode, object? against, ref readonly EvaluationFrame frame, int variable) =>
        mode == Mode.Any
        || (mode <= Mode.In
            ? MeetsEntity(Unsafe.As<EntityUid>(against!), mode == Mode.In, frame.Uid(variable), frame.Entity(variable))
            : MeetsOther(mode, against!, frame.Uid(variable), frame.Entity(variable)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MeetsEntity(EntityUid uid, bool orBelow, EntityUid asked, CedarEntity? entity) =>
        uid.Equals(asked) || (orBelow && entity is not null && entity.IsIn(uid));

    private static bool MeetsOther(Mode mode, object against, EntityUid asked, CedarEntity? entity) => mode switch
    {
        Mode.Is => asked.Type == Unsafe.As<string>(against),
        Mode.IsIn => asked.Type == Unsafe.As<TypeIn>(against).Type && MeetsEntity(Unsafe.As<TypeIn>(against).Above, true, asked, entity),
        _ => MeetsOne(Unsafe.As<EntityUid[]>(against), asked, entity) == (mode == Mode.InAny),
    };

    private static bool MeetsOne(EntityUid[] many, EntityUid asked, CedarEntity? entity)
    {
        foreach (var above in many)
        {
            if (MeetsEntity(above, true, asked, entity))
            {
                return true;
            }
        }

        return false;
    }

    private static EntityUid Linked(EntityReference reference) =>
        reference.Entity is { } uid ? SharedNames.Uid(uid.Type, uid.Id) : throw new ArgumentException("A template decides nothing before it is linked.", nameof(reference));

    /// <summary>"is" and "in" together.</summary>
    internal sealed record TypeIn(string Type, EntityUid Above);
}
