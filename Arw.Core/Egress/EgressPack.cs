using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Arw.Core.Egress;

/// <summary>Registers the egress pack.</summary>
public static class EgressPack
{
    /// <summary>Adds the guarded way out, its settings, its ledger and its control actions. <see cref="EgressPolicy"/> and <see cref="HostResolver"/> may be registered before to replace the defaults.</summary>
    public static IServiceCollection AddArwEgress(this IServiceCollection services)
    {
        services.TryAddSingleton<HostResolver>(_ => Dns.GetHostAddressesAsync);
        return services
            .AddKinds(typeof(EgressEvents))
            .AddReadModel<EgressSettingsModel>()
            .AddReadModel<EgressLedger>()
            .AddAction<SetEgressSettingsAction>()
            .AddAction<SetEgressScopeAction>()
            .AddAction<RemoveEgressScopeAction>()
            .AddSingleton<EgressGate>()
            .AddSingleton<GuardedHttp>();
    }
}
