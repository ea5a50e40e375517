using Arw.Core.Actions;
using Arw.Web.Components.Layout;
using Arw.Web.Components.Sidecar;

namespace Arw.Web.Features.Policy;

/// <summary>The page of policy and the posture in the top bar.</summary>
internal static class PolicyRegistration
{
    public static IServiceCollection AddPolicyPages(this IServiceCollection services)
    {
        services.AddSingleton(new FramePart(typeof(PostureChip), FramePlace.TopEnd, 10));
        services.AddSingleton(new FramePart(typeof(StopButton), FramePlace.TopEnd, 11));
        services.AddSingleton(new SidecarTab("policy", "Policy", typeof(LeasesLane), 20));
        return services.AddSingleton(new NavPage("policy", "Policy", "M8 2 3 4v4c0 3 2 5 5 6 3-1 5-3 5-6V4z", 30)
        {
            Count = new NavCount(["approvals"], p => p.GetRequiredService<ApprovalsModel>().Current.Open.Count),
        });
    }
}
