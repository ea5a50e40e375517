using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Arw.Core.Primitives;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Features.Actions;
using Arw.Web.Hosting;
using Arw.Web.Streaming;

namespace Arw.Web.Features.Policy;

/// <summary>A lease to grant, as it is sent.</summary>
/// <param name="Capability">What is granted: <c>net.http:GET https://example.org/feeds/*</c>.</param>
/// <param name="Scope">The part after the name of the capability, for clients that send it apart.</param>
/// <param name="Holder">agent:NAME, recipe:ID, episode:CORR or project:ID; the project named here by default.</param>
/// <param name="Subject">The name that existing clients use for the holder.</param>
/// <param name="Project">The project in which it holds; every one by default.</param>
/// <param name="TtlSecs">Seconds until it ends, 1 to 86,400; 3,600 by default.</param>
/// <param name="Limits">How much it may be used.</param>
/// <param name="Reason">Why, for whoever reads it later.</param>
internal sealed record LeaseBody(
    string Capability,
    string? Scope = null,
    string? Holder = null,
    string? Subject = null,
    string? Project = null,
    long? TtlSecs = null,
    LeaseLimits? Limits = null,
    string? Reason = null);

/// <summary>Policy and leases over HTTP.</summary>
internal static class PolicyRoutes
{
    public static IServiceCollection AddPolicyRoutes(this IServiceCollection services) => services.AddRoutes(Map);

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("policy");
        group.MapPost("/leases", GrantAsync).Accepts<LeaseBody>("application/json")
            .WithSummary("Grants a lease (policy.lease.grant). 201 with it.");
        group.MapDelete("/leases/{id}", (HttpContext context, ActionService service, string id) =>
                ActionRoutes.RunAsync(context, service, "policy.lease.revoke", new JsonObject { ["id"] = id }))
            .WithSummary("Revokes a lease at once (policy.lease.revoke).");
        group.MapPost("/policy/validate", (HttpRequest request) => ValidateAsync(request)).Accepts<CedarSource>("application/json")
            .WithSummary("Validates Cedar policies, by a schema where one is sent: {ok, errors: [{message, line, column, policy}], warnings}.");
        group.MapPost("/policy/simulate", (HttpRequest request) => SimulateAsync(request)).Accepts<CedarQuestion>("application/json")
            .WithSummary("Decides requests by the Cedar policies, entities and schema that are sent: {validation, results: [{decision, reason, errors}]}.");
        group.MapGet("/state/policy", Read)
            .WithSummary("How the home decides, and the leases in force: {version, posture, staging, kill_switch, forbids, leases}.");
    }

    private static async Task<IResult> GrantAsync(HttpContext context, ActionService service, LeasesModel leases)
    {
        if (!(await JsonBody.ReadAsync<LeaseBody>(context.Request)).TryGet(out var body, out var refusal))
        {
            return refusal.ToProblem();
        }

        if ((body.Holder ?? body.Subject ?? (body.Project is { } project ? $"project:{project}" : null)) is not { } holder)
        {
            return Refusal.Invalid("The lease names no holder.", "Send holder: agent:NAME, recipe:ID, episode:CORR or project:ID.").ToProblem();
        }

        var grant = new GrantLease(body.Scope is null ? body.Capability : $"{body.Capability} {body.Scope}", holder, body.TtlSecs, body.Limits, body.Reason);
        var request = new SubmitRequest("policy.lease.grant", System.Text.Json.JsonSerializer.SerializeToNode(grant, ArwJson.Options)) { Project = body.Project };
        return await ActionRoutes.RunAsync(
            context,
            service,
            request,
            output => leases.Current.Find((string)output!["id"]!) is { } lease ? LeasesModel.Describe(lease) : output,
            StatusCodes.Status201Created);
    }

    private static async Task<IResult> ValidateAsync(HttpRequest request) =>
        (await JsonBody.ReadAsync<CedarSource>(request)).Map(CedarSimulation.Validate).ToHttp();

    private static async Task<IResult> SimulateAsync(HttpRequest request) =>
        (await JsonBody.ReadAsync<CedarQuestion>(request)).Map(CedarSimulation.Decide).ToHttp();

    // Patches of the document "policy" lead on from this one too: the leases stand beside its own members.
    private static IResult Read(HttpContext context, ModelPatches patches, PolicyModel policy, LeasesModel leases, TimeProvider time)
    {
        if (!context.Principal().MayControl)
        {
            return Refusal.Forbidden("\"policy\" is for people only.").ToProblem();
        }

        var answer = JsonNode.Parse(patches.Read(policy).Body.Span)!.AsObject();
        answer["leases"] = new JsonArray([.. LeaseWords.InForce(leases.Current, time.GetUtcNow()).Select(LeasesModel.Describe)]);
        return StateAnswer.Of(answer);
    }
}
