using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>Checks requests against a schema: that the action applies to the types of principal and resource, and that the context is of its type.</summary>
/// <param name="schema">The schema.</param>
public sealed class RequestValidator(Schema schema)
{
    private readonly ValueChecker _values = new(schema);

    /// <summary>What is wrong with a request; null when nothing is.</summary>
    public CedarError? Check(CedarRequest request)
    {
        if ((Entity(request.Principal, "principal") ?? Entity(request.Resource, "resource")) is { } error)
        {
            return error;
        }

        if (!schema.Actions.TryGetValue(request.Action, out var action))
        {
            return new CedarError($"The schema has no action {request.Action}.", Expected: "an action of the schema");
        }

        return Applies(request.Principal, "principal", action, action.PrincipalTypes)
            ?? Applies(request.Resource, "resource", action, action.ResourceTypes)
            ?? _values.Fields(request.Context, action.Context, $"the context of {action.Uid}");
    }

    private CedarError? Entity(EntityUid uid, string part) =>
        schema.EntityTypes.ContainsKey(uid.Type)
            ? _values.Entity(uid, $"the {part}")
            : new CedarError($"The schema has no entity type `{uid.Type}`, which the {part} {uid} is of.", Expected: "an entity type of the schema");

    private static CedarError? Applies(EntityUid uid, string part, ActionDefinition action, IReadOnlyList<string> types) =>
        types.Contains(uid.Type, StringComparer.Ordinal)
            ? null
            : new CedarError(
                $"The action {action.Uid} does not apply to a {part} of type `{uid.Type}`.",
                Expected: types.Count == 0 ? "another action, since it applies to none" : string.Join(" or ", types.Select(type => $"`{type}`")));
}
