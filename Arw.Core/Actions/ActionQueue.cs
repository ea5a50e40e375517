namespace Arw.Core.Actions;

/// <summary>Which queued action runs next: a pure function of what lives, what is claimed and the time.</summary>
internal static class ActionQueue
{
    /// <summary>The next action to claim: lowest priority number first, then oldest; not before its delay, not beyond its project's or the home's concurrency, not while stopped. Null when there is none.</summary>
    public static LiveAction? Next(LiveActionsState state, DateTimeOffset now, ActionOptions options, Func<string?, bool> stopped)
    {
        var running = state.Actions.Values.Where(a => a.State == ActionState.Running && !a.Orchestrates).ToList();
        var full = running.Count >= options.Total;
        var byProject = running.GroupBy(a => a.Project ?? "").ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        LiveAction? best = null;
        foreach (var action in state.Actions.Values)
        {
            if (action.State != ActionState.Queued
                || action.NotBefore > now
                || (!action.Orchestrates && (full || byProject.GetValueOrDefault(action.Project ?? "") >= options.PerProject))
                || stopped(action.Project))
            {
                continue;
            }

            if (best is null || action.Priority < best.Priority || (action.Priority == best.Priority && action.SubmittedSeq < best.SubmittedSeq))
            {
                best = action;
            }
        }

        return best;
    }

    /// <summary>When a delayed action becomes due; null when none is delayed.</summary>
    public static DateTimeOffset? NextDue(LiveActionsState state, DateTimeOffset now) =>
        state.Actions.Values.Where(a => a.State == ActionState.Queued && a.NotBefore > now).Min(a => a.NotBefore);
}
