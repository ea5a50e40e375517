using Arw.Web.Components.Layout;
using Arw.Web.Components.Sidecar;

namespace Arw.Web.Features.World;

/// <summary>The map of what a project holds true, and the details of a node beside it.</summary>
internal static class WorldRegistration
{
    public const string ContextTab = "context";

    public static IServiceCollection AddWorldPages(this IServiceCollection services) => services
        .AddSingleton(new NavPage("map", "Project map", "M4 4.5a1.5 1.5 0 1 0 0-.1M12 4.5a1.5 1.5 0 1 0 0-.1M8 13a1.5 1.5 0 1 0 0-.1M5 5.6 7.3 11M11 5.6 8.7 11M5.6 4.4h4.8", 20))
        .AddSingleton(new SidecarTab(ContextTab, "Context", typeof(ContextTab), 30));
}
