using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

// Comparison and arithmetic.
internal sealed partial class Typechecker
{
    private Answer Binary(BinaryExpr expression, CapabilitySet known) => expression.Operator switch
    {
        BinaryOperator.Equal => Equality(expression, known),
        BinaryOperator.NotEqual => Negated(Equality(expression, known)),
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => Order(expression, known),
        BinaryOperator.In => In(expression, expression.Left, expression.Right, known),
        _ => Arithmetic(expression, known),
    };

    private Answer Equality(BinaryExpr expression, CapabilitySet known)
    {
        var left = Check(expression.Left, known);
        var right = Check(expression.Right, known);
        var ok = left.IsRight && right.IsRight;
        if (left.Type is EntityReferenceType a && right.Type is EntityReferenceType b && a.Name != b.Name)
        {
            return Answer.Right(BoolType.False).If(ok);
        }

        if (Literal(expression.Left) is { } first && Literal(expression.Right) is { } second)
        {
            return Answer.Right(BoolType.Of(first.Equals(second))).If(ok);
        }

        return MustMeet(expression, left.Type, right.Type, "compared").If(ok);
    }

    // Texts that are compared must be able to be equal, or the comparison is a mistake.
    private Answer MustMeet(Expr at, CedarType? left, CedarType? right, string what) =>
        left is not null && right is not null && TypeLattice.Join(left, right) is null
            ? Error(at, $"`{left}` and `{right}` are never equal, so they cannot be {what}", "operands of one type", BoolType.Any)
            : Answer.Right(BoolType.Any);

    private Answer Order(BinaryExpr expression, CapabilitySet known)
    {
        var left = Check(expression.Left, known);
        var right = Check(expression.Right, known);
        if (left.Type is null || right.Type is null)
        {
            return Answer.Wrong(BoolType.Any);
        }

        if (!HasOrder(left.Type))
        {
            return Error(expression.Left, $"values of type `{left.Type}` have no order", Ordered(right.Type), BoolType.Any);
        }

        return left.Type.Equals(right.Type)
            ? Answer.Right(BoolType.Any).If(left.IsRight && right.IsRight)
            : Error(expression.Right, $"this is of type `{right.Type}`, but it is compared with `{left.Type}`", $"`{left.Type}`", BoolType.Any);
    }

    private static bool HasOrder(CedarType type) => type is LongType || type.Equals(ExtensionType.DateTime) || type.Equals(ExtensionType.Duration);

    private static string Ordered(CedarType other) => HasOrder(other) ? $"`{other}`" : "Long, datetime or duration";

    private Answer Arithmetic(BinaryExpr expression, CapabilitySet known)
    {
        var left = Expect(expression.Left, known, Expectation.Long, Help);
        var right = Expect(expression.Right, known, Expectation.Long, Help);
        return Answer.Right(LongType.Instance).If(left.IsRight && right.IsRight);

        string? Help(CedarType type) => type switch
        {
            StringType when expression.Operator == BinaryOperator.Add => "texts cannot be joined",
            SetType => "there is no arithmetic on sets",
            _ => null,
        };
    }

    // The value of an operand that is plain to see; `action` is, since each environment has one.
    private object? Literal(Expr expression) => expression switch
    {
        BoolLiteral literal => literal.Value,
        LongLiteral literal => literal.Value,
        StringLiteral literal => literal.Value,
        EntityLiteral literal => literal.Value,
        VariableExpr { Variable: RequestVariable.Action } => environment.Action.Uid,
        AndExpr and => Folded(and.Operands, stop: false),
        OrExpr or => Folded(or.Operands, stop: true),
        _ => null,
    };

    // Conjunctions and disjunctions of nothing but true and false are such a value themselves.
    private object? Folded(NodeList<Expr> operands, bool stop)
    {
        var value = !stop;
        foreach (var operand in operands)
        {
            if (operand is VariableExpr || Literal(operand) is not bool next)
            {
                return null;
            }

            value = stop ? value | next : value & next;
        }

        return value;
    }
}
