using Arw.Core.Journal;
using Arw.Core.State;
using Arw.Web.Components.Layout;
using Arw.Web.Components.Live;
using Arw.Web.Components.Sidecar;
using MudBlazor.Services;

namespace Arw.Web.Components;

/// <summary>The frame and the parts that every page uses.</summary>
public static class ComponentsRegistration
{
    // A person may edit an input of this size on a page; the framework's own limit is 32 KiB.
    private const int LargestMessage = 512 * 1024;

    /// <summary>Registers the components. Features then add their <see cref="NavPage"/>, <see cref="FramePart"/>, <see cref="SidecarTab"/> and <see cref="GoToSource"/>.</summary>
    public static IServiceCollection AddComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        services.AddCascadingAuthenticationState();
        services.AddMudServices();
        services.AddSingleton(p =>
        {
            // Taken once: its timer may look a last time while the home goes down, when services can no longer be asked for.
            var (journal, state) = (p.GetRequiredService<EventJournal>(), p.GetRequiredService<StateHost>());
            return new LiveLag(() => journal.Head - state.Folded, p.GetRequiredService<TimeProvider>(), () => Trouble(journal, state));
        });
        return services.AddScoped<Preferences>().AddScoped<Announcer>().AddScoped<Focus>();
    }

    /// <summary>Maps the pages; they are for people only.</summary>
    public static void MapComponents(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization("person");

    private static LiveTrouble? Trouble(EventJournal journal, StateHost state) =>
        journal.Fault is { } fault ? new LiveTrouble("Not recording", $"{fault.Message} Nothing is recorded, so nothing can be done here until it is over.", fault.Next)
        : state.Fault is not null ? new LiveTrouble("Stopped", "The read models do not follow the journal: what the pages show is out of date.", "See the home's log.")
        : null;
}
