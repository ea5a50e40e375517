using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Arw.Core.Access;

/// <summary>Registration of the access pack.</summary>
public static class AccessPack
{
    /// <summary>Registers credentials, sessions and the doorkeeper. The host adds the <see cref="AdminToken"/>.</summary>
    public static IServiceCollection AddArwAccess(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => new SecretSource());
        return services
            .AddKinds(typeof(AccessEvents))
            .AddReadModel<CredentialsModel>()
            .AddReadModel<SessionsModel>()
            .AddAction<MintCredentialAction>()
            .AddAction<RevokeCredentialAction>()
            .AddSingleton<Doorkeeper>();
    }
}
