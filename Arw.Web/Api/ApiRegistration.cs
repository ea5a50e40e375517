using Arw.Web.Hosting;

namespace Arw.Web.Api;

/// <summary>Registers the routes of the kernel.</summary>
internal static class ApiRegistration
{
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddSingleton(HomeMetrics.Make)
        .AddSingleton<RouteMeters>()
        .AddRoutes(HomeRoutes.Map)
        .AddRoutes(StateRoutes.Map)
        .AddRoutes(BlobRoutes.Map);
}
