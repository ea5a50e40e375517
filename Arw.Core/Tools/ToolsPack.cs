using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Tools;

/// <summary>Registers the tools that fetch and echo.</summary>
public static class ToolsPack
{
    /// <summary>Adds <c>http.fetch</c>, <c>feed.read</c> and <c>demo.echo</c>. Needs the egress pack.</summary>
    public static IServiceCollection AddArwTools(this IServiceCollection services) => services
        .AddAction<HttpFetch>()
        .AddAction<FeedRead>()
        .AddAction<Echo>();
}
