using System.Collections.Immutable;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Policy.Postures;

/// <summary>The kill switch: what it stops runs no further effect until a person releases it.</summary>
/// <param name="On">True = the whole home stands still.</param>
/// <param name="Projects">Projects that stand still, in order.</param>
public sealed record KillSwitch(bool On, ImmutableList<string> Projects)
{
    /// <summary>Whether things of this project stand still.</summary>
    public bool Stops(string? project) => On || (project is not null && Projects.Contains(project));
}

/// <summary>What a recipe must never do in one episode.</summary>
/// <param name="CorrId">The episode.</param>
/// <param name="Capabilities">What is forbidden.</param>
/// <param name="Recipe">The recipe that says so; null = not said.</param>
public sealed record EpisodeForbids(string CorrId, ImmutableList<Capability> Capabilities, string? Recipe = null);

/// <summary>How the home decides.</summary>
public sealed record PolicyState
{
    /// <summary>The preset in force; standard by default.</summary>
    public Posture Posture { get; init; } = Posture.Standard;

    /// <summary>Which actions wait for a person; auto by default.</summary>
    public StagingMode Staging { get; init; } = StagingMode.Auto;

    /// <summary>The kill switch; off by default.</summary>
    public KillSwitch KillSwitch { get; init; } = new(false, []);

    /// <summary>What recipes must never do, by running episode.</summary>
    public ImmutableList<EpisodeForbids> Forbids { get; init; } = [];

    /// <summary>Whether an action with these effects waits for a person although it is permitted.</summary>
    public bool Stages(Effects effects) => effects switch
    {
        Effects.None => false,
        Effects.Local => Posture == Posture.Strict || Staging == StagingMode.Always,
        _ => Posture == Posture.Strict || Staging is StagingMode.Always or StagingMode.Ask,
    };
}

/// <summary>The read model <c>policy</c>.</summary>
public sealed class PolicyModel : DocumentModel<PolicyState>
{
    /// <inheritdoc/>
    public override string Id => "policy";

    /// <inheritdoc/>
    protected override PolicyState Empty { get; } = new();

    /// <inheritdoc/>
    protected override PolicyState Fold(PolicyState state, JournalEvent e) => e.Kind switch
    {
        _ when PolicyEvents.PostureSet.Is(e) => Same(state, state with { Posture = PolicyEvents.PostureSet.Read(e).Posture }),
        _ when PolicyEvents.StagingSet.Is(e) => Same(state, state with { Staging = PolicyEvents.StagingSet.Read(e).Mode }),
        _ when PolicyEvents.KillSwitchSet.Is(e) => Same(state, state with { KillSwitch = Throw(state.KillSwitch, PolicyEvents.KillSwitchSet.Read(e)) }),
        _ when PolicyEvents.RecipeForbids.Is(e) => Forbid(state, PolicyEvents.RecipeForbids.Read(e)),
        Leases.LeasesModel.EpisodeEnded when e.CorrId is { } episode && state.Forbids.Exists(f => f.CorrId == episode) =>
            state with { Forbids = state.Forbids.RemoveAll(f => f.CorrId == episode) },
        _ => state,
    };

    private static PolicyState Same(PolicyState before, PolicyState after) => before == after ? before : after;

    private static KillSwitch Throw(KillSwitch before, KillSwitchSet set)
    {
        if (set.Project is not { } project)
        {
            return before.On == set.On ? before : before with { On = set.On };
        }

        return before.Projects.Contains(project) == set.On ? before
            : before with { Projects = set.On ? [.. before.Projects.Add(project).Sort(StringComparer.Ordinal)] : before.Projects.Remove(project) };
    }

    private static PolicyState Forbid(PolicyState state, RecipeForbids said)
    {
        var forbidden = said.Capabilities
            .Select(text => Capability.Parse(text).TryGet(out var capability, out _) ? capability : null)
            .OfType<Capability>()
            .ToImmutableList();
        var others = state.Forbids.RemoveAll(f => f.CorrId == said.CorrId);
        return state with { Forbids = forbidden.IsEmpty ? others : others.Add(new EpisodeForbids(said.CorrId, forbidden, said.Recipe)) };
    }
}
