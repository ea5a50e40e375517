using Arw.Core.Actions;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Models;

/// <summary>The models pack: manifests and <c>model.chat</c>.</summary>
public static class ModelsPack
{
    /// <summary>Registers the pack.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="outbound">The way out for HTTP of an action.</param>
    public static IServiceCollection AddArwModels(this IServiceCollection services, Func<IServiceProvider, ActionRun, HttpMessageHandler> outbound) => services
        .AddKinds(typeof(ModelEvents))
        .AddReadModel<ModelCatalogue>()
        .AddAction<RegisterModelAction>()
        .AddAction<RemoveModelAction>()
        .AddSingleton<ActionKind>(p => new ChatAction(
            p.GetRequiredService<ModelCatalogue>(),
            new ChatEndpoints(run => outbound(p, run), Environment.GetEnvironmentVariable),

            // Asked at use, not at construction: this kind is one of them.
            id => p.GetServices<ActionKind>().FirstOrDefault(k => k.Id == id),
            p.GetRequiredService<TimeProvider>()));
}
