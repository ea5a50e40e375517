using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>What an accepted manifest changes in policy, as events: a lease for each <c>allow</c>, a ban for all <c>never</c>; <c>ask</c> changes nothing.</summary>
internal static class LaunchPolicy
{
    private static readonly TimeSpan LongestEpisode = TimeSpan.FromHours(24);

    public static IEnumerable<EventDraft> Drafts(RecipeManifest manifest, ActionContext context, string? acceptedBy, DateTimeOffset now, IdSource ids)
    {
        var never = manifest.Permissions.Where(p => p.Mode == PermissionMode.Never).Select(p => p.Capability).ToArray();
        if (never.Length > 0)
        {
            yield return Draft(context, "policy.recipe.forbids", $"recipe_run:{context.ActionId}", new { corr_id = context.CorrId, capabilities = never, recipe = manifest.Id });
        }

        foreach (var permission in manifest.Permissions.Where(p => p.Mode == PermissionMode.Allow && acceptedBy is not null))
        {
            var id = ids.New();
            yield return Draft(context, "policy.lease.granted", $"lease:{id}", new
            {
                id,
                capability = permission.Capability,
                holder = $"episode:{context.CorrId}",
                project = context.Project,
                mode = permission.TtlSecs is null ? "episode" : "ttl",
                until = now + (permission.TtlSecs is { } seconds ? TimeSpan.FromSeconds(seconds) : LongestEpisode),
                episode = permission.TtlSecs is null ? context.CorrId : null,
                reason = $"Accepted at the launch of {manifest.Id} {manifest.Version}.",

                // The words are the recipe's, not the person's own: like an approval's, they must not open addresses that are not public by name.
                approval = $"launch:{context.ActionId}",
            });
        }
    }

    private static EventDraft Draft<T>(ActionContext context, string kind, string subject, T payload) =>
        new(kind, ArwJson.ToUtf8(payload), context.Principal.Actor) { Subject = subject, Project = context.Project, CorrId = context.CorrId };
}
