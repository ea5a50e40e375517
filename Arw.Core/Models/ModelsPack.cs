using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Models;

/// <summary>The models pack: manifests and <c>model.chat</c>.</summary>
public static class ModelsPack
{
    /// <summary>Registers the pack.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="outbound">The way out for HTTP of an action.</param>
    /// <param name="refusalOf">The refusal that an exception of that way carries; null when it carries none.</param>
    /// <param name="tokenPrice">What the host of an address charges for a million tokens read and written, in micro-USD; null = not known.</param>
    public static IServiceCollection AddArwModels(
        this IServiceCollection services,
        Func<IServiceProvider, ActionRun, HttpMessageHandler> outbound,
        Func<Exception, Refusal?> refusalOf,
        Func<IServiceProvider, Uri, (long In, long Out)?> tokenPrice) => services
        .AddKinds(typeof(ModelEvents))
        .AddReadModel<ModelCatalogue>()
        .AddAction<RegisterModelAction>()
        .AddAction<RemoveModelAction>()
        .AddSingleton<ActionKind>(p => new ChatAction(
            p.GetRequiredService<ModelCatalogue>(),
            new ChatEndpoints(run => outbound(p, run), Environment.GetEnvironmentVariable, refusalOf),

            // Asked at use, not at construction: this kind is one of them.
            id => p.GetServices<ActionKind>().FirstOrDefault(k => k.Id == id),
            p.GetRequiredService<TimeProvider>(),
            text => p.GetRequiredService<Redactor>() is var redactor ? redactor.Mask(text, redactor.Setup.Prompts) : text,
            model => model is { PriceIn: null, PriceOut: null } && tokenPrice(p, new Uri(model.Endpoint)) is var (priceIn, priceOut)
                ? model with { PriceIn = priceIn, PriceOut = priceOut }
                : model));
}
