using Arw.Core.Shell.Containment;
using Arw.Web.Api;
using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Shell;

/// <summary>The card that says what holds the programs of agents, and its part of <c>/healthz</c>.</summary>
internal static class ShellRegistration
{
    public static IServiceCollection AddShellPages(this IServiceCollection services) => services
        .AddSingleton(new SettingsPart(typeof(ShellCard)))
        .AddSingleton(p => new HealthPart("sandbox", () => p.GetRequiredService<Sandbox>().Seen switch { null => "not_tried", { Missing: null } => "ok", _ => "missing" }));
}
