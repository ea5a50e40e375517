using Arw.Core.Access;
using Arw.Core.Policy.Capabilities;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;

namespace Arw.Core.Policy.Engine;

/// <summary>What the network guard says about a target before any lease counts: the code of its objection (<c>address_not_public</c>, <c>not_in_allowlist</c>), or null when the target may be asked for. Registered by the egress pack; without one, targets that are plainly not public are objected to.</summary>
/// <param name="capability">A <c>net.http</c> capability.</param>
/// <param name="project">The project that asks; null for the whole home.</param>
public delegate string? TargetVeto(Capability capability, string? project);

/// <summary>
/// The one policy check. Default deny; what forbids wins; needs-lease exactly when a suggested lease would make it allow.
/// Callers ask at submit, at claim and before each effect, and know nothing of how it is decided, so another engine can stand behind the same two methods.
/// </summary>
/// <param name="policy">Posture, kill switch, what recipes forbid.</param>
/// <param name="leases">Leases in force.</param>
/// <param name="veto">The network guard's objections; null = only plainly non-public targets.</param>
public sealed class PolicyEngine(PolicyModel policy, LeasesModel leases, TargetVeto? veto = null)
{
    internal const string Leased = "lease";
    internal const string NoRights = "no_rights";
    internal const string PeopleOnly = "people_only";
    internal const string ForeignProject = "foreign_project";
    internal const string NoProject = "no_project";
    internal const string Killed = "kill_switch";
    internal const string Never = "recipe.never";
    internal const string NotPublic = "address_not_public";
    internal const string NoHolder = "no_holder";
    internal const string Control = "control";

    private const int HolderKinds = 4;
    private volatile PolicyIndex _index = new(policy.Current, leases.Current);

    /// <summary>Decides. Allocates nothing while posture and leases stay as they are.</summary>
    public Decision Decide(in AccessRequest request)
    {
        var index = Index();
        if (Forbidden(index, request) is { } forbid)
        {
            return new Decision(DecisionEffect.Deny, forbid, null);
        }

        if (request.Capability.IsControl)
        {
            return new Decision(DecisionEffect.Allow, Control, null);
        }

        foreach (var permit in index.Permits)
        {
            if (permit.Permits(request))
            {
                return new Decision(DecisionEffect.Allow, permit.Id, null);
            }
        }

        var objection = Objection(request);
        for (var holder = 0; holder < HolderKinds; holder++)
        {
            foreach (var lease in index.Of(holder, request))
            {
                if (Grants(lease, request) && Reaches(lease, request.Capability, objection))
                {
                    return new Decision(DecisionEffect.Allow, Leased, lease.Id);
                }
            }
        }

        return objection is not null ? new Decision(DecisionEffect.Deny, objection, null)
            : LeaseHolder.Exists(request) ? new Decision(DecisionEffect.NeedsLease, null, null)
            : new Decision(DecisionEffect.Deny, NoHolder, null);
    }

    /// <summary>The decision in words, with what would change it.</summary>
    public DecisionReport Explain(in AccessRequest request, Decision decision) => DecisionWords.Explain(Index(), request, decision);

    /// <summary>Whether the lease is for this request and in force. Who holds it is known already.</summary>
    internal static bool Grants(Lease lease, in AccessRequest request) =>
        lease.Capability.Covers(request.Capability)
        && (lease.Action is null || lease.Action == request.ActionId)
        && (lease.Project is null || lease.Project == request.Project)
        && lease.IsLive(request.Now)
        && lease.HasRoom(request.Capability.UsdMicros);

    private static bool Reaches(Lease lease, Capability capability, string? objection) =>
        objection is null || lease.ReachesNonPublic || capability.Scope is HttpScope { Host.IsNonPublicLiteral: false };

    private static string? Forbidden(PolicyIndex index, in AccessRequest request)
    {
        var principal = request.Principal;
        if (principal.Kind is PrincipalKind.Node or PrincipalKind.Guest)
        {
            return NoRights;
        }

        if (request.Capability.IsControl)
        {
            // Governing goes on while the kill switch holds everything else.
            return principal.MayControl ? null : PeopleOnly;
        }

        return !principal.MayUse(request.Project) ? ForeignProject
            : request.Project is null && request.Capability.Scope is FileScope ? NoProject
            : index.Stops(request.Project) ? Killed
            : index.Forbids(request.CorrId, request.Capability) ? Never
            : null;
    }

    private string? Objection(in AccessRequest request) => request.Capability.Scope is not HttpScope http ? null
        : veto is not null ? veto(request.Capability, request.Project)
        : http.Host.IsNonPublicLiteral ? NotPublic
        : null;

    private PolicyIndex Index()
    {
        var index = _index;
        var (nowPolicy, nowLeases) = (policy.Current, leases.Current);
        return ReferenceEquals(index.Policy, nowPolicy) && ReferenceEquals(index.Leases, nowLeases)
            ? index
            : _index = new PolicyIndex(nowPolicy, nowLeases);
    }
}
