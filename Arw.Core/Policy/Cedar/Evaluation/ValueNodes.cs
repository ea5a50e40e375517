using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>A value that is known.</summary>
internal sealed class ConstantNode(CedarValue value, SourceSpan span) : Node(span)
{
    private readonly CedarValue _value = value;

    public ref readonly CedarValue Value => ref _value;

    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        value = _value;
        return true;
    }
}

/// <summary>A part of the request.</summary>
internal sealed class VariableNode(RequestVariable variable, SourceSpan span) : Node(span)
{
    public RequestVariable Variable => variable;

    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        value = frame.Part((int)variable);
        return true;
    }
}

/// <summary><c>-operand</c>.</summary>
internal sealed class NegateNode(Node operand, SourceSpan span) : Node(span)
{
    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        if (!operand.Evaluate(ref frame, out value))
        {
            return false;
        }

        if (value.Kind != ValueKind.Long)
        {
            return operand.WrongKind(ref frame, value, "a long");
        }

        if (value.Number == long.MinValue)
        {
            if (frame.Explains)
            {
                frame.Say($"-({value.Number}) is out of range.", Span);
            }

            return false;
        }

        value = CedarValue.Of(-value.Number);
        return true;
    }
}

/// <summary><c>+</c>, <c>-</c> and <c>*</c>.</summary>
internal sealed class ArithmeticNode(BinaryOperator operation, Node left, Node right, SourceSpan span) : Node(span)
{
    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        if (!left.Evaluate(ref frame, out value) || !right.Evaluate(ref frame, out var other))
        {
            return false;
        }

        if (value.Kind != ValueKind.Long)
        {
            return left.WrongKind(ref frame, value, "a long");
        }

        if (other.Kind != ValueKind.Long)
        {
            return right.WrongKind(ref frame, other, "a long");
        }

        var (a, b) = (value.Number, other.Number);
        long result;
        bool fits;
        switch (operation)
        {
            case BinaryOperator.Add:
                result = unchecked(a + b);
                fits = ((a ^ result) & (b ^ result)) >= 0;
                break;
            case BinaryOperator.Subtract:
                result = unchecked(a - b);
                fits = ((a ^ b) & (a ^ result)) >= 0;
                break;
            default:
                fits = Math.BigMul(a, b, out result) == result >> 63;
                break;
        }

        value = CedarValue.Of(result);
        if (!fits && frame.Explains)
        {
            frame.Say($"{a} {operation switch { BinaryOperator.Add => "+", BinaryOperator.Subtract => "-", _ => "*" }} {b} is out of range.", Span);
        }

        return fits;
    }
}

/// <summary><c>if … then … else …</c>.</summary>
internal sealed class IfNode(Node condition, Node then, Node otherwise, SourceSpan span) : Node(span)
{
    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        switch (condition.Test(ref frame))
        {
            case Truth.True:
                return then.Evaluate(ref frame, out value);
            case Truth.False:
                return otherwise.Evaluate(ref frame, out value);
            default:
                value = default;
                return false;
        }
    }
}

/// <summary>A set with items that are not all known.</summary>
internal sealed class SetNode(Node[] items, SourceSpan span) : Node(span)
{
    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        var values = new CedarValue[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (!items[i].Evaluate(ref frame, out values[i]))
            {
                value = default;
                return false;
            }
        }

        value = CedarValue.Of(new CedarSet(values));
        return true;
    }
}

/// <summary>A record with fields that are not all known.</summary>
internal sealed class RecordNode(string[] names, Node[] values, SourceSpan span) : Node(span)
{
    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        var fields = new KeyValuePair<string, CedarValue>[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (!values[i].Evaluate(ref frame, out var field))
            {
                value = default;
                return false;
            }

            fields[i] = new(names[i], field);
        }

        value = CedarValue.Of(new CedarRecord(fields));
        return true;
    }
}

/// <summary>A call of an extension's function.</summary>
internal sealed class ExtensionCallNode(CedarFunction function, Node[] arguments, SourceSpan span) : Node(span)
{
    private const int MaxOnStack = 2;

    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        value = default;
        if (arguments.Length > MaxOnStack)
        {
            return Fail(ref frame, CallFailure.Arity, new CedarValue[arguments.Length]);
        }

        Span<CedarValue> values = [default, default];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].Evaluate(ref frame, out values[i]))
            {
                return false;
            }
        }

        return ExtensionFunctions.Call(function, values[..arguments.Length], out value) is not { } failure
            || Fail(ref frame, failure, values[..arguments.Length]);
    }

    private bool Fail(ref EvaluationFrame frame, CallFailure failure, scoped ReadOnlySpan<CedarValue> values)
    {
        if (frame.Explains)
        {
            frame.Say(failure.Describe(function, values), Span);
        }

        return false;
    }
}
