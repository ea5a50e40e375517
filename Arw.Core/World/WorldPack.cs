using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.World;

/// <summary>Registration of the world pack; needs the beliefs pack.</summary>
public static class WorldPack
{
    /// <summary>Adds the map of each project, its selector and its overview.</summary>
    public static IServiceCollection AddArwWorld(this IServiceCollection services) => services
        .AddReadModel<WorldNodesModel>()
        .AddReadModel<WorldEdgesModel>()
        .AddSingleton<WorldSelector>()
        .AddSingleton<WorldMap>();
}
