using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>Checks every entity and entity type that a policy names against the schema, wherever it stands in the policy.</summary>
internal sealed class PolicyReferences(Schema schema, PolicyFindings findings)
{
    public void Check(CedarPolicy policy)
    {
        Scope(policy.Principal);
        Scope(policy.Action);
        Scope(policy.Resource);
        foreach (var condition in policy.Conditions)
        {
            Expression(condition.Body);
        }
    }

    private void Entity(EntityUid entity, SourceSpan at)
    {
        Type(entity.Type, at);
        if (SchemaNames.IsActionType(entity.Type))
        {
            if (!schema.Actions.ContainsKey(entity))
            {
                findings.Error(at, $"The schema has no action `{entity}`.", Alternatives(entity));
            }
        }
        else if (schema.EntityTypes.TryGetValue(entity.Type, out var type) && !type.Allows(entity.Id))
        {
            findings.Error(at, $"There is no entity `{entity}`.", $"one of {Some(type.Choices!.Select(Parsing.StringEscapes.Quote))}");
        }
    }

    /// <summary>Checks one entity type.</summary>
    public void Type(string type, SourceSpan at)
    {
        if (!schema.Knows(type))
        {
            findings.Error(at, $"The schema has no entity type `{type}`.", $"one of {Some(schema.EntityTypes.Keys.Order(StringComparer.Ordinal).Select(name => $"`{name}`"))}");
        }
    }

    private void Scope(ScopeConstraint scope)
    {
        switch (scope)
        {
            case ScopeEquals equals:
                Reference(equals.Entity);
                break;
            case ScopeIn @in:
                Reference(@in.Entity);
                break;
            case ScopeInAny any:
                foreach (var entity in any.Entities)
                {
                    Reference(entity);
                }

                break;
            case ScopeIs @is:
                Type(@is.EntityType, @is.Span);
                Reference(@is.In);
                break;
            default:
                break;
        }
    }

    private void Reference(EntityReference? reference)
    {
        if (reference?.Entity is { } entity)
        {
            Entity(entity, reference.Span);
        }
    }

    private void Expression(Expr root)
    {
        Stack<Expr> open = new([root]);
        while (open.TryPop(out var expression))
        {
            switch (expression)
            {
                case EntityLiteral literal:
                    Entity(literal.Value, literal.Span);
                    break;
                case IsExpr @is:
                    Type(@is.EntityType, @is.Span);
                    break;
                default:
                    break;
            }

            foreach (var part in ExprParts.Of(expression))
            {
                open.Push(part);
            }
        }
    }

    private string? Alternatives(EntityUid action)
    {
        var similar = schema.Actions.Keys.Where(known => known.Id == action.Id || known.Type == action.Type).OrderByDescending(known => known.Id == action.Id);
        var names = Some(similar.Select(known => $"`{known}`"));
        return names.Length == 0 ? null : $"one of {names}";
    }

    private static string Some(IEnumerable<string> names) => string.Join(", ", names.Take(8));
}
