using Arw.Core.Episodes;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Policy;

/// <summary>Registers the policy pack.</summary>
public static class ArwPolicy
{
    /// <summary>Leases, postures, the kill switch, and the engine that decides by them. The egress pack adds its <see cref="TargetVeto"/>.</summary>
    public static IServiceCollection AddArwPolicy(this IServiceCollection services) => services
        .AddKinds(typeof(LeaseEvents))
        .AddKinds(typeof(PolicyEvents))
        .AddReadModel<LeasesModel>()
        .AddReadModel<PolicyModel>()
        .AddReadModel<DecisionsModel>()
        .AddSingleton<PolicyEngine>()
        .AddSingleton<LeaseTerms>()
        .AddSingleton<LeaseBook>()
        .AddSingleton<DescribeEpisode>(p => (started, kind, _, context) => EpisodePolicy.Describe(
            started, kind, context, p.GetRequiredService<PolicyModel>(), p.GetRequiredService<LeasesModel>(), p.GetRequiredService<TimeProvider>().GetUtcNow()))
        .AddAction<GrantLeaseAction>()
        .AddAction<RevokeLeaseAction>()
        .AddAction<RenewLeaseAction>()
        .AddAction<SetPostureAction>()
        .AddAction<SetStagingAction>()
        .AddAction<SetKillSwitchAction>();
}
