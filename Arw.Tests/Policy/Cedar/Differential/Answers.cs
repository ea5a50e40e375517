using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Policy.Cedar;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;
using Arw.Core.Policy.Cedar.Values;
using Arw.Tests.Policy.Cedar.Reference;

namespace Arw.Tests.Policy.Cedar.Differential;

/// <summary>What one engine says to a case, each answer as one line.</summary>
internal static class Answers
{
    /// <summary>What ours says.</summary>
    public static List<string> Ours(DifferentialCase test)
    {
        var schema = Schema.Parse(test.Schema);
        var policies = CedarParser.ParsePolicies(test.Policies);
        if (!schema.Ok || !policies.Ok)
        {
            return [schema.Ok ? "policies malformed" : "schema malformed"];
        }

        // Releases of the reference since the public corpus was made only warn of a scope that no action can meet.
        var found = new PolicyValidator(schema.Value) { TolerateInapplicableScopes = true }.Validate(policies.Value);
        var typed = new TypedJson(schema.Value);
        var validator = new RequestValidator(schema.Value);
        var set = CedarPolicySet.Create(policies.Value).OrThrow();
        var (plain, conforming) = (EntitiesJson.Read(test.Entities), typed.ReadEntities(test.Entities));
        var answers = new List<string> { $"invalid {Ids(found.Errors.Select(e => e.PolicyId!))}" };
        foreach (var request in test.Requests)
        {
            using var json = JsonDocument.Parse(request);
            answers.Add(Decide(set, Request(json.RootElement, null), plain, null));
            answers.Add(Decide(set, Request(json.RootElement, typed), conforming, validator));
        }

        return answers;
    }

    /// <summary>What the reference says.</summary>
    public static List<string> Theirs(ReferenceEngine engine, DifferentialCase test)
    {
        var policies = $"{{\"staticPolicies\": {WorldData.Json(test.Policies)}}}";
        var schema = WorldData.Json(test.Schema);
        var validation = JsonNode.Parse(engine.Call("validate", $"{{\"schema\": {schema}, \"policies\": {policies}}}"))!;
        if ((string)validation["type"]! == "failure")
        {
            return [(string)JsonNode.Parse(engine.Call("checkParseSchema", schema))!["type"]! == "success" ? "policies malformed" : "schema malformed"];
        }

        var answers = new List<string> { $"invalid {Ids(validation["validationErrors"]!.AsArray().Select(e => (string)e!["policyId"]!))}" };
        foreach (var request in test.Requests)
        {
            var asked = $"{request[..request.LastIndexOf('}')]}, \"policies\": {policies}, \"entities\": {test.Entities}";
            answers.Add(Answer(engine.Call("isAuthorized", $"{asked}, \"validateRequest\": false}}")));
            answers.Add(Answer(engine.Call("isAuthorized", $"{asked}, \"schema\": {schema}, \"validateRequest\": true}}")));
        }

        return answers;
    }

    private static string Answer(string json)
    {
        var answer = JsonNode.Parse(json)!;
        if ((string)answer["type"]! == "failure")
        {
            return "refused";
        }

        var response = answer["response"]!;
        var diagnostics = response["diagnostics"]!;
        return $"{response["decision"]} {Ids(diagnostics["reason"]!.AsArray().Select(r => (string)r!))} failing {Ids(diagnostics["errors"]!.AsArray().Select(e => (string)e!["policyId"]!))}";
    }

    private static string Decide(CedarPolicySet set, CedarRequest? request, CedarResult<CedarEntities> entities, RequestValidator? validator)
    {
        if (request is null || !entities.Ok || validator?.Check(request) is not null)
        {
            return "refused";
        }

        var answer = set.Decide(request, entities.Value);
        return $"{(answer.Allowed ? "allow" : "deny")} {Ids(answer.Determining)} failing {Ids(answer.Failing.Select(e => e.PolicyId!))}";
    }

    private static CedarRequest? Request(JsonElement json, TypedJson? typed)
    {
        var action = Uid(json.GetProperty("action"));
        var context = ValueJson.ReadContext(json.GetProperty("context"), typed?.Context(action));
        return context.Ok ? new CedarRequest(Uid(json.GetProperty("principal")), action, Uid(json.GetProperty("resource")), context.Value) : null;
    }

    private static EntityUid Uid(JsonElement json) => new(json.GetProperty("type").GetString()!, json.GetProperty("id").GetString()!);

    private static string Ids(IEnumerable<string> ids) => $"[{string.Join(' ', ids.Distinct().Order(StringComparer.Ordinal))}]";
}
