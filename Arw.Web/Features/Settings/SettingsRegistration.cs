using Arw.Core.Journal.Anchoring;
using Arw.Web.Api;
using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Settings;

/// <summary>The page of settings.</summary>
internal static class SettingsRegistration
{
    public static IServiceCollection AddSettingsPages(this IServiceCollection services) =>
        services.AddSingleton(p => new HealthPart("anchor", () => AnchorWords.Health(p.GetRequiredService<HeadAnchor>().Status.State))).AddSingleton(new NavPage("settings", "Settings", "M2 4h7m3 0h2M9 2.5v3M2 8h2m3 0h7M4 6.5v3M2 12h6m3 0h3M8 10.5v3", 1000));
}
