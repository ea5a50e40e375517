using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

// Attributes and tags: what may be absent is read only where it is shown to be there.
internal sealed partial class Typechecker
{
    private Answer Attribute(AttributeExpr expression, CapabilitySet known)
    {
        var target = Expect(expression.Target, known, Expectation.EntityOrRecord);
        if (target.Type is null)
        {
            return Answer.Wrong();
        }

        if (FindAttribute(target.Type, expression.Name) is not { } attribute)
        {
            return Error(expression, $"`{target.Type}` has no attribute {Quote(expression.Name)}", Names(target.Type));
        }

        if (attribute.IsRequired || known.Contains(new Capability(expression.Target, expression.Name, null)))
        {
            return Answer.Right(attribute.Type).If(target.IsRight);
        }

        return Error(
            expression,
            $"the attribute {Quote(expression.Name)} of `{target.Type}` may be absent",
            $"a test with `has {Quote(expression.Name)}` before it",
            attribute.Type);
    }

    private Answer Has(HasExpr expression, CapabilitySet known)
    {
        if (expression.Path.Count == 1)
        {
            return HasOne(expression, expression.Path[0], known);
        }

        var target = expression.Target;
        var steps = new Expr[expression.Path.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = new HasExpr(target, [expression.Path[i]]) { Span = expression.Span };
            target = new AttributeExpr(target, expression.Path[i]) { Span = expression.Span };
        }

        return All(steps, known);
    }

    private Answer HasOne(HasExpr expression, string name, CapabilitySet known)
    {
        var target = Expect(expression.Target, known, Expectation.EntityOrRecord, type => type switch
        {
            SetType => "`contains` tests the elements of a set",
            StringType => "`like` tests the characters of a text",
            _ => null,
        });
        if (target.Type is null)
        {
            return Answer.Wrong(BoolType.Any);
        }

        if (FindAttribute(target.Type, name) is not { } attribute)
        {
            return Answer.Right(BoolType.False).If(target.IsRight);
        }

        // An entity may be missing altogether, so that even its required attributes are there only once that is shown.
        var capability = new Capability(expression.Target, name, null);
        var certain = known.Contains(capability) || (attribute.IsRequired && target.Type is RecordType);
        return Answer.Right(certain ? BoolType.True : BoolType.Any, CapabilitySet.Of(capability)).If(target.IsRight);
    }

    private Answer HasTag(CallExpr call, CapabilitySet known)
    {
        var (entity, name) = TagOperands(call, known);
        if (entity.Type is not EntityReferenceType type)
        {
            return Answer.Wrong();
        }

        var capability = new Capability(call.Arguments[0], null, call.Arguments[1]);
        var answer = TagsOf(type) is null ? BoolType.False : known.Contains(capability) ? BoolType.True : BoolType.Any;
        return Answer.Right(answer, CapabilitySet.Of(capability)).If(entity.IsRight && name.IsRight);
    }

    private Answer GetTag(CallExpr call, CapabilitySet known)
    {
        var (entity, name) = TagOperands(call, known);
        if (entity.Type is not EntityReferenceType type)
        {
            return Answer.Wrong();
        }

        if (!known.Contains(new Capability(call.Arguments[0], null, call.Arguments[1])))
        {
            return Error(call, $"the tag of `{type}` may be absent", "a test of the same tag with `hasTag` before it");
        }

        return TagsOf(type) is { } tags
            ? Answer.Right(tags).If(entity.IsRight && name.IsRight)
            : Error(call, $"entities of type `{type}` have no tags", "an entity type that is declared with `tags`");
    }

    private (Answer Entity, Answer Name) TagOperands(CallExpr call, CapabilitySet known) =>
        (Expect(call.Arguments[0], known, Expectation.Entity), Expect(call.Arguments[1], known, Expectation.Text));

    private CedarType? TagsOf(EntityReferenceType type) => schema.EntityTypes.TryGetValue(type.Name, out var definition) ? definition.Tags : null;

    // Actions have no attributes.
    private AttributeType? FindAttribute(CedarType type, string name) => AttributesOf(type)?.Find(name);

    private RecordType? AttributesOf(CedarType type) => type switch
    {
        RecordType record => record,
        EntityReferenceType entity when schema.EntityTypes.TryGetValue(entity.Name, out var definition) => definition.Attributes,
        _ => null,
    };

    private string Names(CedarType type)
    {
        var names = AttributesOf(type) is { } record ? record.Attributes.Select(attribute => Quote(attribute.Name)).Take(8).ToArray() : [];
        return names.Length == 0 ? "nothing: it has no attributes" : $"one of {string.Join(", ", names)}";
    }
}
