using Arw.Web.Api;
using Arw.Web.Components.Layout;
using Arw.Web.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Arw.Web.Features.Otel;

/// <summary>The intake from OpenTelemetry exporters: its ports, its routes, its card among the settings.</summary>
internal static class OtelRegistration
{
    public static IServiceCollection AddOtelIntake(this IServiceCollection services) => services
        .AddSingleton<OtelListeners>()
        .AddSingleton<IConfigureOptions<KestrelServerOptions>>(p => p.GetRequiredService<OtelListeners>())
        .AddSingleton<IStartupFilter, OtelGuard>()
        .AddSingleton(p => new HealthPart("otlp_http", () => p.GetRequiredService<OtelListeners>().Http.State))
        .AddSingleton(p => new HealthPart("otlp_grpc", () => p.GetRequiredService<OtelListeners>().Grpc.State))
        .AddSingleton(new SettingsPart(typeof(OtelCard)))
        .AddRoutes(OtelRoutes.Map);
}
