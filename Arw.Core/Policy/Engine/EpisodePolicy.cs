using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Episodes;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;

namespace Arw.Core.Policy.Engine;

/// <summary>What an episode's first event says about policy: the posture, and the leases in force that it could use.</summary>
internal static class EpisodePolicy
{
    public static EpisodeStarted Describe(EpisodeStarted started, ActionKind kind, ActionContext context, PolicyModel policy, LeasesModel leases, DateTimeOffset now)
    {
        var request = new AccessRequest
        {
            Principal = context.Principal,
            ActionKind = kind.Id,
            ActionId = context.ActionId,
            Effects = kind.Effects,
            Capability = Capability.Of(kind.Id),
            Project = context.Project,
            CorrId = context.CorrId,
            Recipe = context.Recipe,
            Now = now,
        };
        return started with
        {
            Posture = JsonNamingPolicy.SnakeCaseLower.ConvertName(policy.Current.Posture.ToString()),
            Leases =
            [
                .. leases.Current.Live
                    .Where(l => l.IsLive(now) && LeaseHolder.Is(l.Holder, request) && (l.Action ?? context.ActionId) == context.ActionId && (l.Project is null || l.Project == context.Project))
                    .Select(l => new EpisodeLease(l.Id, l.Capability.ToString(), l.Until)),
            ],
        };
    }
}
