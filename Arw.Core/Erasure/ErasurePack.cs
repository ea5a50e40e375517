using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Erasure;

/// <summary>Registration of the erasure pack: a person takes the payload of an event out of the journal for good.</summary>
public static class ErasurePack
{
    /// <summary>Adds <c>journal.erase</c> and <c>/state/erasures</c>.</summary>
    public static IServiceCollection AddArwErasure(this IServiceCollection services) => services
        .AddReadModel<ErasuresModel>()
        .AddAction<ErasePayload>()
        .AddHostedService<ErasureFinish>();
}
