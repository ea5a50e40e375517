using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Home;

/// <summary>The first page and what was spent today.</summary>
internal static class HomeRegistration
{
    public static IServiceCollection AddHomePages(this IServiceCollection services)
    {
        services.AddSingleton(new FramePart(typeof(SpendChip), FramePlace.TopEnd, 20));
        return services.AddSingleton(new NavPage("", "Home", "M2 7.5 8 2l6 5.5V14H10v-4H6v4H2z", 0));
    }
}
