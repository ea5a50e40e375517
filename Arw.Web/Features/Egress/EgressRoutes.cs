using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Episodes;
using Arw.Core.Policy.Postures;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Features.Actions;
using Arw.Web.Hosting;

namespace Arw.Web.Features.Egress;

/// <summary>A request to preview, as it is sent.</summary>
/// <param name="Url">URL that would be asked for.</param>
/// <param name="Method">HTTP method; GET by default.</param>
/// <param name="Project">Project that would ask; an agent that is bound to one may leave it out.</param>
/// <param name="CorrId">Episode that would ask; a new one by default.</param>
/// <param name="Recipe">Recipe that would ask; none by default. For people only.</param>
/// <param name="Headers">Header fields that it would carry; none by default.</param>
/// <param name="Body">Body that it would carry; it is looked at and kept nowhere.</param>
/// <param name="Bytes">Bytes of its body, where the body itself is not sent along.</param>
/// <param name="AnswerBytes">Bytes that the answer is expected to have; not known by default.</param>
/// <param name="TokensIn">Tokens that a model would read; not known by default.</param>
/// <param name="TokensOut">Tokens that a model would write; not known by default.</param>
internal sealed record PreviewBody(
    string Url, string? Method = null, string? Project = null, string? CorrId = null, string? Recipe = null,
    Dictionary<string, string>? Headers = null, string? Body = null, long? Bytes = null, long? AnswerBytes = null, long? TokensIn = null, long? TokensOut = null)
{
    public PreviewContent Content => new() { Headers = [.. Headers ?? []], Body = Body, Size = new RequestSize(Bytes ?? 0, AnswerBytes, TokensIn, TokensOut) };
}

/// <summary>A change of the egress settings, as it is sent; what is left out stays.</summary>
/// <param name="Mode">posture, observe, public or allowlist.</param>
/// <param name="Posture">The name that existing clients use for the mode: off, relaxed, public, standard, allowlist or strict.</param>
/// <param name="Limits">Limits of each request.</param>
/// <param name="Project">A project that gets a mode of its own; the home by default.</param>
internal sealed record EgressSettingsBody(EgressModeChoice? Mode = null, string? Posture = null, EgressLimitsChange? Limits = null, string? Project = null);

/// <summary>The way out over HTTP.</summary>
internal static class EgressRoutes
{
    public static IServiceCollection AddEgressRoutes(this IServiceCollection services) => services.AddRoutes(Map).AddRoutes(EgressExport.Map);

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("egress");
        group.MapPost("/egress/preview", PreviewAsync).Accepts<PreviewBody>("application/json").Produces<EgressPreviewAnswer>()
            .WithSummary("What would become of a request, and why: destination, size, classes of data, estimated cost, deciding rule. Sends and resolves nothing.");
        group.MapPost("/egress/settings", SetAsync).Accepts<EgressSettingsBody>("application/json")
            .WithSummary("Changes the egress settings (egress.settings.set) and answers with them.");
        foreach (var path in new[] { "/egress/settings", "/state/egress/settings" })
        {
            group.MapGet(path, Read)
                .WithSummary("The egress settings: {version, egress: {posture, mode, follows_posture, projects, scopes, prices, limits}}.");
        }
    }

    private static async Task<IResult> PreviewAsync(HttpContext context, EgressPreview preview, EpisodesModel episodes, EventJournal journal, StateHost state, IdSource ids)
    {
        if (!(await JsonBody.ReadAsync<PreviewBody>(context.Request)).TryGet(out var body, out var refusal))
        {
            return refusal.ToProblem();
        }

        var principal = context.Principal();
        if (body.Recipe is not null && !principal.MayControl)
        {
            return Refusal.Forbidden($"{principal.Actor} may not ask on behalf of a recipe.", "Leave the recipe out.").ToProblem();
        }

        if (!principal.ProjectOf(body.Project).TryGet(out var chosen, out refusal)
            || !(await episodes.AdmitAsync(principal, body.CorrId, journal, state, context.RequestAborted)).TryGet(out _, out refusal))
        {
            return refusal.ToProblem();
        }

        return preview.Preview(body.Url, body.Method, new ActionContext
        {
            ActionId = ids.New(),
            Principal = principal,
            Project = chosen.Project,
            CorrId = body.CorrId ?? ids.New(),
            Recipe = body.Recipe,
        }, body.Content).ToHttp();
    }

    private static IResult Read(HttpContext context, EgressGate gate, EgressSettingsModel settings, PolicyModel policy) =>
        context.Principal().MayControl
            ? StateAnswer.Of(Settings(gate, settings, policy))
            : Refusal.Forbidden("The egress settings are for people only.", "Ask POST /egress/preview about a request.").ToProblem();

    private static async Task<IResult> SetAsync(HttpContext context, ActionService service, EgressGate gate, EgressSettingsModel settings, PolicyModel policy)
    {
        if (!(await JsonBody.ReadAsync<EgressSettingsBody>(context.Request)).TryGet(out var body, out var refusal)
            || !Mode(body).TryGet(out var change, out refusal))
        {
            return refusal.ToProblem();
        }

        return await ActionRoutes.RunAsync(
            context,
            service,
            new SubmitRequest("egress.settings.set", JsonSerializer.SerializeToNode(change, ArwJson.Options)),
            _ => Settings(gate, settings, policy));
    }

    private static Result<SetEgressSettings> Mode(EgressSettingsBody body)
    {
        if (body.Posture is null || body.Mode is not null)
        {
            return new SetEgressSettings(body.Mode, body.Limits, body.Project);
        }

        EgressModeChoice? mode = body.Posture switch
        {
            "off" or "relaxed" => EgressModeChoice.Observe,
            "public" or "standard" => EgressModeChoice.Public,
            "allowlist" or "strict" => EgressModeChoice.Allowlist,
            _ => null,
        };
        return mode is null
            ? Refusal.Invalid($"\"{body.Posture}\" is no egress posture.", "Use off, public or allowlist; or send mode.")
            : new SetEgressSettings(mode, body.Limits, body.Project);
    }

    private static JsonObject Settings(EgressGate gate, EgressSettingsModel settings, PolicyModel policy) => new()
    {
        ["version"] = Math.Max(settings.Version, policy.Version),
        ["egress"] = new JsonObject
        {
            ["posture"] = JsonSerializer.SerializeToNode(policy.Current.Posture, ArwJson.Options),
            ["mode"] = JsonSerializer.SerializeToNode(gate.ModeFor(null), ArwJson.Options),
            ["follows_posture"] = settings.Current.Mode is null,
            ["projects"] = JsonSerializer.SerializeToNode(settings.Current.ProjectModes, ArwJson.Options),
            ["scopes"] = JsonSerializer.SerializeToNode(settings.Current.Scopes, ArwJson.Options),
            ["prices"] = JsonSerializer.SerializeToNode(settings.Current.Prices, ArwJson.Options),
            ["limits"] = JsonSerializer.SerializeToNode(settings.Current.Limits, ArwJson.Options),
        },
    };
}
