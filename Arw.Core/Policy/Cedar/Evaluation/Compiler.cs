using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>Turns expressions into nodes; what does not depend on the request is evaluated here, once.</summary>
internal static class Compiler
{
    private static readonly EntityUid Nobody = new("None", "");
    private static readonly CedarRequest NoRequest = new(Nobody, Nobody, Nobody, CedarRecord.Empty);

    /// <summary>The conditions of a policy as one node; null when it has none.</summary>
    public static Node? Conditions(NodeList<PolicyCondition> conditions)
    {
        if (conditions.Count == 0)
        {
            return null;
        }

        var nodes = new Node[conditions.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            var body = Compile(conditions[i].Body);
            nodes[i] = conditions[i].IsWhen ? body : new NotNode(body, conditions[i].Span);
        }

        return nodes.Length == 1 ? nodes[0] : new JunctionNode(nodes, Truth.False, conditions[0].Span);
    }

    /// <summary>An expression as a node.</summary>
    public static Node Compile(Expr expression) => expression switch
    {
        BoolLiteral e => new ConstantNode(CedarValue.Of(e.Value), e.Span),
        LongLiteral e => new ConstantNode(CedarValue.Of(e.Value), e.Span),
        StringLiteral e => new ConstantNode(CedarValue.Of(e.Value), e.Span),
        EntityLiteral e => new ConstantNode(CedarValue.Of(e.Value), e.Span),
        VariableExpr e => new VariableNode(e.Variable, e.Span),
        NotExpr e => new NotNode(Compile(e.Operand), e.Span),
        NegateExpr e => new NegateNode(Compile(e.Operand), e.Span),
        AndExpr e => new JunctionNode(All(e.Operands), Truth.False, e.Span),
        OrExpr e => new JunctionNode(All(e.Operands), Truth.True, e.Span),
        BinaryExpr e => Binary(e, Compile(e.Left), Compile(e.Right)),
        IfExpr e => new IfNode(Compile(e.Condition), Compile(e.Then), Compile(e.Else), e.Span),
        HasExpr e => new HasNode(Compile(e.Target), [.. e.Path], e.Span),
        LikeExpr e => new LikeNode(Compile(e.Target), e.Pattern, e.Span),
        IsExpr { In: null } e => new IsNode(Compile(e.Target), e.EntityType, e.Span),
        IsExpr e => IsIn(e, Compile(e.Target)),
        SetExpr e => Known(All(e.Items) is var items && items.All(i => i is ConstantNode), new SetNode(items, e.Span)),
        RecordExpr e => Record(e),
        AttributeExpr e => new AttributeNode(Compile(e.Target), e.Name, e.Span),
        CallExpr e => Call(e, All(e.Arguments)),
        _ => throw new ArgumentException($"{expression.GetType().Name} is no kind of expression.", nameof(expression)),
    };

    private static Node[] All(NodeList<Expr> expressions)
    {
        var nodes = new Node[expressions.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = Compile(expressions[i]);
        }

        return nodes;
    }

    private static Node Binary(BinaryExpr e, Node left, Node right) => e.Operator switch
    {
        BinaryOperator.Equal or BinaryOperator.NotEqual => new EqualNode(left, right, e.Operator == BinaryOperator.NotEqual, e.Span),
        BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply => new ArithmeticNode(e.Operator, left, right, e.Span),
        BinaryOperator.In => new InNode(left, right, e.Span),
        _ => new CompareNode(e.Operator, left, right, e.Span),
    };

    private static JunctionNode IsIn(IsExpr e, Node target) =>
        new([new IsNode(target, e.EntityType, e.Span), new InNode(target, Compile(e.In!), e.Span)], Truth.False, e.Span);

    private static Node Record(RecordExpr e)
    {
        var names = new string[e.Fields.Count];
        var values = new Node[e.Fields.Count];
        for (var i = 0; i < names.Length; i++)
        {
            (names[i], values[i]) = (e.Fields[i].Name, Compile(e.Fields[i].Value));
        }

        return Known(values.All(v => v is ConstantNode), new RecordNode(names, values, e.Span));
    }

    private static Node Call(CallExpr e, Node[] arguments) => e.Function switch
    {
        CedarFunction.HasTag or CedarFunction.GetTag => new TagNode(e.Function == CedarFunction.GetTag, arguments[0], arguments[1], e.Span),
        CedarFunction.Contains or CedarFunction.ContainsAll or CedarFunction.ContainsAny => new SetMethodNode(e.Function, arguments[0], arguments[1], e.Span),
        CedarFunction.IsEmpty => new SetMethodNode(e.Function, arguments[0], null, e.Span),
        _ => Known(arguments.All(a => a is ConstantNode), new ExtensionCallNode(e.Function, arguments, e.Span)),
    };

    // A call that fails stays a call: it is an error only where evaluation reaches it.
    private static Node Known(bool constant, Node node)
    {
        if (!constant)
        {
            return node;
        }

        var frame = new EvaluationFrame(NoRequest, CedarEntities.Empty);
        return node.Evaluate(ref frame, out var value) ? new ConstantNode(value, node.Span) : node;
    }
}
