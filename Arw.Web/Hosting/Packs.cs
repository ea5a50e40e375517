using Arw.Core.Access;
using Arw.Core.Policy;
using Arw.Web.Features.Access;
using Arw.Web.Features.Actions;

namespace Arw.Web.Hosting;

/// <summary>The packs of this home: one line each, Core parts and routes.</summary>
internal static class Packs
{
    /// <summary>Registers every pack.</summary>
    public static IServiceCollection AddPacks(this IServiceCollection services) => services
        .AddArwPolicy().AddActionRoutes()
        .AddArwAccess().AddAccessRoutes();
}
