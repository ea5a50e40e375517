using System.Text.Json.Nodes;
using Arw.Core.Actions;

namespace Arw.Web.Features.Actions;

/// <summary>How something that ended badly is tried again.</summary>
public static class ActionRetry
{
    /// <summary>The request that tries it again: its recipe goes on from where it stopped, anything else is asked for anew. Null when it did not end badly, or when its recipe lives on without it.</summary>
    /// <param name="action">The action.</param>
    /// <param name="parent">The action above it; null for none.</param>
    public static SubmitRequest? Of(ActionRow action, ActionRow? parent)
    {
        if (!EndedBadly(action) || action.Control)
        {
            return null;
        }

        var run = IsRun(action) ? action : parent is not null && IsRun(parent) ? parent : null;
        return run is null ? Request(action, action.Kind, action.Input?.DeepClone())
            : EndedBadly(run) ? Request(run, "recipe.retry", new JsonObject { ["run"] = run.Id })
            : null;
    }

    private static SubmitRequest Request(ActionRow of, string kind, JsonNode? input) =>
        new(kind, input) { CorrId = of.CorrId, Project = of.Project, OnNeedsLease = OnNeedsLease.Ask };

    private static bool IsRun(ActionRow action) => action.Kind is "recipe.run" or "recipe.retry";

    private static bool EndedBadly(ActionRow action) => action.State is ActionState.Failed or ActionState.Refused or ActionState.Cancelled;
}
