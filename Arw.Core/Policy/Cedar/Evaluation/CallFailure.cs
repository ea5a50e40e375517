using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>Why a call failed; <paramref name="Reason"/> completes a sentence about the text that was given, null stands for an overflow.</summary>
internal readonly record struct CallFailure(string? Reason)
{
    /// <summary>A wrong number of arguments.</summary>
    public static CallFailure Arity => new("arity");

    /// <summary>An argument of a wrong kind.</summary>
    public static CallFailure Type => new("type");

    /// <summary>The whole in words.</summary>
    public string Describe(CedarFunction function, ReadOnlySpan<CedarValue> arguments)
    {
        var shape = FunctionTable.Of(function);
        if (this == Arity)
        {
            return $"\"{shape.Name}\" was called with {arguments.Length} arguments instead of {shape.Arity}.";
        }

        if (this == Type)
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                var kind = ExtensionFunctions.Takes(function, i);
                if (arguments[i].Kind != kind)
                {
                    return $"\"{shape.Name}\" was given {Kinds.Name(arguments[i].Kind)}, {arguments[i]}, instead of {Kinds.Name(kind)}.";
                }
            }
        }

        return Reason is null
            ? $"The result of \"{shape.Name}\" is out of range."
            : $"{arguments[0]}, given to \"{shape.Name}\", {Reason}.";
    }
}
