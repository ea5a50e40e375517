using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Retention;

/// <summary>Registration of the retention pack: archive, drop and expire what the journal need not keep.</summary>
public static class RetentionPack
{
    /// <summary>Adds <c>journal.retention.set</c>, <c>/state/retention</c> and the turns in the background.</summary>
    public static IServiceCollection AddArwRetention(this IServiceCollection services, RetentionOptions options) => services
        .AddSingleton(options)
        .AddKinds(typeof(RetentionEvents))
        .AddReadModel<RetentionModel>()
        .AddAction<SetRetention>()
        .AddSingleton(p => new CheckpointBuilder(
            p.GetRequiredService<Journal.EventJournal>(),
            () => [.. p.GetRequiredService<StateHost>().Models.Values.Select(m => (ReadModel)ActivatorUtilities.CreateInstance(p, m.GetType()))]))
        .AddSingleton<RetentionTurn>()
        .AddSingleton<RetentionService>()
        .AddHostedService(p => p.GetRequiredService<RetentionService>());
}
