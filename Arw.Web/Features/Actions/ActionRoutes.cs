using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;

namespace Arw.Web.Features.Actions;

/// <summary>A request to run an action, as it is sent.</summary>
/// <param name="Kind">Kind of the action.</param>
/// <param name="Input">Its input, by the schema of its kind.</param>
/// <param name="CorrId">Episode; a new one by default.</param>
/// <param name="Project">Project; an agent that is bound to one may leave it out.</param>
/// <param name="IdemKey">The same key returns the first result.</param>
/// <param name="Priority">Lowest runs first; 0 by default.</param>
/// <param name="OnNeedsLease">What to do when a lease is missing: refuse (the default) or ask.</param>
internal sealed record SubmitBody(
    string Kind, JsonNode? Input = null, string? CorrId = null, string? Project = null, string? IdemKey = null, int Priority = 0, OnNeedsLease OnNeedsLease = OnNeedsLease.Refuse);

/// <summary>An answer to an approval, as it is sent.</summary>
/// <param name="Answer">refuse, once, episode, 15m or until_revoked.</param>
/// <param name="Scope">Grants this capability instead of the suggested ones.</param>
/// <param name="Input">Runs the action with this input instead.</param>
internal sealed record AnswerBody(ApprovalAnswer Answer, string? Scope = null, JsonNode? Input = null);

/// <summary>Why an action is cancelled.</summary>
/// <param name="Reason">For the record.</param>
internal sealed record CancelBody(string? Reason = null);

/// <summary>Actions and approvals over HTTP.</summary>
internal static class ActionRoutes
{
    public static IServiceCollection AddActionRoutes(this IServiceCollection services) => services.AddRoutes(Map);

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("actions");
        group.MapPost("/actions", SubmitAsync).Accepts<SubmitBody>("application/json").Produces<SubmitOutcome>(202).Produces<SubmitOutcome>()
            .WithSummary("Submits an action. 202 with its id; 200 for one that ran at once; 403 with the decision; 422 with schema errors; 429 with the queue's limit.");
        group.MapGet("/actions/{id}", Find).Produces<ActionRow>()
            .WithSummary("An action: state, input, output or error.");
        group.MapPost("/actions/{id}/cancel", CancelAsync).Accepts<CancelBody>(isOptional: true, "application/json")
            .WithSummary("Cancels an action that has not ended.");
        group.MapPost("/actions/{id}/approve", (HttpContext context, ActionService service, ActionsModel actions, string id) => DecideAsync(context, service, actions, id, ApprovalAnswer.Once))
            .Accepts<AnswerBody>(isOptional: true, "application/json")
            .WithSummary("Lets a waiting action run: this once, unless the body says otherwise.");
        group.MapPost("/actions/{id}/deny", (HttpContext context, ActionService service, ActionsModel actions, string id) => DecideAsync(context, service, actions, id, ApprovalAnswer.Refuse))
            .WithSummary("Refuses a waiting action.");
        group.MapPost("/approvals/{id}", AnswerAsync).Accepts<AnswerBody>("application/json")
            .WithSummary("Answers an approval. Idempotent.");
        group.MapGet("/state/staging/actions", Staged)
            .WithSummary("Approvals of actions that staging holds back.");
    }

    private static async Task<IResult> SubmitAsync(HttpContext context, ActionService service)
    {
        if (!(await JsonBody.ReadAsync<SubmitBody>(context.Request)).TryGet(out var body, out var refusal))
        {
            return refusal.ToProblem();
        }

        var request = new SubmitRequest(body.Kind, body.Input)
        {
            CorrId = body.CorrId,
            Project = body.Project,
            IdemKey = body.IdemKey,
            Priority = body.Priority,
            OnNeedsLease = body.OnNeedsLease,
        };
        var result = await service.SubmitAsync(request, context.Principal(), context.RequestAborted);
        return result.ToHttp(result is { Ok: true, Value.State: ActionState.Completed } ? 200 : 202);
    }

    private static IResult Find(HttpContext context, ActionsModel actions, string id) =>
        Visible(context, actions, id) is { } row ? Results.Json(row, ArwJson.Options) : Refusal.NotFound("action", id).ToProblem();

    private static async Task<IResult> CancelAsync(HttpContext context, ActionService service, string id)
    {
        if (!(await OptionalAsync(context, new CancelBody())).TryGet(out var body, out var refusal))
        {
            return refusal.ToProblem();
        }

        return await RunAsync(context, service, "action.cancel", new JsonObject { ["action"] = id, ["reason"] = body.Reason });
    }

    private static async Task<IResult> DecideAsync(HttpContext context, ActionService service, ActionsModel actions, string id, ApprovalAnswer answer)
    {
        if (Visible(context, actions, id) is not { } row)
        {
            return Refusal.NotFound("action", id).ToProblem();
        }

        if (row.Approval is not { } approval)
        {
            return Refusal.Conflict($"The action \"{id}\" does not wait for an answer.", "Look at its state.").ToProblem();
        }

        return (await OptionalAsync(context, new AnswerBody(answer))).TryGet(out var body, out var refusal)
            ? await AnswerWithAsync(context, service, approval, answer == ApprovalAnswer.Refuse ? body with { Answer = answer } : body)
            : refusal.ToProblem();
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, ActionService service, string id) =>
        (await JsonBody.ReadAsync<AnswerBody>(context.Request)).TryGet(out var body, out var refusal)
            ? await AnswerWithAsync(context, service, id, body)
            : refusal.ToProblem();

    private static Task<IResult> AnswerWithAsync(HttpContext context, ActionService service, string approval, AnswerBody body)
    {
        var input = System.Text.Json.JsonSerializer.SerializeToNode(body, ArwJson.Options)!.AsObject();
        input["approval"] = approval;
        return RunAsync(context, service, "approval.answer", input);
    }

    private static IResult Staged(HttpContext context, ApprovalsModel approvals)
    {
        var principal = context.Principal();
        var items = approvals.Current.Open.Where(a => a.Request.Reasons.Contains(ApprovalReason.Staging) && principal.MayUse(a.Project));
        return Results.Json(new { version = approvals.Version, items }, ArwJson.Options);
    }

    /// <summary>Runs a control action for a friendly route: the answer is its output.</summary>
    internal static Task<IResult> RunAsync(HttpContext context, ActionService service, string kind, JsonObject input) =>
        RunAsync(context, service, new SubmitRequest(kind, input), output => output);

    /// <summary>Runs a control action for a friendly route.</summary>
    /// <param name="context">The request.</param>
    /// <param name="service">The way in.</param>
    /// <param name="request">The action; members of its input that are null are left out.</param>
    /// <param name="answer">The answer that its output becomes.</param>
    /// <param name="status">Status of the answer; 200 by default.</param>
    internal static async Task<IResult> RunAsync(
        HttpContext context, ActionService service, SubmitRequest request, Func<JsonNode?, JsonNode?> answer, int status = StatusCodes.Status200OK)
    {
        var input = request.Input!.AsObject();
        foreach (var (name, value) in input.ToArray())
        {
            if (value is null)
            {
                input.Remove(name);
            }
        }

        return (await service.SubmitAsync(request, context.Principal(), context.RequestAborted))
            .Map(outcome => answer(outcome.Output) ?? new JsonObject { ["id"] = outcome.Id })
            .ToHttp(status);
    }

    private static ActionRow? Visible(HttpContext context, ActionsModel actions, string id) =>
        actions.Rows.Find(id) is { } row && context.Principal().MayUse(row.Project) ? row : null;

    private static async Task<Result<T>> OptionalAsync<T>(HttpContext context, T fallback)
        where T : class =>
        context.Request.ContentLength is null or 0 && context.Request.ContentType is null ? fallback : await JsonBody.ReadAsync<T>(context.Request);
}
