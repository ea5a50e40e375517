using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
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
            yield return PolicyEvents.RecipeForbids.Draft(
                new RecipeForbids(context.CorrId, never) { Recipe = manifest.Id },
                context.Principal.Actor,
                RecipeEvents.RunSubject(context.ActionId),
                context.Project,
                context.CorrId);
        }

        foreach (var permission in manifest.Permissions.Where(p => p.Mode == PermissionMode.Allow && acceptedBy is not null))
        {
            var id = ids.New();
            yield return LeaseEvents.Granted.Draft(
                new LeaseGranted(id, permission.Capability, $"episode:{context.CorrId}")
                {
                    Project = context.Project,
                    Mode = permission.TtlSecs is null ? LeaseMode.Episode : LeaseMode.Ttl,
                    Until = now + (permission.TtlSecs is { } seconds ? TimeSpan.FromSeconds(seconds) : LongestEpisode),
                    Episode = permission.TtlSecs is null ? context.CorrId : null,
                    Reason = $"Accepted at the launch of {manifest.Id} {manifest.Version}.",

                    // The words are the recipe's, not the person's own: like an approval's, they must not open addresses that are not public by name.
                    Approval = $"launch:{context.ActionId}",
                },
                context.Principal.Actor,
                LeaseEvents.Subject(id),
                context.Project,
                context.CorrId);
        }
    }
}
