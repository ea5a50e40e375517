using System.Collections.Frozen;
using Arw.Core.Access;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;

namespace Arw.Core.Policy.Engine;

/// <summary>Posture, leases and forbids arranged for deciding: made when one of them changes, read without locks.</summary>
internal sealed class PolicyIndex
{
    private static readonly Lease[] NoLeases = [];
    private readonly FrozenDictionary<string, Lease[]> _agents;
    private readonly FrozenDictionary<string, Lease[]> _recipes;
    private readonly FrozenDictionary<string, Lease[]> _episodes;
    private readonly FrozenDictionary<string, Lease[]> _projects;
    private readonly FrozenDictionary<string, Capability[]> _forbids;
    private readonly FrozenSet<string> _stopped;

    public PolicyIndex(PolicyState policy, LeasesState leases)
    {
        (Policy, Leases) = (policy, leases);
        Permits = PermitPolicy.Of(policy.Posture);
        _agents = Held(leases, "agent:");
        _recipes = Held(leases, "recipe:");
        _episodes = Held(leases, "episode:");
        _projects = Held(leases, "project:");
        _forbids = policy.Forbids.ToFrozenDictionary(f => f.CorrId, f => f.Capabilities.ToArray(), StringComparer.Ordinal);
        _stopped = policy.KillSwitch.Projects.ToFrozenSet(StringComparer.Ordinal);
    }

    public PolicyState Policy { get; }

    public LeasesState Leases { get; }

    public PermitPolicy[] Permits { get; }

    /// <summary>Whether the kill switch holds this project.</summary>
    public bool Stops(string? project) => Policy.KillSwitch.On || (project is not null && _stopped.Contains(project));

    /// <summary>Whether the recipe of this episode says that it never does this, or part of it.</summary>
    public bool Forbids(string? corrId, Capability capability)
    {
        if (corrId is null || !_forbids.TryGetValue(corrId, out var forbidden))
        {
            return false;
        }

        foreach (var never in forbidden)
        {
            if (never.Covers(capability) || (IsPattern(capability, never) && Capability.Meet(never, capability) is not null))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Leases of each holder that the request stands for. Order: agent, recipe, episode, project.</summary>
    public Lease[] Of(int holder, in AccessRequest request) => holder switch
    {
        0 => request.Principal.Kind == PrincipalKind.Agent ? Get(_agents, request.Principal.Name) : NoLeases,
        1 => Get(_recipes, request.Recipe),
        2 => Get(_episodes, request.CorrId),
        _ => Get(_projects, request.Project),
    };

    // What is asked may be wider than what is forbidden: then a common part is enough to forbid it.
    private static bool IsPattern(Capability capability, Capability never) =>
        !capability.Scope.IsConcrete || capability.Name.EndsWith('*') || (capability.Verbs.Count != 1 && never.Verbs.Count > 0);

    private static Lease[] Get(FrozenDictionary<string, Lease[]> leases, string? name) =>
        name is not null && leases.TryGetValue(name, out var held) ? held : NoLeases;

    private static FrozenDictionary<string, Lease[]> Held(LeasesState leases, string prefix) => leases.Live
        .Where(l => l.Holder.StartsWith(prefix, StringComparison.Ordinal))
        .GroupBy(l => l.Holder[prefix.Length..], StringComparer.Ordinal)
        // Leases without limits first: what costs nothing is used before what runs out.
        .ToFrozenDictionary(g => g.Key, g => g.OrderBy(l => l.Limits.Any).ToArray(), StringComparer.Ordinal);
}
