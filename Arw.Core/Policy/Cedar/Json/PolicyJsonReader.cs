using System.Text.Json;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Json;

/// <summary>Reads policies from the language's JSON form. Throws <see cref="JsonFault"/>.</summary>
internal static class PolicyJsonReader
{
    public static CedarPolicy Read(JsonElement json, string id)
    {
        const string What = "a policy";
        JsonForm.Only(json, What, "effect", "principal", "action", "resource", "conditions", "annotations");
        var effect = JsonForm.Text(json, "effect", What) switch
        {
            "permit" => PolicyEffect.Permit,
            "forbid" => PolicyEffect.Forbid,
            var other => throw new JsonFault($"\"{other}\" is no effect.", "permit or forbid"),
        };
        var conditions = new List<PolicyCondition>();
        foreach (var condition in JsonForm.Array(json, "conditions", What).EnumerateArray())
        {
            JsonForm.Only(condition, "a condition", "kind", "body");
            var kind = JsonForm.Text(condition, "kind", "a condition");
            if (kind is not ("when" or "unless"))
            {
                throw new JsonFault($"\"{kind}\" is no kind of condition.", "when or unless");
            }

            conditions.Add(new PolicyCondition(kind == "when", ExprJsonReader.Read(JsonForm.Member(condition, "body", "a condition"))));
        }

        return new CedarPolicy(
            id,
            effect,
            Annotations(json),
            Scope(JsonForm.Member(json, "principal", What), PolicySlot.Principal),
            Action(JsonForm.Member(json, "action", What)),
            Scope(JsonForm.Member(json, "resource", What), PolicySlot.Resource),
            NodeList.From(conditions));
    }

    /// <summary>An entity's name.</summary>
    public static EntityUid Uid(JsonElement json, string where)
    {
        var errors = new List<CedarError>();
        return ValueJson.ReadUid(json, where, errors) ?? throw new JsonFault(errors[0].Message, errors[0].Expected);
    }

    /// <summary>A type's name.</summary>
    public static string TypeName(JsonElement json, string what)
    {
        var name = JsonForm.Text(json, "entity_type", what);
        return Reserved.IsTypeName(name) ? name : throw new JsonFault($"{StringEscapes.Quote(name)} is no type's name.", "identifiers joined by ::");
    }

    private static NodeList<Annotation> Annotations(JsonElement json)
    {
        var annotations = new List<Annotation>();
        if (json.TryGetProperty("annotations", out var written))
        {
            foreach (var annotation in JsonForm.Object(written, "\"annotations\"").EnumerateObject())
            {
                if (!Reserved.IsAnyIdentifier(annotation.Name) || annotation.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                {
                    throw new JsonFault($"The annotation {StringEscapes.Quote(annotation.Name)} is malformed.", "an identifier with a text");
                }

                annotations.Add(new Annotation(annotation.Name, annotation.Value.GetString() ?? "", annotation.Value.ValueKind == JsonValueKind.String));
            }
        }

        return NodeList.From(annotations);
    }

    private static ScopeConstraint Scope(JsonElement json, PolicySlot slot)
    {
        const string What = "a scope";
        switch (JsonForm.Text(json, "op", What))
        {
            case "All" or "all":
                JsonForm.Only(json, What, "op");
                return new ScopeAny();
            case "==":
                return new ScopeEquals(Reference(json, slot, "op", "entity", "slot"));
            case "in":
                return new ScopeIn(Reference(json, slot, "op", "entity", "slot"));
            case "is":
                JsonForm.Only(json, What, "op", "entity_type", "in");
                return new ScopeIs(TypeName(json, What), json.TryGetProperty("in", out var below) ? Reference(below, slot, "entity", "slot") : null);
            case var other:
                throw new JsonFault($"\"{other}\" is no operator of a scope.", "All, ==, in or is");
        }
    }

    private static ScopeConstraint Action(JsonElement json)
    {
        ScopeConstraint constraint;
        if (JsonForm.Text(json, "op", "a scope") == "in" && json.TryGetProperty("entities", out _))
        {
            JsonForm.Only(json, "a scope", "op", "entities");
            constraint = new ScopeInAny(NodeList.From(JsonForm.Array(json, "entities", "a scope").EnumerateArray().Select(e => EntityReference.To(Uid(e, "a scope")))));
        }
        else
        {
            constraint = Scope(json, PolicySlot.Principal);
        }

        if (constraint is ScopeIs || constraint.Slot is not null)
        {
            throw new JsonFault("The action's scope has a type or a slot.", "All, == or in, with actions");
        }

        IEnumerable<EntityReference> actions = constraint switch
        {
            ScopeEquals c => [c.Entity],
            ScopeIn c => [c.Entity],
            ScopeInAny c => c.Entities,
            _ => [],
        };
        foreach (var action in actions)
        {
            if (action.Entity!.Type != "Action" && !action.Entity.Type.EndsWith("::Action", StringComparison.Ordinal))
            {
                throw new JsonFault($"{action.Entity} is no action.", "an entity of type Action, with or without a namespace");
            }
        }

        return constraint;
    }

    private static EntityReference Reference(JsonElement json, PolicySlot slot, params ReadOnlySpan<string> names)
    {
        JsonForm.Only(json, "a scope", names);
        if (!json.TryGetProperty("slot", out _))
        {
            return EntityReference.To(Uid(JsonForm.Member(json, "entity", "a scope"), "a scope"));
        }

        var expected = slot == PolicySlot.Principal ? "?principal" : "?resource";
        return JsonForm.Text(json, "slot", "a scope") == expected && !json.TryGetProperty("entity", out _)
            ? EntityReference.To(slot)
            : throw new JsonFault("A slot is in the wrong place.", expected);
    }
}
