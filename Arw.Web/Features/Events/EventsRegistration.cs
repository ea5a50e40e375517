using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Events;

/// <summary>The tail of the journal.</summary>
internal static class EventsRegistration
{
    public static IServiceCollection AddEventPages(this IServiceCollection services) =>
        services.AddSingleton(new NavPage("journal", "Events", "M2 3h12M2 6.3h12M2 9.6h12M2 13h7", 80));
}
