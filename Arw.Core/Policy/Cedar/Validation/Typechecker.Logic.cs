using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

// Booleans: what is known at one operand reaches those that are evaluated after it.
internal sealed partial class Typechecker
{
    private static Answer Negated(Answer operand) => operand.Type is not BoolType type
        ? Answer.Wrong(BoolType.Any)
        : Answer.Right(type.Only is { } only ? BoolType.Of(!only) : BoolType.Any).If(operand.IsRight);

    /// <summary>A conjunction: each operand is checked with what the ones before it show, until one can only be false.</summary>
    public Answer All(ReadOnlySpan<Expr> operands, CapabilitySet known)
    {
        var left = Expect(operands[0], known, Expectation.Bool);
        foreach (var operand in operands[1..])
        {
            if (left.IsFalse)
            {
                break;
            }

            known = known.Union(left.Capabilities);
            left = Both(left, Expect(operand, known, Expectation.Bool));
        }

        return left.IsFalse ? Answer.Right(BoolType.False).If(left.IsRight) : left;
    }

    /// <summary>The conjunction of two operands that were checked.</summary>
    private static Answer Both(Answer left, Answer right)
    {
        var ok = left.IsRight && right.IsRight;
        return left.Type is null || right.Type is null ? Answer.Wrong(BoolType.Any)
            : right.IsFalse ? Answer.Right(BoolType.False).If(ok)
            : right.IsTrue ? Answer.Right(left.Type, left.Capabilities.Union(right.Capabilities)).If(ok)
            : left.IsTrue ? Answer.Right(right.Type, left.Capabilities.Union(right.Capabilities)).If(ok)
            : Answer.Right(BoolType.Any, left.Capabilities.Union(right.Capabilities)).If(ok);
    }

    private Answer Any(NodeList<Expr> operands, CapabilitySet known)
    {
        var left = Expect(operands[0], known, Expectation.Bool);
        foreach (var operand in operands.AsSpan()[1..])
        {
            if (left.IsTrue)
            {
                break;
            }

            left = Either(left, Expect(operand, known, Expectation.Bool));
        }

        return left;
    }

    private static Answer Either(Answer left, Answer right)
    {
        var ok = left.IsRight && right.IsRight;
        return left.Type is null || right.Type is null ? Answer.Wrong(BoolType.Any)
            : right.IsTrue ? Answer.Right(BoolType.True, right.Capabilities).If(ok)
            : right.IsFalse ? Answer.Right(left.Type, left.Capabilities).If(ok)
            : left.IsFalse ? Answer.Right(right.Type, right.Capabilities).If(ok)
            : Answer.Right(BoolType.Any, left.Capabilities.Intersect(right.Capabilities)).If(ok);
    }

    private Answer Conditional(IfExpr expression, CapabilitySet known)
    {
        var condition = Expect(expression.Condition, known, Expectation.Bool);
        if (condition.IsTrue)
        {
            return Check(expression.Then, known.Union(condition.Capabilities)).With(condition.Capabilities).If(condition.IsRight);
        }

        if (condition.IsFalse)
        {
            return Check(expression.Else, known).If(condition.IsRight);
        }

        var then = Check(expression.Then, known.Union(condition.Capabilities)).With(condition.Capabilities);
        var otherwise = Check(expression.Else, known);
        if (then.Type is null || otherwise.Type is null)
        {
            return Answer.Wrong();
        }

        if (TypeLattice.Join(then.Type, otherwise.Type) is not { } type)
        {
            return Error(
                expression,
                $"both branches of an `if` are of one type, but `then` is `{then.Type}` and `else` is `{otherwise.Type}`",
                "branches of one type");
        }

        return Answer.Right(type, then.Capabilities.Intersect(otherwise.Capabilities))
            .If(condition.IsRight && then.IsRight && otherwise.IsRight);
    }
}
