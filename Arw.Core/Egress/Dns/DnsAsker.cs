using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Egress.Proxy;

namespace Arw.Core.Egress.Dns;

/// <summary>Who looks names up.</summary>
/// <param name="Context">In whose name; null for a client on loopback, of whom nothing is known.</param>
public sealed record DnsAsker(ActionContext? Context)
{
    /// <summary>Nobody in particular: any program of this machine.</summary>
    public static DnsAsker Anybody { get; } = new((ActionContext?)null);

    private static readonly ActionContext Nobody = new() { ActionId = "", Principal = Principal.System("dns"), CorrId = "" };

    /// <summary>The program of an action. What it asks is, like each of its connections, no part of the action itself: a lease for that one action does not reach here.</summary>
    public static DnsAsker Of(ProxyIdentity identity) => new(new ActionContext
    {
        ActionId = "",
        ParentId = identity.Action,
        Principal = identity.Principal,
        Project = identity.Project,
        CorrId = identity.CorrId,
        Recipe = identity.Recipe,
    });

    /// <summary>True when leases may count: somebody holds them.</summary>
    public bool IsKnown => Context is not null;

    /// <summary>For the questions to gate and policy.</summary>
    internal ActionContext Asking => Context ?? Nobody;

    /// <summary>What tells askers apart.</summary>
    internal (string Actor, string? Project, string CorrId) Key => (Asking.Principal.Actor, Asking.Project, Asking.CorrId);
}
