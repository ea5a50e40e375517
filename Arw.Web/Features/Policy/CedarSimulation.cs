using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Policy.Cedar;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;

namespace Arw.Web.Features.Policy;

/// <summary>Policies to validate.</summary>
/// <param name="Policies">Cedar text.</param>
/// <param name="Schema">Schema in the human syntax; null = only the policies' own form is judged.</param>
internal sealed record CedarSource(string Policies, string? Schema = null);

/// <summary>Policies with requests to decide, in plain Cedar semantics: nothing of this home's own policy takes part.</summary>
/// <param name="Policies">Cedar text.</param>
/// <param name="Requests">What to decide.</param>
/// <param name="Entities">Entities in Cedar's JSON form; none by default.</param>
/// <param name="Schema">Schema in the human syntax; null = entities and requests are taken as they are.</param>
internal sealed record CedarQuestion(string Policies, IReadOnlyList<CedarQuestionRequest> Requests, JsonElement? Entities = null, string? Schema = null);

/// <summary>One request.</summary>
/// <param name="Principal">Who: <c>{"type", "id"}</c>.</param>
/// <param name="Action">Does what.</param>
/// <param name="Resource">With what.</param>
/// <param name="Context">Under which circumstances; an empty record by default.</param>
/// <param name="ValidateRequest">Whether it must conform to the schema; true by default, without effect where there is none.</param>
internal sealed record CedarQuestionRequest(
    JsonElement Principal,
    JsonElement Action,
    JsonElement Resource,
    JsonElement? Context = null,
    [property: System.Text.Json.Serialization.JsonPropertyName("validateRequest")] bool ValidateRequest = true);

/// <summary>Answers what policies, entities and a schema that somebody sends would say. Each request is decided for itself; one that cannot be read is denied, with what is wrong.</summary>
internal sealed class CedarSimulation
{
    private readonly CedarPolicySet? _policies;
    private readonly CedarEntities? _entities;
    private readonly TypedJson? _typed;
    private readonly RequestValidator? _requests;

    private CedarSimulation(string policies, string? schema, JsonElement? entities)
    {
        var problems = new List<CedarError>();
        var read = schema is null ? default : Schema.Parse(schema);
        problems.AddRange(read.Errors);
        if (read.Value is { } known)
        {
            (_typed, _requests) = (new TypedJson(known), new RequestValidator(known));
        }

        var set = CedarPolicySet.Parse(policies);
        problems.AddRange(set.Errors);
        _policies = set.Value;
        if (set.Ok && read.Value is { } by)
        {
            var result = new PolicyValidator(by).Validate(set.Value);
            problems.AddRange(result.Errors);
            Warnings = result.Warnings;
        }

        if (entities is { } json)
        {
            var found = _typed?.ReadEntities(json.GetRawText()) ?? EntitiesJson.Read(json);
            problems.AddRange(found.Errors);
            _entities = found.Value;
        }

        if (schema is not null && !read.Ok)
        {
            // Without its schema nothing was read as it was meant.
            (_policies, _entities) = (null, null);
        }

        Problems = problems;
    }

    private IReadOnlyList<CedarError> Problems { get; }

    private IReadOnlyList<CedarError> Warnings { get; } = [];

    /// <summary>Whether policies hold by themselves and by a schema: <c>{ok, errors, warnings}</c>.</summary>
    public static JsonObject Validate(CedarSource source) => new CedarSimulation(source.Policies, source.Schema, null).Validation();

    /// <summary>The validation, and for each request <c>{decision, reason, errors}</c>.</summary>
    public static JsonObject Decide(CedarQuestion question)
    {
        using var none = JsonDocument.Parse("[]");
        var simulation = new CedarSimulation(question.Policies, question.Schema, question.Entities ?? none.RootElement);
        return new JsonObject
        {
            ["validation"] = simulation.Validation(),
            ["results"] = new JsonArray([.. question.Requests.Select(simulation.Decide)]),
        };
    }

    private JsonObject Validation() => new()
    {
        ["ok"] = Problems.Count == 0,
        ["errors"] = Describe(Problems),
        ["warnings"] = Describe(Warnings),
    };

    private JsonNode Decide(CedarQuestionRequest asked)
    {
        if (_policies is null || _entities is null)
        {
            return Denied(new CedarError("Nothing can be decided: see validation."));
        }

        var errors = new List<CedarError>();
        var principal = ValueJson.ReadUid(asked.Principal, "principal", errors);
        var action = ValueJson.ReadUid(asked.Action, "action", errors);
        var resource = ValueJson.ReadUid(asked.Resource, "resource", errors);
        if (principal is null || action is null || resource is null)
        {
            return Denied([.. errors]);
        }

        var context = asked.Context is { } json ? ValueJson.ReadContext(json, _typed?.Context(action)) : ValueJson.ReadContext("{}");
        if (!context.Ok)
        {
            return Denied([.. context.Errors]);
        }

        var request = new CedarRequest(principal, action, resource, context.Value);
        if (asked.ValidateRequest && _requests?.Check(request) is { } wrong)
        {
            return Denied(wrong);
        }

        var answer = _policies.Decide(request, _entities);
        return new JsonObject
        {
            ["decision"] = answer.Allowed ? "allow" : "deny",
            ["reason"] = Texts(answer.Determining),
            ["errors"] = Texts(answer.Failing.Select(e => e.PolicyId!)),
            ["explanations"] = Describe(answer.Failing),
        };
    }

    // Fail closed: a request that is not understood is not allowed, and says why beside the lists of policies.
    private static JsonObject Denied(params CedarError[] problems) => new()
    {
        ["decision"] = "deny",
        ["reason"] = new JsonArray(),
        ["errors"] = new JsonArray(),
        ["problems"] = Describe(problems),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static JsonArray Describe(IEnumerable<CedarError> errors) => new([.. errors.Select(e =>
    {
        var described = new JsonObject { ["message"] = e.Expected is null ? e.Message : $"{e.Message} Expected {e.Expected}." };
        if (e.Line > 0)
        {
            (described["line"], described["column"]) = (e.Line, e.Column);
        }

        if (e.PolicyId is { } policy)
        {
            described["policy"] = policy;
        }

        return described;
    })]);
}
