using Arw.Core.Beliefs.Diffs;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Beliefs;

/// <summary>Registration of the beliefs pack.</summary>
public static class BeliefsPack
{
    /// <summary>Adds beliefs, intents and diffs that come in, with their actions.</summary>
    public static IServiceCollection AddArwBeliefs(this IServiceCollection services) => services
        .AddKinds(typeof(BeliefEvents))
        .AddKinds(typeof(IntentEvents))
        .AddReadModel<BeliefsModel>()
        .AddReadModel<IntentsModel>()
        .AddSingleton<BeliefTurn>()
        .AddSingleton<BeliefWriter>()
        .AddAction<ProposeBeliefs>()
        .AddAction<AcceptBelief>()
        .AddAction<RejectBelief>()
        .AddAction<RetractBelief>()
        .AddAction<ProposeIntent>()
        .AddAction<ApproveIntent>()
        .AddAction<RejectIntent>()
        .AddKinds(typeof(DiffEvents))
        .AddReadModel<WorldDiffsModel>()
        .AddReadModel<WorldDiffChangesModel>()
        .AddSingleton<DiffDesk>()
        .AddAction<QueueDiff>()
        .AddAction<DecideDiff>()
        .AddAction<RevertDiff>();
}
