using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Arw.Core.Otel;

/// <summary>Registration of the OpenTelemetry pack.</summary>
public static class OtelPack
{
    /// <summary>Adds the kinds under <c>ext.otel.</c> and the intake. What is sent shows in the read models of the kernel: episodes, steps, observations.</summary>
    public static IServiceCollection AddArwOtel(this IServiceCollection services)
    {
        services.TryAddSingleton(new OtelLimits());
        return services.AddKinds(typeof(OtelEvents)).AddSingleton<OtelIntake>();
    }
}
