using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

// Methods and functions.
internal sealed partial class Typechecker
{
    private Answer Call(CallExpr call, CapabilitySet known) => call.Function switch
    {
        CedarFunction.Contains => Contains(call, known),
        CedarFunction.ContainsAll or CedarFunction.ContainsAny => ContainsSeveral(call, known),
        CedarFunction.IsEmpty => Answer.Right(BoolType.Any).If(Expect(
            call.Arguments[0],
            known,
            Expectation.Set,
            type => type is StringType ? "a text is empty when it is `== \"\"`" : null).IsRight),
        CedarFunction.HasTag => HasTag(call, known),
        CedarFunction.GetTag => GetTag(call, known),
        _ => Extension(call, known),
    };

    private Answer Contains(CallExpr call, CapabilitySet known)
    {
        var set = Expect(call.Arguments[0], known, Expectation.Set, SetHelp);
        var element = Check(call.Arguments[1], known);
        return MustMeet(call, (set.Type as SetType)?.Element, element.Type, "looked for").If(set.IsRight && element.IsRight);
    }

    private Answer ContainsSeveral(CallExpr call, CapabilitySet known)
    {
        var set = Expect(call.Arguments[0], known, Expectation.Set, SetHelp);
        var other = Expect(call.Arguments[1], known, Expectation.Set, _ => "`contains` looks for a single element");
        return MustMeet(call, set.Type, other.Type, "compared").If(set.IsRight && other.IsRight);
    }

    private static string? SetHelp(CedarType type) => type switch
    {
        EntityReferenceType => "`in` tests whether an entity is in another one",
        RecordType => "`has` tests the attributes of a record",
        StringType => "`like` tests the characters of a text",
        _ => null,
    };

    private Answer Extension(CallExpr call, CapabilitySet known)
    {
        var signature = ExtensionSignature.Of(call.Function);
        var right = true;
        if (call.Arguments.Count != signature.Arguments.Count)
        {
            right = Error(
                call,
                $"`{FunctionTable.Of(call.Function).Name}` is called with {call.Arguments.Count} arguments",
                $"{signature.Arguments.Count}").IsRight;
        }

        if (signature.IsConstructor)
        {
            right &= Constructed(call);
        }

        var counted = call.Arguments.Count == signature.Arguments.Count;
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            var argument = counted ? Expect(call.Arguments[i], known, Expectation.Of(signature.Arguments[i])) : Check(call.Arguments[i], known);
            right &= argument.IsRight;
        }

        return Answer.Right(signature.Result).If(right);
    }

    // Values of extensions are made of literals, so that what they hold is checked here and not when a request comes.
    private bool Constructed(CallExpr call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument is not (StringLiteral or LongLiteral or BoolLiteral or EntityLiteral))
            {
                return Error(call, $"`{FunctionTable.Of(call.Function).Name}` is called with an expression", "a literal").IsRight;
            }
        }

        return call.Arguments is not [StringLiteral text]
            || ExtensionSignature.CanRead(call.Function, text.Value)
            || Error(call, $"{Quote(text.Value)} is no {ExtensionSignature.Of(call.Function).Result}", ExtensionSignature.Form(call.Function)).IsRight;
    }

    private static string Quote(string text) => Parsing.StringEscapes.Quote(text);
}
