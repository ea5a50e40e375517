namespace Arw.Web.Hosting;

/// <summary>Routes that a feature maps once the host is built.</summary>
/// <param name="Map">Maps them.</param>
public sealed record Routes(Action<IEndpointRouteBuilder> Map);

/// <summary>How features register their routes.</summary>
public static class RoutesRegistration
{
    /// <summary>Registers routes; they need a credential unless they say <c>AllowAnonymous</c>.</summary>
    public static IServiceCollection AddRoutes(this IServiceCollection services, Action<IEndpointRouteBuilder> map) =>
        services.AddSingleton(new Routes(map));

    /// <summary>Maps all registered routes, in the order of their registration.</summary>
    internal static void MapRegisteredRoutes(this IEndpointRouteBuilder endpoints)
    {
        foreach (var routes in endpoints.ServiceProvider.GetServices<Routes>())
        {
            routes.Map(endpoints);
        }
    }
}
