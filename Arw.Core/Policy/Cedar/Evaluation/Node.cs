using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>What came out of a condition.</summary>
internal enum Truth : byte
{
    False,
    True,
    Error,
}

/// <summary>A compiled expression. Immutable; evaluating it allocates only where a set, a record or an error's text is made.</summary>
internal abstract class Node(SourceSpan span)
{
    public SourceSpan Span { get; } = span;

    /// <summary>True when it has a value; false on an error, which the frame has in words if it explains.</summary>
    public abstract bool Evaluate(ref EvaluationFrame frame, out CedarValue value);

    /// <summary>As a condition: anything but a bool is an error.</summary>
    public virtual Truth Test(ref EvaluationFrame frame)
    {
        if (!Evaluate(ref frame, out var value))
        {
            return Truth.Error;
        }

        if (value.Kind == ValueKind.Bool)
        {
            return value.Number != 0 ? Truth.True : Truth.False;
        }

        WrongKind(ref frame, value, "a bool");
        return Truth.Error;
    }

    /// <summary>Records that a value of this expression is of a kind that cannot be used here. Always false.</summary>
    public bool WrongKind(ref EvaluationFrame frame, in CedarValue value, string expected)
    {
        if (frame.Explains)
        {
            frame.Say($"The value is {Kinds.Name(value.Kind)}, {Shown(value)}.", Span, expected);
        }

        return false;
    }

    /// <summary>A value for an error's text, cut when it is long.</summary>
    protected static string Shown(in CedarValue value)
    {
        var text = value.ToString();
        return text.Length <= 80 ? text : $"{text[..80]}…";
    }
}

/// <summary>A node whose value is a bool: the test comes first, the value follows from it.</summary>
internal abstract class ConditionNode(SourceSpan span) : Node(span)
{
    public abstract override Truth Test(ref EvaluationFrame frame);

    public sealed override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        var truth = Test(ref frame);
        value = CedarValue.Of(truth == Truth.True);
        return truth != Truth.Error;
    }

    protected static Truth Of(bool value) => value ? Truth.True : Truth.False;
}
