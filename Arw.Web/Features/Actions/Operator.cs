using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Arw.Web.Features.Access;
using Microsoft.AspNetCore.Components.Authorization;

namespace Arw.Web.Features.Actions;

/// <summary>The person in front of a page: everything that a page writes goes through here and so through the one action pipeline, under that person's name. One per circuit.</summary>
public sealed class Operator(ActionService actions, AuthenticationStateProvider authentication)
{
    /// <summary>Who it is.</summary>
    public async Task<Result<Principal>> WhoAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return state.User.FindPrincipal() is { } principal
            ? principal
            : new Refusal("unauthorized", "You are not signed in any more.", "Sign in again.", 401);
    }

    /// <summary>Submits an action.</summary>
    public async Task<Result<SubmitOutcome>> SubmitAsync(SubmitRequest request)
    {
        var who = await WhoAsync();
        return who.TryGet(out var principal, out var refusal) ? await actions.SubmitAsync(request, principal) : refusal;
    }

    /// <summary>Submits a control action: it has run when this returns.</summary>
    public Task<Result<SubmitOutcome>> ControlAsync(string kind, JsonObject input, string? project = null) =>
        SubmitAsync(new SubmitRequest(kind, input) { Project = project });

    /// <summary>Answers an approval.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="input">What runs instead of what was asked; null = as asked.</param>
    public Task<Result<SubmitOutcome>> AnswerAsync(string id, ApprovalAnswer answer, string? scope = null, JsonNode? input = null)
    {
        var body = new JsonObject { ["approval"] = id, ["answer"] = System.Text.Json.JsonSerializer.SerializeToNode(answer, ArwJson.Options) };
        if (scope is not null)
        {
            body["scope"] = scope;
        }

        if (input is not null)
        {
            body["input"] = input;
        }

        return ControlAsync("approval.answer", body);
    }
}
