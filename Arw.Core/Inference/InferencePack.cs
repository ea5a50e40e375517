using Arw.Core.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Inference;

/// <summary>The inference pack: the worker and its events.</summary>
public static class InferencePack
{
    /// <summary>Registers the pack. <see cref="InferenceOptions"/> registered before are kept. Needs the kernel.</summary>
    public static IServiceCollection AddArwInference(this IServiceCollection services)
    {
        services.TryAddSingleton(new InferenceOptions());
        return services
            .AddKinds(typeof(InferenceEvents))
            .AddSingleton(p =>
            {
                var journal = p.GetRequiredService<EventJournal>();
                return new InferenceWorker(
                    p.GetRequiredService<InferenceOptions>(),
                    p.GetRequiredService<TimeProvider>(),
                    async draft => await journal.AppendAsync(draft),
                    p.GetRequiredService<ILogger<InferenceWorker>>());
            });
    }
}
