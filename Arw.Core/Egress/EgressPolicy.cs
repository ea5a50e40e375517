using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;

namespace Arw.Core.Egress;

/// <summary>What egress asks of policy.</summary>
/// <param name="PostureMode">The mode that goes with the posture in force.</param>
/// <param name="SpelledByLease">Whether a live lease that a person wrote, and that the run may use, spells the host and port of what is asked for, letter by letter.</param>
public sealed record EgressPolicy(Func<EgressMode> PostureMode, Func<Capability, ActionContext, bool> SpelledByLease)
{
    /// <summary>The parts of a capability for which live leases exist that the run may use; none by default.</summary>
    public Func<Capability, ActionContext, IEnumerable<Capability>> Leased { get; init; } = (_, _) => [];

    /// <summary>The posture and leases of the policy pack.</summary>
    public static EgressPolicy From(PolicyModel policy, LeasesModel leases, TimeProvider time) => new(
        () => policy.Current.Posture switch
        {
            Posture.Relaxed => EgressMode.Observe,
            Posture.Standard => EgressMode.Public,
            _ => EgressMode.Allowlist,
        },
        (capability, context) =>
        {
            var request = Ask(capability, context, time.GetUtcNow());
            return leases.Current.Live.Exists(l => l.ReachesNonPublic && LeaseHolder.Is(l.Holder, request) && PolicyEngine.Grants(l, request));
        })
    {
        Leased = (capability, context) =>
        {
            var request = Ask(capability, context, time.GetUtcNow());
            return leases.Current.Live
                .Where(l => LeaseHolder.Is(l.Holder, request))
                .Select(l => Capability.Meet(l.Capability, capability))
                .OfType<Capability>()
                .Distinct();
        },
    };

    private static AccessRequest Ask(Capability capability, ActionContext context, DateTimeOffset now) => new()
    {
        Principal = context.Principal,
        ActionKind = "",
        ActionId = context.ActionId,
        Effects = Effects.External,
        Capability = capability,
        Project = context.Project,
        CorrId = context.CorrId,
        Recipe = context.Recipe,
        Now = now,
    };
}
