using System.Buffers;
using System.Text;
using System.Text.Json;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Json;

/// <summary>Policies and sets of policies in the language's JSON form, both ways.</summary>
public static class CedarJson
{
    // Deep enough for chains of some thousand operands; what nests otherwise is refused by its height.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 10_000, AllowDuplicateProperties = false };

    /// <summary>A policy or template as JSON.</summary>
    public static string Write(CedarPolicy policy) => Write(json => PolicyJsonWriter.Write(json, policy));

    /// <summary>A set as JSON: <c>staticPolicies</c>, <c>templates</c> and <c>templateLinks</c>.</summary>
    public static string Write(CedarPolicySet set) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("templates");
        foreach (var template in set.Templates)
        {
            json.WritePropertyName(template.Id);
            PolicyJsonWriter.Write(json, template);
        }

        json.WriteEndObject();
        json.WriteStartObject("staticPolicies");
        foreach (var policy in set.Policies.Where(p => p.Link is null))
        {
            json.WritePropertyName(policy.Id);
            PolicyJsonWriter.Write(json, policy.Source);
        }

        json.WriteEndObject();
        json.WriteStartArray("templateLinks");
        foreach (var link in set.Policies.Select(p => p.Link).OfType<TemplateLink>())
        {
            json.WriteStartObject();
            json.WriteString("templateId", link.Template);
            json.WriteString("newId", link.Id);
            json.WriteStartObject("values");
            Slot(json, "?principal", link.Principal);
            Slot(json, "?resource", link.Resource);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>A policy or template from JSON.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="id">Its id, which the JSON form does not hold.</param>
    public static CedarResult<CedarPolicy> ReadPolicy(string json, string id = "policy0") => Read<CedarPolicy>(json, "the policy", root => PolicyJsonReader.Read(root, id));

    /// <summary>An expression from JSON.</summary>
    public static CedarResult<Expr> ReadExpression(string json) => Read<Expr>(json, "the expression", root => ExprJsonReader.Read(root));

    /// <summary>An expression as JSON.</summary>
    public static string Write(Expr expression) => Write(json => ExprJsonWriter.Write(json, expression));

    /// <summary>A set from JSON.</summary>
    public static CedarResult<CedarPolicySet> ReadSet(string json) => Read(json, "the policies", root =>
    {
        JsonForm.Only(root, "a set of policies", "staticPolicies", "templates", "templateLinks");
        var policies = new List<CedarPolicy>();
        foreach (var part in (ReadOnlySpan<string>)["templates", "staticPolicies"])
        {
            if (root.TryGetProperty(part, out var written))
            {
                foreach (var policy in JsonForm.Object(written, $"\"{part}\"").EnumerateObject())
                {
                    policies.Add(Kind(PolicyJsonReader.Read(policy.Value, policy.Name), part == "templates"));
                }
            }
        }

        var links = root.TryGetProperty("templateLinks", out _) ? JsonForm.Array(root, "templateLinks", "a set of policies").EnumerateArray().Select(Link).ToList() : [];
        return CedarPolicySet.Empty.Edit(edit =>
        {
            edit.Add(policies);
            links.ForEach(edit.Add);
        });
    });

    private static CedarPolicy Kind(CedarPolicy policy, bool isTemplate) =>
        policy.IsTemplate == isTemplate
            ? policy
            : throw new JsonFault($"The policy \"{policy.Id}\" has {(isTemplate ? "no slot" : "a slot")}.", "templates, and only templates, among \"templates\"");

    private static TemplateLink Link(JsonElement json)
    {
        const string What = "a link";
        JsonForm.Only(json, What, "templateId", "newId", "values");
        var values = JsonForm.Member(json, "values", What);
        JsonForm.Only(values, "\"values\"", "?principal", "?resource");
        return new TemplateLink(JsonForm.Text(json, "templateId", What), JsonForm.Text(json, "newId", What), Slot(values, "?principal"), Slot(values, "?resource"));
    }

    private static EntityUid? Slot(JsonElement values, string slot) =>
        values.TryGetProperty(slot, out var value) ? PolicyJsonReader.Uid(value, "a link") : null;

    private static void Slot(Utf8JsonWriter json, string slot, EntityUid? value)
    {
        if (value is not null)
        {
            json.WritePropertyName(slot);
            PolicyJsonWriter.Uid(json, value);
        }
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PolicyJsonWriter.Options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static CedarResult<T> Read<T>(string json, string what, Func<JsonElement, CedarResult<T>> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return read(document.RootElement);
        }
        catch (JsonException malformed)
        {
            return ValueJson.Malformed(what, malformed);
        }
        catch (JsonFault fault)
        {
            return new CedarError(fault.Message, Expected: fault.Expected);
        }
    }
}
