using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Text;

/// <summary>The text pack: <c>text.embed</c>, <c>topics.cluster</c>, <c>text.summarize</c>, <c>text.extract</c>.</summary>
public static class TextPack
{
    /// <summary>Registers the pack. Needs the inference pack.</summary>
    public static IServiceCollection AddArwText(this IServiceCollection services) => services
        .AddAction<EmbedAction>()
        .AddAction<ClusterAction>()
        .AddAction<SummarizeAction>()
        .AddAction<ExtractAction>()
        .AddAction<FactsAction>();
}
