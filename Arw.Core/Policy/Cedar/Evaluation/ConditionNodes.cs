using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary><c>!operand</c>.</summary>
internal sealed class NotNode(Node operand, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame) => operand.Test(ref frame) switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => Truth.Error,
    };
}

/// <summary><c>&amp;&amp;</c>, or <c>||</c>: from the left, stopping where the answer is known.</summary>
internal sealed class JunctionNode(Node[] operands, Truth stopsAt, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame)
    {
        foreach (var operand in operands)
        {
            var truth = operand.Test(ref frame);
            if (truth == stopsAt || truth == Truth.Error)
            {
                return truth;
            }
        }

        return stopsAt == Truth.False ? Truth.True : Truth.False;
    }
}

/// <summary><c>==</c> and <c>!=</c>.</summary>
internal sealed class EqualNode(Node left, Node right, bool negated, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame) =>
        left.Evaluate(ref frame, out var a) && right.Evaluate(ref frame, out var b) ? Of(a.Equals(b) != negated) : Truth.Error;
}

/// <summary><c>&lt;</c> and its like: between longs, datetimes, or durations.</summary>
internal sealed class CompareNode(BinaryOperator operation, Node left, Node right, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame)
    {
        if (!left.Evaluate(ref frame, out var a) || !right.Evaluate(ref frame, out var b))
        {
            return Truth.Error;
        }

        if (a.Kind != b.Kind || a.Kind is not (ValueKind.Long or ValueKind.Datetime or ValueKind.Duration))
        {
            if (frame.Explains)
            {
                frame.Say($"{Kinds.Name(a.Kind)}, {Shown(a)}, and {Kinds.Name(b.Kind)}, {Shown(b)}, cannot be compared.", Span, "two longs, two datetimes or two durations");
            }

            return Truth.Error;
        }

        return Of(operation switch
        {
            BinaryOperator.Less => a.Number < b.Number,
            BinaryOperator.LessOrEqual => a.Number <= b.Number,
            BinaryOperator.Greater => a.Number > b.Number,
            _ => a.Number >= b.Number,
        });
    }
}

/// <summary><c>like</c>.</summary>
internal sealed class LikeNode(Node target, LikePattern pattern, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame)
    {
        if (!target.Evaluate(ref frame, out var value))
        {
            return Truth.Error;
        }

        if (value.Kind == ValueKind.String)
        {
            return Of(pattern.Matches(value.AsString));
        }

        target.WrongKind(ref frame, value, "a string");
        return Truth.Error;
    }
}

/// <summary>Methods of sets: <c>contains</c>, <c>containsAll</c>, <c>containsAny</c>, <c>isEmpty</c>.</summary>
internal sealed class SetMethodNode(CedarFunction method, Node target, Node? argument, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame)
    {
        CedarValue other = default;
        if (!target.Evaluate(ref frame, out var value) || (argument is not null && !argument.Evaluate(ref frame, out other)))
        {
            return Truth.Error;
        }

        if (value.Kind != ValueKind.Set)
        {
            target.WrongKind(ref frame, value, "a set");
            return Truth.Error;
        }

        if (method is CedarFunction.ContainsAll or CedarFunction.ContainsAny && other.Kind != ValueKind.Set)
        {
            argument!.WrongKind(ref frame, other, "a set");
            return Truth.Error;
        }

        var set = value.AsSet;
        return Of(method switch
        {
            CedarFunction.Contains => set.Contains(other),
            CedarFunction.ContainsAll => set.ContainsAll(other.AsSet),
            CedarFunction.ContainsAny => set.ContainsAny(other.AsSet),
            _ => set.Count == 0,
        });
    }
}
