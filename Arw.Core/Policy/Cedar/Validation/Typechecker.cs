using System.Runtime.CompilerServices;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>
/// Finds the type of expressions in one request environment, under the strict rules. Booleans that can only be true or only be false
/// decide what else is looked at: what is never evaluated is never wrong.
/// </summary>
internal sealed partial class Typechecker(Schema schema, RequestEnvironment environment, PolicyFindings findings)
{
    /// <summary>The type of an expression, given what is known to be there.</summary>
    public Answer Check(Expr expression, CapabilitySet known)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return Error(expression, "this expression nests too deeply to be checked", "fewer levels");
        }

        return expression switch
        {
            BoolLiteral literal => Answer.Right(BoolType.Of(literal.Value)),
            LongLiteral => Answer.Right(LongType.Instance),
            StringLiteral => Answer.Right(StringType.Instance),
            EntityLiteral literal => Entity(literal.Value),
            VariableExpr variable => Answer.Right(Variable(variable.Variable)),
            NotExpr not => Negated(Expect(not.Operand, known, Expectation.Bool)),
            NegateExpr negate => Expect(negate.Operand, known, Expectation.Long) is var operand
                ? Answer.Right(LongType.Instance).If(operand.IsRight)
                : default,
            AndExpr and => All(and.Operands.AsSpan(), known),
            OrExpr or => Any(or.Operands, known),
            IfExpr conditional => Conditional(conditional, known),
            BinaryExpr binary => Binary(binary, known),
            HasExpr has => Has(has, known),
            AttributeExpr attribute => Attribute(attribute, known),
            LikeExpr like => Like(like, known),
            IsExpr @is => Is(@is, known),
            SetExpr set => Set(set, known),
            RecordExpr record => Record(record, known),
            CallExpr call => Call(call, known),
            _ => throw new InvalidOperationException($"No rule for {expression.GetType().Name}."),
        };
    }

    /// <summary>The type of an operand that must have one of some types; another one is an error, and leaves it without type.</summary>
    private Answer Expect(Expr expression, CapabilitySet known, Expectation expected, Func<CedarType, string?>? help = null)
    {
        var answer = Check(expression, known);
        if (answer.Type is null || expected.Fits(answer.Type))
        {
            return answer;
        }

        var hint = help?.Invoke(answer.Type);
        return Error(expression, $"this is of type `{answer.Type}`{(hint is null ? "" : $"; {hint}")}", expected.Words);
    }

    private Answer Error(Expr at, string message, string? expected = null, CedarType? type = null)
    {
        findings.Error(at.Span, message, expected);
        return Answer.Wrong(type);
    }

    // Entities that the schema does not know are told once per policy, not once per environment; here they only spoil the type.
    private Answer Entity(EntityUid entity) =>
        SchemaNames.IsActionType(entity.Type)
            ? schema.Actions.ContainsKey(entity) ? Answer.Right(new EntityReferenceType(entity.Type)) : Answer.Wrong()
            : schema.EntityTypes.ContainsKey(entity.Type) ? Answer.Right(new EntityReferenceType(entity.Type)) : Answer.Wrong();

    private CedarType Variable(RequestVariable variable) => variable switch
    {
        RequestVariable.Principal => environment.Principal,
        RequestVariable.Action => new EntityReferenceType(environment.Action.Uid.Type),
        RequestVariable.Resource => environment.Resource,
        _ => environment.Action.Context,
    };

    private Answer Like(LikeExpr like, CapabilitySet known)
    {
        var target = Expect(like.Target, known, Expectation.Text, type => type is EntityReferenceType ? "`is` tests the type of an entity" : null);
        return Answer.Right(BoolType.Any).If(target.IsRight);
    }

    private Answer Set(SetExpr set, CapabilitySet known)
    {
        CedarType? element = null;
        var (right, typed) = (true, true);
        foreach (var item in set.Items)
        {
            var answer = Check(item, known);
            right &= answer.IsRight;
            if (answer.Type is null)
            {
                typed = false;
            }
            else if (typed && element is not null && TypeLattice.Join(element, answer.Type) is not { } joined)
            {
                Error(item, $"the elements of a set are all of one type, but this is `{answer.Type}` after `{element}`", $"`{element}`");
                (right, typed) = (false, false);
            }
            else if (typed)
            {
                element = element is null ? answer.Type : TypeLattice.Join(element, answer.Type);
            }
        }

        if (set.Items.Count == 0)
        {
            return Error(set, "the type of an empty set cannot be told", "at least one element");
        }

        return typed && element is not null ? Answer.Right(new SetType(element)).If(right) : Answer.Wrong();
    }

    private Answer Record(RecordExpr record, CapabilitySet known)
    {
        List<AttributeType> attributes = [];
        var right = true;
        foreach (var field in record.Fields)
        {
            var answer = Check(field.Value, known);
            right &= answer.IsRight;
            if (answer.Type is not null)
            {
                attributes.Add(new AttributeType(field.Name, answer.Type));
            }
        }

        return attributes.Count == record.Fields.Count ? Answer.Right(new RecordType(attributes)).If(right) : Answer.Wrong();
    }
}
