using System.Text.Encodings.Web;
using System.Text.Json;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Json;

/// <summary>Writes policies in the language's JSON form.</summary>
internal static class PolicyJsonWriter
{
    // A long chain of && nests as deep as it is long.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = int.MaxValue, SkipValidation = true };

    public static void Write(Utf8JsonWriter json, CedarPolicy policy)
    {
        json.WriteStartObject();
        json.WriteString("effect", policy.Effect == PolicyEffect.Permit ? "permit" : "forbid");
        json.WritePropertyName("principal");
        Scope(json, policy.Principal);
        json.WritePropertyName("action");
        Scope(json, policy.Action);
        json.WritePropertyName("resource");
        Scope(json, policy.Resource);
        json.WriteStartArray("conditions");
        foreach (var condition in policy.Conditions)
        {
            json.WriteStartObject();
            json.WriteString("kind", condition.IsWhen ? "when" : "unless");
            json.WritePropertyName("body");
            ExprJsonWriter.Write(json, condition.Body);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (policy.Annotations.Count > 0)
        {
            json.WriteStartObject("annotations");
            foreach (var annotation in policy.Annotations)
            {
                json.WriteString(annotation.Key, annotation.Value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary><c>{"type": …, "id": …}</c>.</summary>
    public static void Uid(Utf8JsonWriter json, EntityUid uid)
    {
        json.WriteStartObject();
        json.WriteString("type", uid.Type);
        json.WriteString("id", uid.Id);
        json.WriteEndObject();
    }

    private static void Scope(Utf8JsonWriter json, ScopeConstraint constraint)
    {
        json.WriteStartObject();
        switch (constraint)
        {
            case ScopeEquals c:
                json.WriteString("op", "==");
                Reference(json, c.Entity);
                break;
            case ScopeIn c:
                json.WriteString("op", "in");
                Reference(json, c.Entity);
                break;
            case ScopeInAny c:
                json.WriteString("op", "in");
                json.WriteStartArray("entities");
                foreach (var entity in c.Entities)
                {
                    Uid(json, entity.Entity!);
                }

                json.WriteEndArray();
                break;
            case ScopeIs c:
                json.WriteString("op", "is");
                json.WriteString("entity_type", c.EntityType);
                if (c.In is { } below)
                {
                    json.WriteStartObject("in");
                    Reference(json, below);
                    json.WriteEndObject();
                }

                break;
            default:
                json.WriteString("op", "All");
                break;
        }

        json.WriteEndObject();
    }

    private static void Reference(Utf8JsonWriter json, EntityReference reference)
    {
        if (reference.Slot is { } slot)
        {
            json.WriteString("slot", slot == PolicySlot.Principal ? "?principal" : "?resource");
        }
        else
        {
            json.WritePropertyName("entity");
            Uid(json, reference.Entity!);
        }
    }
}
