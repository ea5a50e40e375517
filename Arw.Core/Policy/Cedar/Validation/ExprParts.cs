using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>The expressions that an expression is made of, one level down.</summary>
internal static class ExprParts
{
    public static IEnumerable<Expr> Of(Expr expression) => expression switch
    {
        NotExpr not => [not.Operand],
        NegateExpr negate => [negate.Operand],
        AndExpr and => and.Operands,
        OrExpr or => or.Operands,
        BinaryExpr binary => [binary.Left, binary.Right],
        IfExpr conditional => [conditional.Condition, conditional.Then, conditional.Else],
        HasExpr has => [has.Target],
        LikeExpr like => [like.Target],
        IsExpr { In: { } below } @is => [@is.Target, below],
        IsExpr @is => [@is.Target],
        SetExpr set => set.Items,
        RecordExpr record => record.Fields.Select(field => field.Value),
        AttributeExpr attribute => [attribute.Target],
        CallExpr call => call.Arguments,
        _ => [],
    };

    /// <summary>The parts of the request that an expression names.</summary>
    public static HashSet<RequestVariable> Variables(IEnumerable<Expr> expressions)
    {
        HashSet<RequestVariable> found = [];
        Stack<Expr> open = new(expressions);
        while (open.TryPop(out var expression))
        {
            if (expression is VariableExpr variable)
            {
                found.Add(variable.Variable);
            }

            foreach (var part in Of(expression))
            {
                open.Push(part);
            }
        }

        return found;
    }
}
