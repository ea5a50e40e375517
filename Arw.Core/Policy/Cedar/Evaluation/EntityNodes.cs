using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary><c>target.name</c>.</summary>
internal sealed class AttributeNode(Node target, string name, SourceSpan span) : Node(span)
{
    private readonly RequestVariable? _variable = (target as VariableNode)?.Variable;

    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        if (_variable is { } variable)
        {
            if (frame.Fields((int)variable) is { } fields && fields.TryGet(name, out value))
            {
                return true;
            }

            var part = frame.Part((int)variable);
            value = default;
            return frame.Fields((int)variable) is null ? EntityNode.Unknown(ref frame, part.AsEntity, Span) : Missing(ref frame, part);
        }

        if (!target.Evaluate(ref frame, out value))
        {
            return false;
        }

        var of = value;
        switch (of.Kind)
        {
            case ValueKind.Record:
                return of.AsRecord.TryGet(name, out value) || Missing(ref frame, of);
            case ValueKind.Entity:
                return frame.Entities.Find(of.AsEntity) is { } entity
                    ? entity.Attributes.TryGet(name, out value) || Missing(ref frame, of)
                    : EntityNode.Unknown(ref frame, of.AsEntity, Span);
            default:
                return target.WrongKind(ref frame, of, "a record or an entity");
        }
    }

    private bool Missing(ref EvaluationFrame frame, in CedarValue of)
    {
        if (frame.Explains)
        {
            frame.Say($"{Shown(of)} has no attribute \"{name}\".", Span, "one that it has, or a test with \"has\" before");
        }

        return false;
    }
}

/// <summary><c>target has a.b.c</c>.</summary>
internal sealed class HasNode(Node target, string[] path, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame)
    {
        if (!target.Evaluate(ref frame, out var value))
        {
            return Truth.Error;
        }

        foreach (var name in path)
        {
            CedarRecord? fields;
            switch (value.Kind)
            {
                case ValueKind.Record:
                    fields = value.AsRecord;
                    break;
                case ValueKind.Entity:
                    fields = frame.Entities.Find(value.AsEntity)?.Attributes;
                    break;
                default:
                    target.WrongKind(ref frame, value, "a record or an entity");
                    return Truth.Error;
            }

            if (fields is null || !fields.TryGet(name, out value))
            {
                return Truth.False;
            }
        }

        return Truth.True;
    }
}

/// <summary><c>target is Type</c>.</summary>
internal sealed class IsNode(Node target, string type, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame)
    {
        if (!target.Evaluate(ref frame, out var value))
        {
            return Truth.Error;
        }

        if (value.Kind == ValueKind.Entity)
        {
            return Of(value.AsEntity.Type == type);
        }

        target.WrongKind(ref frame, value, "an entity");
        return Truth.Error;
    }
}

/// <summary><c>left in right</c>.</summary>
internal sealed class InNode(Node left, Node right, SourceSpan span) : ConditionNode(span)
{
    public override Truth Test(ref EvaluationFrame frame)
    {
        if (!left.Evaluate(ref frame, out var a) || !right.Evaluate(ref frame, out var b))
        {
            return Truth.Error;
        }

        if (a.Kind != ValueKind.Entity)
        {
            left.WrongKind(ref frame, a, "an entity");
            return Truth.Error;
        }

        var uid = a.AsEntity;
        if (b.Kind == ValueKind.Entity)
        {
            return Of(uid.Equals(b.AsEntity) || (frame.Entities.Find(uid)?.IsIn(b.AsEntity) ?? false));
        }

        if (b.Kind != ValueKind.Set)
        {
            right.WrongKind(ref frame, b, "an entity or a set of entities");
            return Truth.Error;
        }

        // All items must be entities, even those after the one that decides.
        foreach (ref readonly var item in b.AsSet.AsSpan())
        {
            if (item.Kind != ValueKind.Entity)
            {
                right.WrongKind(ref frame, item, "entities only in the set");
                return Truth.Error;
            }
        }

        var entity = frame.Entities.Find(uid);
        foreach (ref readonly var item in b.AsSet.AsSpan())
        {
            if (uid.Equals(item.AsEntity) || (entity?.IsIn(item.AsEntity) ?? false))
            {
                return Truth.True;
            }
        }

        return Truth.False;
    }
}

/// <summary><c>target.hasTag(name)</c> and <c>target.getTag(name)</c>.</summary>
internal sealed class TagNode(bool gets, Node target, Node name, SourceSpan span) : Node(span)
{
    public override bool Evaluate(ref EvaluationFrame frame, out CedarValue value)
    {
        if (!target.Evaluate(ref frame, out value) || !name.Evaluate(ref frame, out var tag))
        {
            return false;
        }

        if (value.Kind != ValueKind.Entity)
        {
            return target.WrongKind(ref frame, value, "an entity");
        }

        if (tag.Kind != ValueKind.String)
        {
            return name.WrongKind(ref frame, tag, "a string");
        }

        var uid = value.AsEntity;
        var entity = frame.Entities.Find(uid);
        if (!gets)
        {
            value = CedarValue.Of(entity is not null && entity.Tags.Has(tag.AsString));
            return true;
        }

        if (entity is null)
        {
            return EntityNode.Unknown(ref frame, uid, Span);
        }

        if (entity.Tags.TryGet(tag.AsString, out value))
        {
            return true;
        }

        if (frame.Explains)
        {
            frame.Say($"{uid} has no tag {tag}.", Span, "one that it has, or a test with \"hasTag\" before");
        }

        return false;
    }
}

/// <summary>What nodes that look up entities share.</summary>
internal static class EntityNode
{
    /// <summary>Records that an entity is not known. Always false.</summary>
    public static bool Unknown(ref EvaluationFrame frame, EntityUid uid, SourceSpan span)
    {
        if (frame.Explains)
        {
            frame.Say($"The entity {uid} is not among the entities.", span, "an entity that is, or a test with \"has\" before");
        }

        return false;
    }
}
