using Arw.Core.Actions;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Journal.Anchoring;
using Arw.Core.Observations;
using Arw.Core.Primitives;
using Arw.Core.Redaction;
using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Arw.Core;

/// <summary>Registers the kernel: journal, read-model host, actions. It knows no pack.</summary>
public static class Kernel
{
    /// <summary>The kernel over a data folder.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="options">The data folder and the journal's limits.</param>
    public static IServiceCollection AddArwKernel(this IServiceCollection services, JournalOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(p => new IdSource(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(options);
        services.AddSingleton(new BlobStore(options.BlobsPath));
        services.AddSingleton<EventJournal>();
        services.AddSingleton<KindCatalogue>();
        services.AddSingleton(_ => new ViewsDatabase(options.ViewsPath));
        services.AddSingleton<StateHost>();
        services.TryAddSingleton(new ActionOptions());
        services.AddKinds(typeof(ActionEvents)).AddKinds(typeof(EpisodeEvents)).AddKinds(typeof(HomeEvents)).AddKinds(typeof(JournalEvents));
        services.AddReadModel<LiveActions>().AddReadModel<ActionsModel>().AddReadModel<ApprovalsModel>();
        services.AddReadModel<EpisodesModel>().AddReadModel<StepsModel>().AddReadModel<ObservationsModel>();
        services.AddSingleton<ActionCatalogue>().AddSingleton<ActionGate>().AddSingleton<ActionRunner>().AddSingleton<ActionService>();
        services.AddSingleton<ActionDesk>().AddSingleton<ActionScheduler>().AddSingleton<EpisodeOpening>();
        services.AddAction<AnswerApproval>().AddAction<CancelAction>();
        // Started first and so stopped last: its last head vouches for what the others still wrote.
        services.TryAddSingleton(new AnchorOptions());
        services.AddSingleton<HeadAnchor>().AddHostedService(p => p.GetRequiredService<HeadAnchor>());
        services.AddHostedService<KernelStart>();
        services.AddArwRedaction(options.DataDir);
        services.AddHostedService<ActionPump>();
        return services;
    }
}
