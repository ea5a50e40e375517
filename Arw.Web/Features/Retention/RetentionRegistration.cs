using Arw.Core.Retention;
using Arw.Web.Api;
using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Retention;

/// <summary>How archive and retention stand: on Settings and on <c>/healthz</c>.</summary>
internal static class RetentionRegistration
{
    public static IServiceCollection AddRetentionCard(this IServiceCollection services) => services
        .AddSingleton(p => new HealthPart("retention", () => p.GetRequiredService<RetentionService>().Status.State))
        .AddSingleton(new SettingsPart(typeof(RetentionCard)));
}
