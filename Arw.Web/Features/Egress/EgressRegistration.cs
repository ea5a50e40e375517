using Arw.Core.Egress.Dns;
using Arw.Web.Api;
using Arw.Web.Components.Layout;
using Arw.Web.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Arw.Web.Features.Egress;

/// <summary>The pages of the ledger, and the port of the proxy.</summary>
internal static class EgressRegistration
{
    public static IServiceCollection AddEgressPages(this IServiceCollection services) =>
        services.AddSingleton(new NavPage("egress", "Egress", "M8 10V2m0 0L5 5m3-3 3 3M2 10v3h12v-3", 40));

    public static IServiceCollection AddEgressProxy(this IServiceCollection services) => services
        .AddSingleton<ProxyListener>()
        .AddSingleton<ProxyConnectionHandler>()
        .AddSingleton(new SettingsPart(typeof(ProxyCard)))
        .AddSingleton<IConnectionListenerFactory, ProxyTransport>()
        .AddSingleton<IConfigureOptions<KestrelServerOptions>>(p => p.GetRequiredService<ProxyListener>())
        .AddSingleton(p => new HealthPart("egress_proxy", () => p.GetRequiredService<ProxyListener>().State));

    public static IServiceCollection AddEgressResolver(this IServiceCollection services, ArwOptions options) => services
        .AddSingleton(new DnsOptions(options.DnsPort, options.DnsUpstream))
        .AddSingleton(new SettingsPart(typeof(DnsCard)))
        .AddSingleton(p => new HealthPart("dns_guard", () => p.GetRequiredService<DnsListener>().State switch { DnsPortState.Ok => "ok", DnsPortState.Off => "off", _ => "port_busy" }));
}
