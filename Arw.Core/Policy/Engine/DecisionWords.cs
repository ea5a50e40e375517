using System.Globalization;
using Arw.Core.Policy.Leases;

namespace Arw.Core.Policy.Engine;

/// <summary>Decisions in words.</summary>
internal static class DecisionWords
{
    public static DecisionReport Explain(PolicyIndex index, in AccessRequest request, Decision decision)
    {
        var posture = index.Policy.Posture.ToString().ToLowerInvariant();
        var former = decision.Effect == DecisionEffect.NeedsLease ? Former(index, request) : null;
        var (code, reason) = decision.Effect switch
        {
            DecisionEffect.Allow when decision.LeaseId is { } id => ("leased", Leased(index, id)),
            DecisionEffect.Allow => ("permitted", Permitted(decision.PolicyId, posture)),
            DecisionEffect.Deny => Denied(index, request, decision.PolicyId!),
            _ => ("needs_lease", Needed(former, request, posture)),
        };
        return new DecisionReport
        {
            Effect = decision.Effect,
            Code = code,
            Reason = reason,
            ActionKind = request.ActionKind,
            Capability = request.Capability.ToString(),
            Posture = posture,
            Policies = decision.PolicyId is { } policy ? [policy] : [],
            Leases = decision.LeaseId is { } lease ? [lease] : [],
            FormerLease = former?.Id,
            Suggested = decision.Effect == DecisionEffect.NeedsLease ? LeaseSuggestions.For(request.Capability) : [],
        };
    }

    private static string Permitted(string? policy, string posture) => policy == PolicyEngine.Control
        ? "People govern the home; no lease is needed."
        : $"The posture \"{posture}\" permits it.";

    private static string Leased(PolicyIndex index, string id) => index.Leases.Find(id) is { } lease
        ? $"{lease.GrantedBy} granted {lease.Holder} to {lease.Capability.Describe()}, {End(lease)}."
        : $"The lease {id} grants it.";

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string End(Lease lease) => lease.Mode switch
    {
        LeaseMode.UntilRevoked => "until it is revoked",
        LeaseMode.Episode => "for this episode",
        _ => $"until {Moment(lease.Until.GetValueOrDefault())}",
    };

    private static (string Code, string Reason) Denied(PolicyIndex index, in AccessRequest request, string policy)
    {
        var what = request.Capability.Describe();
        return policy switch
        {
            PolicyEngine.NoRights => (policy, $"{request.Principal.Actor} has no rights to act."),
            PolicyEngine.PeopleOnly => (policy, $"Only people may use \"{request.Capability}\"."),
            PolicyEngine.ForeignProject => (policy, request.Project is { } project
                ? $"{request.Principal.Actor} has no access to the project \"{project}\"."
                : $"{request.Principal.Actor} acts inside a project only, and none was named."),
            PolicyEngine.NoProject => (policy, $"Files belong to a project, and none was named: cannot {what}."),
            PolicyEngine.NoHolder => (policy, $"To {what} takes a lease, and nobody could hold it: no agent, recipe, episode or project was named."),
            PolicyEngine.Killed => (policy, index.Policy.KillSwitch.On
                ? "The kill switch is on: nothing has effects until a person releases it."
                : $"The kill switch is on for the project \"{request.Project}\" until a person releases it."),
            PolicyEngine.Never => ("forbidden", $"{Recipe(index, request)} says that it never may {what}."),
            PolicyEngine.NotPublic => (policy, $"\"{request.Capability.Host}\" is not on the public internet. Only a person makes it reachable, by naming its host and port in an egress scope or a lease."),
            "address_literal" => (policy, $"\"{request.Capability.Host}\" is an address, not a name. A person makes it reachable by naming it and its port in an egress scope or a lease."),
            "dns_over_https" or "dns_over_tls" or "dns_elsewhere" => (policy, $"\"{request.Capability.Host}\" is another resolver: names that are looked up there go around this home. Only a person makes it reachable, by naming its host and port in an egress scope."),
            "denied_by_scope" => (policy, $"An egress scope says that \"{request.Capability.Host}\" is never asked for, whatever else allows it."),
            "not_in_allowlist" => (policy, $"\"{request.Capability.Host}\" is in no egress scope, and egress goes to the hosts of scopes only."),
            _ => (policy, $"The network guard objects ({policy}): cannot {what}."),
        };
    }

    private static string Recipe(PolicyIndex index, AccessRequest request) =>
        index.Policy.Forbids.Find(f => f.CorrId == request.CorrId)?.Recipe is { } recipe ? $"The recipe \"{recipe}\"" : "The recipe";

    private static string Needed(Lease? former, in AccessRequest request, string posture)
    {
        var need = $"To {request.Capability.Describe()} takes a lease under the posture \"{posture}\"";
        return former switch
        {
            null => $"{need}, and none covers it.",
            { Ended: { } end } lease => $"{need}. The lease {lease.Id} that covered it was ended by {end.By} at {Moment(end.At)}{(end.Reason is { } why ? $": {why}" : ".")}",
            { } lease when !lease.IsLive(request.Now) => $"{need}. The lease {lease.Id} that covered it ran out at {Moment(lease.Until.GetValueOrDefault())}.",
            { } lease => $"{need}. The lease {lease.Id} that covers it is used up.",
        };
    }

    // The lease whose loss the reader is most likely to ask about: the last one of these holders that covered it.
    private static Lease? Former(PolicyIndex index, AccessRequest request) =>
        index.Leases.Ended.Concat(index.Leases.Live).LastOrDefault(l =>
            l.Capability.Covers(request.Capability)
            && (l.Action is null || l.Action == request.ActionId)
            && (l.Project is null || l.Project == request.Project)
            && LeaseHolder.Is(l.Holder, request));
}
