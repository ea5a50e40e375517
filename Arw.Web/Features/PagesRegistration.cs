using Arw.Web.Components;
using Arw.Web.Features.Egress;
using Arw.Web.Features.Episodes;
using Arw.Web.Features.Events;
using Arw.Web.Features.Home;
using Arw.Web.Features.Policy;
using Arw.Web.Features.Projects;
using Arw.Web.Features.Recipes;
using Arw.Web.Features.Settings;
using Arw.Web.Features.World;
using Arw.Web.Hosting;

namespace Arw.Web.Features;

/// <summary>All pages: one line each.</summary>
public static class PagesRegistration
{
    /// <summary>Registers the frame and every page, and maps them.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services) => services
        .AddComponents()
        .AddHomePages()
        .AddEpisodePages()
        .AddWorldPages()
        .AddPolicyPages()
        .AddEgressPages()
        .AddRecipePages()
        .AddProjectPages()
        .AddEventPages()
        .AddSettingsPages()
        .AddRoutes(routes => routes.MapComponents());
}
