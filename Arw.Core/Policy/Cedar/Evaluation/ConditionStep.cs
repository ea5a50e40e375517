using System.Runtime.CompilerServices;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>What a step asks of its operands.</summary>
internal enum StepKind : byte
{
    /// <summary>Whatever the node on the left says.</summary>
    Node,

    /// <summary>Is the left true?</summary>
    Holds,

    /// <summary>Are both the same?</summary>
    Equal,

    /// <summary>Is the left less than the right?</summary>
    Less,

    /// <summary>Is the left at most the right?</summary>
    LessOrEqual,

    /// <summary>Has the left, a part of the request, an attribute of the name on the right?</summary>
    Has,

    /// <summary>Is the left the entity on the right, or below it?</summary>
    In,

    /// <summary>Is the right in the set on the left?</summary>
    Contains,

    /// <summary>Is the address on the left in the range on the right?</summary>
    InRange,
}

/// <summary>Where an operand comes from. The first eight are ordered as the parts of a request are.</summary>
internal enum OperandKind : byte
{
    PrincipalAttribute,
    ActionAttribute,
    ResourceAttribute,
    ContextField,
    Principal,
    Action,
    Resource,
    Context,
    Known,
    Node,
}

/// <summary>
/// One question of a condition and where to go on with its answer. Steps lie in a flat array, and the usual operands are in them or in the frame:
/// a decision among many policies spends its time on memory and on calls whose target the processor cannot guess.
/// </summary>
internal readonly struct ConditionStep
{
    // The name of an attribute, or a node.
    private readonly object? _left;

    // The known value, or the name of an attribute as a text.
    private readonly CedarValue _right;
    private readonly StepKind _kind;
    private readonly OperandKind _leftKind;
    private readonly OperandKind _rightKind;

    public ConditionStep(StepKind kind, OperandKind leftKind, object? left, OperandKind rightKind, in CedarValue right, ushort onTrue, ushort onFalse) =>
        (_kind, _leftKind, _left, _rightKind, _right, OnTrue, OnFalse) = (kind, leftKind, left, rightKind, right, onTrue, onFalse);

    /// <summary>The step after a yes.</summary>
    public readonly ushort OnTrue;

    /// <summary>The step after a no.</summary>
    public readonly ushort OnFalse;

    /// <summary>Answers the question.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Truth Ask(ref readonly ConditionStep step, ref EvaluationFrame frame)
    {
        if (step._kind == StepKind.Node)
        {
            return Unsafe.As<Node>(step._left!).Test(ref frame);
        }

        ref readonly var left = ref Left(in step, ref frame);
        if (Unsafe.IsNullRef(in left))
        {
            return Truth.Error;
        }

        if (step._kind <= StepKind.LessOrEqual)
        {
            if (step._kind == StepKind.Holds)
            {
                return left.Kind == ValueKind.Bool ? (Truth)left.Number : Truth.Error;
            }

            ref readonly var other = ref Right(in step, ref frame);
            return Unsafe.IsNullRef(in other) ? Truth.Error
                : step._kind == StepKind.Equal ? Of(left.Is(in other))
                : left.Kind != other.Kind || left.Kind is not (ValueKind.Long or ValueKind.Datetime or ValueKind.Duration) ? Truth.Error
                : Of(step._kind == StepKind.Less ? left.Number < other.Number : left.Number <= other.Number);
        }

        return Rest(in step, in left, ref frame);
    }

    private static Truth Rest(ref readonly ConditionStep step, ref readonly CedarValue left, ref EvaluationFrame frame)
    {
        switch (step._kind)
        {
            case StepKind.Has:
                return Of(frame.Fields((int)step._leftKind & 3) is { } fields && fields.Has(Unsafe.As<string>(step._right.Reference!)));
            case StepKind.In:
                var above = Unsafe.As<EntityUid>(step._right.Reference!);
                return Of(Unsafe.As<EntityUid>(left.Reference!).Equals(above) || (frame.Entity((int)step._leftKind & 3)?.IsIn(above) ?? false));
            case StepKind.InRange:
                ref readonly var range = ref Right(in step, ref frame);
                return Unsafe.IsNullRef(in range) || left.Kind != ValueKind.Ip || range.Kind != ValueKind.Ip ? Truth.Error
                    : Of(Unsafe.As<IpRange>(left.Reference!).IsInRange(Unsafe.As<IpRange>(range.Reference!)));
            default:
                ref readonly var item = ref Right(in step, ref frame);
                return Unsafe.IsNullRef(in item) || left.Kind != ValueKind.Set ? Truth.Error : Of(Unsafe.As<CedarSet>(left.Reference!).Contains(in item));
        }
    }

    private static Truth Of(bool value) => value ? Truth.True : Truth.False;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly CedarValue Left(ref readonly ConditionStep step, ref EvaluationFrame frame)
    {
        if (step._leftKind <= OperandKind.ContextField)
        {
            return ref Attribute(ref frame, (int)step._leftKind, Unsafe.As<string>(step._left!));
        }

        if (step._leftKind <= OperandKind.Context)
        {
            return ref frame.Part((int)step._leftKind & 3);
        }

        if (step._leftKind == OperandKind.Known)
        {
            return ref Unsafe.As<ConstantNode>(step._left!).Value;
        }

        return ref frame.Evaluate(Unsafe.As<Node>(step._left!));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly CedarValue Right(ref readonly ConditionStep step, ref EvaluationFrame frame)
    {
        if (step._rightKind == OperandKind.Known)
        {
            return ref step._right;
        }

        if (step._rightKind <= OperandKind.ContextField)
        {
            return ref Attribute(ref frame, (int)step._rightKind, Unsafe.As<string>(step._right.Reference!));
        }

        return ref frame.Part((int)step._rightKind & 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly CedarValue Attribute(ref EvaluationFrame frame, int part, string name)
    {
        if (frame.Fields(part) is { } fields)
        {
            return ref fields.Find(name);
        }

        return ref Unsafe.NullRef<CedarValue>();
    }
}
