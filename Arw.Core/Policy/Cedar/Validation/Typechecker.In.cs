using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Validation;

// Membership: what the hierarchies of the schema rule out is false, and among actions it is known exactly.
internal sealed partial class Typechecker
{
    private Answer In(Expr expression, Expr leftOperand, Expr rightOperand, CapabilitySet known)
    {
        var left = Expect(leftOperand, known, Expectation.Entity, _ => "`contains` tests the elements of a set");
        var right = Expect(rightOperand, known, Expectation.EntityOrEntities, type => type switch
        {
            SetType => "`contains` tests the elements of a set",
            StringType => "`like` tests the characters of a text",
            _ => null,
        });
        if (!left.IsRight || !right.IsRight)
        {
            return Answer.Wrong(BoolType.Any);
        }

        if (Literal(leftOperand) is EntityUid member && SchemaNames.IsActionType(member.Type) && Literals(rightOperand) is { } groups)
        {
            return ActionIn(member, groups);
        }

        var rightType = right.Type is SetType set ? set.Element : right.Type;
        return left.Type is EntityReferenceType below && rightType is EntityReferenceType above && !schema.MayBeIn(below.Name, above.Name)
            ? Answer.Right(BoolType.False)
            : Answer.Right(BoolType.Any);
    }

    private Answer ActionIn(EntityUid member, List<EntityUid> groups)
    {
        var found = false;
        foreach (var group in groups.Where(group => SchemaNames.IsActionType(group.Type)))
        {
            if (!schema.Actions.TryGetValue(group, out var definition))
            {
                return Answer.Wrong(BoolType.Any);
            }

            found |= group == member || definition.Descendants.Contains(member);
        }

        return Answer.Right(BoolType.Of(found));
    }

    private List<EntityUid>? Literals(Expr expression)
    {
        if (Literal(expression) is EntityUid one)
        {
            return [one];
        }

        if (expression is not SetExpr set)
        {
            return null;
        }

        List<EntityUid> all = [];
        foreach (var item in set.Items)
        {
            if (Literal(item) is not EntityUid uid)
            {
                return null;
            }

            all.Add(uid);
        }

        return all;
    }

    private Answer Is(IsExpr expression, CapabilitySet known)
    {
        var target = Expect(expression.Target, known, Expectation.Entity, _ => "`is` tests the types of entities only");
        var answer = target.Type is EntityReferenceType type
            ? Answer.Right(BoolType.Of(type.Name == expression.EntityType)).If(target.IsRight)
            : Answer.Wrong(BoolType.Any);
        return expression.In is null || answer.IsFalse ? answer : Both(answer, In(expression, expression.Target, expression.In, known));
    }
}
