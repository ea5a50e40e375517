using System.Text.Json;
using Arw.Core.Egress.Dns;
using Arw.Core.Egress.Proxy;
using Arw.Core.Episodes;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Arw.Core.Egress;

/// <summary>Registers the egress pack.</summary>
public static class EgressPack
{
    /// <summary>Adds the guarded way out, its settings, its ledger and its control actions. A <see cref="HostResolver"/> may be registered before to replace the system's. Needs the policy pack, which takes the gate's veto from here.</summary>
    public static IServiceCollection AddArwEgress(this IServiceCollection services)
    {
        services.TryAddSingleton(new ProxyLimits());
        services.TryAddSingleton<HostResolver>(_ => System.Net.Dns.GetHostAddressesAsync);
        return services
            .AddKinds(typeof(EgressEvents))
            .AddReadModel<EgressSettingsModel>()
            .AddReadModel<EgressLedger>()
            .AddAction<SetEgressSettingsAction>()
            .AddAction<SetEgressScopeAction>()
            .AddAction<RemoveEgressScopeAction>()
            .AddAction<SetEgressPriceAction>()
            .AddAction<RemoveEgressPriceAction>()
            .AddSingleton<EgressPrices>()
            .AddSingleton(p => EgressPolicy.From(p.GetRequiredService<PolicyModel>(), p.GetRequiredService<LeasesModel>(), p.GetRequiredService<TimeProvider>()))
            .AddSingleton<EgressGate>()
            .AddSingleton<DescribeEpisode>(p => (started, _, _, context) => started with
            {
                Egress = JsonNamingPolicy.SnakeCaseLower.ConvertName(p.GetRequiredService<EgressGate>().ModeFor(context.Project).ToString()),
            })
            .AddSingleton<TargetVeto>(p => p.GetRequiredService<EgressGate>().Veto)
            .AddSingleton<EgressPreview>()
            .AddSingleton<EgressGuard>()
            .AddSingleton<GuardedHttp>()
            .AddSingleton<ProxyEntrance>()
            .AddSingleton<OpenConnections>()
            .AddSingleton<ProxyDoor>()
            .AddSingleton<ProxyServer>()
            .AddDnsGuard();
    }

    private static IServiceCollection AddDnsGuard(this IServiceCollection services)
    {
        services.TryAddSingleton(new DnsLimits());
        services.TryAddSingleton(DnsOptions.None);
        services.TryAddSingleton<NameLookup>(p => ActivatorUtilities.CreateInstance<Upstream>(p).AskAsync);
        return services
            .AddKinds(typeof(DnsEvents))
            .AddReadModel<DnsLookups>()
            .AddReadModel<DnsAlerts>()
            .AddSingleton<NameGate>()
            .AddSingleton(p => ActivatorUtilities.CreateInstance<LookupBook>(p, LookupBook.In(p.GetRequiredService<DnsLookups>())))
            .AddSingleton<DnsGuard>()
            .AddSingleton<DnsListener>()
            .AddHostedService(p => p.GetRequiredService<DnsListener>());
    }
}
