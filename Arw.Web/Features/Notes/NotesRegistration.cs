using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Notes;

/// <summary>The page of notes.</summary>
internal static class NotesRegistration
{
    public static IServiceCollection AddNotesPages(this IServiceCollection services) =>
        services.AddSingleton(new NavPage("notes", "Notes", "M3 2h7l3 3v9H3zM10 2v3h3M5 8h6M5 11h4", 65));
}
