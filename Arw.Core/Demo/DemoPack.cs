using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Arw.Core.Demo;

/// <summary>Registers the demo.</summary>
public static class DemoPack
{
    /// <summary>Adds the first start's demo; needs recipes, files and projects.</summary>
    public static IServiceCollection AddArwDemo(this IServiceCollection services)
    {
        services.TryAddSingleton(new DemoOptions());
        return services.AddHostedService<DemoStart>();
    }
}
