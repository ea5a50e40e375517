using System.Diagnostics;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>
/// Turns the conditions of a policy into steps, from the last to the first: where a step goes on is then known when it is made.
/// <c>&amp;&amp;</c>, <c>||</c>, <c>!</c> and <c>if</c> become jumps; what has no step of its own is a node.
/// </summary>
internal sealed class ConditionCompiler
{
    private static readonly SharedMeaning<NodeList<PolicyCondition>, ConditionStep[]> Conditions = new();
    private static readonly SharedMeaning<Expr, Node> Nodes = new();

    // In the order of making, the last one first. Jumps count from that end, and are turned round when all is known.
    private readonly List<Draft> _drafts = [];

    /// <summary>The conditions as steps; null when there are none.</summary>
    public static ConditionStep[]? Compile(NodeList<PolicyCondition> conditions) =>
        conditions.Count == 0 ? null : Conditions.Of(conditions, conditions[0].Span.To(conditions[^1].Span), static all => new ConditionCompiler().CompileAll(all));

    private ConditionStep[] CompileAll(NodeList<PolicyCondition> conditions)
    {
        var entry = (int)Condition.Met;
        for (var i = conditions.Count - 1; i >= 0; i--)
        {
            entry = conditions[i].IsWhen
                ? Add(conditions[i].Body, entry, Condition.NotMet)
                : Add(conditions[i].Body, Condition.NotMet, entry);
        }

        return Finish(conditions, entry);
    }

    private ConditionStep[] Finish(NodeList<PolicyCondition> conditions, int entry)
    {
        if (_drafts.Count > Condition.MaxSteps)
        {
            return [new(StepKind.Node, OperandKind.Node, Compiler.Conditions(conditions), OperandKind.Known, default, Condition.Met, Condition.NotMet)];
        }

        // Evaluation starts with the first step, and the entry is the one made last: a condition adds its own first step at its end.
        Debug.Assert(entry == _drafts.Count - 1, "The first step is the last one made.");
        var steps = new ConditionStep[_drafts.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            var draft = _drafts[^(i + 1)];
            steps[i] = new ConditionStep(draft.Kind, draft.LeftKind, draft.Left, draft.RightKind, draft.Right, Turned(draft.OnTrue), Turned(draft.OnFalse));
        }

        return steps;
    }

    private ushort Turned(int jump) => jump >= Condition.NotMet ? (ushort)jump : (ushort)(_drafts.Count - 1 - jump);

    /// <summary>Adds an expression as a condition; its first step.</summary>
    private int Add(Expr expression, int onTrue, int onFalse)
    {
        switch (expression)
        {
            case NotExpr e:
                return Add(e.Operand, onFalse, onTrue);
            case AndExpr e:
                for (var i = e.Operands.Count - 1; i >= 0; i--)
                {
                    onTrue = Add(e.Operands[i], onTrue, onFalse);
                }

                return onTrue;
            case OrExpr e:
                for (var i = e.Operands.Count - 1; i >= 0; i--)
                {
                    onFalse = Add(e.Operands[i], onTrue, onFalse);
                }

                return onFalse;
            case IfExpr e:
                var otherwise = Add(e.Else, onTrue, onFalse);
                var then = Add(e.Then, onTrue, onFalse);
                return Add(e.Condition, then, otherwise);
            case IsExpr { In: { } above } e:
                onTrue = Add(new BinaryExpr(BinaryOperator.In, e.Target, above) { Span = e.Span }, onTrue, onFalse);
                return Add(new IsExpr(e.Target, e.EntityType, null) { Span = e.Span }, onTrue, onFalse);
            case BinaryExpr { Operator: BinaryOperator.Equal } e:
                return Pair(StepKind.Equal, e, e.Left, e.Right, onTrue, onFalse);
            case BinaryExpr { Operator: BinaryOperator.NotEqual } e:
                return Pair(StepKind.Equal, e, e.Left, e.Right, onTrue, onFalse, negated: true);
            case BinaryExpr { Operator: BinaryOperator.Less } e:
                return Pair(StepKind.Less, e, e.Left, e.Right, onTrue, onFalse);
            case BinaryExpr { Operator: BinaryOperator.LessOrEqual } e:
                return Pair(StepKind.LessOrEqual, e, e.Left, e.Right, onTrue, onFalse);
            case BinaryExpr { Operator: BinaryOperator.Greater } e:
                return Pair(StepKind.LessOrEqual, e, e.Left, e.Right, onTrue, onFalse, negated: true);
            case BinaryExpr { Operator: BinaryOperator.GreaterOrEqual } e:
                return Pair(StepKind.Less, e, e.Left, e.Right, onTrue, onFalse, negated: true);
            case BinaryExpr { Operator: BinaryOperator.In, Left: VariableExpr { Variable: not RequestVariable.Context } left, Right: EntityLiteral right }:
                return Step(new Draft(StepKind.In, Part(left), null, OperandKind.Known, CedarValue.Of(SharedNames.Uid(right.Value.Type, right.Value.Id)), onTrue, onFalse));
            case HasExpr { Target: VariableExpr target, Path: { Count: 1 } path }:
                return Step(new Draft(StepKind.Has, Part(target), null, OperandKind.Known, CedarValue.Of(SharedNames.Name(path[0])), onTrue, onFalse));
            case CallExpr { Function: CedarFunction.Contains } e:
                return Pair(StepKind.Contains, e, e.Arguments[0], e.Arguments[1], onTrue, onFalse);
            case CallExpr { Function: CedarFunction.IsInRange, Arguments.Count: 2 } e:
                return Pair(StepKind.InRange, e, e.Arguments[0], e.Arguments[1], onTrue, onFalse);
            case AttributeExpr e:
                var (kind, operand) = Operand(e);
                return Step(new Draft(StepKind.Holds, kind, operand, OperandKind.Known, default, onTrue, onFalse));
            default:
                return AsNode(expression, onTrue, onFalse);
        }
    }

    // A negated step is the whole with its ways on exchanged; a node is the whole itself.
    private int Pair(StepKind kind, Expr whole, Expr left, Expr right, int onTrue, int onFalse, bool negated = false)
    {
        var (leftKind, leftOperand) = Operand(left);
        var (rightKind, rightOperand) = Operand(right);
        if (kind == StepKind.Equal && rightKind == OperandKind.Node && leftKind != OperandKind.Node)
        {
            // Equality does not care for the order, and an error is an error from either side.
            (leftKind, leftOperand, rightKind, rightOperand) = (rightKind, rightOperand, leftKind, leftOperand);
        }

        if (rightKind == OperandKind.Node)
        {
            return AsNode(whole, onTrue, onFalse);
        }

        var value = rightOperand switch
        {
            ConstantNode known => known.Value,
            string name => CedarValue.Of(name),
            _ => default,
        };
        return Step(new Draft(kind, leftKind, leftOperand, rightKind, value, negated ? onFalse : onTrue, negated ? onTrue : onFalse));
    }

    private int AsNode(Expr expression, int onTrue, int onFalse) =>
        Step(new Draft(StepKind.Node, OperandKind.Node, Shared(expression), OperandKind.Known, default, onTrue, onFalse));

    private static Node Shared(Expr expression) => Nodes.Of(expression, expression.Span, Compiler.Compile);

    private int Step(Draft draft)
    {
        _drafts.Add(draft);
        return _drafts.Count - 1;
    }

    private static (OperandKind Kind, object? Operand) Operand(Expr expression) => expression switch
    {
        VariableExpr e => (Part(e), null),
        AttributeExpr { Target: VariableExpr target } e => ((OperandKind)((int)Part(target) & 3), SharedNames.Name(e.Name)),
        _ => Shared(expression) is var node && node is ConstantNode ? (OperandKind.Known, node) : (OperandKind.Node, node),
    };

    private static OperandKind Part(VariableExpr variable) => (OperandKind)((int)OperandKind.Principal + (int)variable.Variable);

    private readonly record struct Draft(StepKind Kind, OperandKind LeftKind, object? Left, OperandKind RightKind, CedarValue Right, int OnTrue, int OnFalse);
}
