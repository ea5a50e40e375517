using Arw.Core.Beliefs;
using Arw.Core.Memory.Evidence;
using Arw.Core.Memory.Review;
using Arw.Core.Memory.Taint;
using Arw.Core.Memory.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Memory;

/// <summary>Registration of the memory pack; needs beliefs, egress, files, notes, projects and shell.</summary>
public static class MemoryPack
{
    /// <summary>Adds long-term memory, its review queue and export views, and stands before the map.</summary>
    public static IServiceCollection AddArwMemory(this IServiceCollection services) => services
        .AddKinds(typeof(MemoryEvents))
        .AddReadModel<MemoryModel>()
        .AddReadModel<QuarantineModel>()
        .AddReadModel<ViewsModel>()
        .AddReadModel<TaintModel>()
        .AddSingleton<OutsideContent>()
        .AddSingleton<StoredSources>()
        .AddSingleton<Assessor>()
        .AddSingleton<Admission>()
        .AddSingleton<ReviewTurn>()
        .AddSingleton<ReviewQueue>()
        .AddSingleton<MemoryClaims>()
        .AddSingleton<ClaimReview>(p => p.GetRequiredService<MemoryClaims>().ReviewAsync)
        .AddAction<RememberMemory>()
        .AddAction<SearchMemory>()
        .AddAction<ForgetMemory>()
        .AddAction<QuarantineContent>()
        .AddAction<AdmitMemory>()
        .AddAction<RejectMemory>()
        .AddAction<ExtractAgain>()
        .AddAction<GrantView>()
        .AddAction<RevokeView>();
}
