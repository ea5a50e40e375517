using Arw.Core.Notes;

namespace Arw.Web.Features.Notes;

/// <summary>Which notes the page shows.</summary>
internal static class NotesView
{
    /// <summary>The notes of one project, newest first; of all projects when none is chosen.</summary>
    public static IReadOnlyList<Note> Of(NotesState state, string? project) =>
        [.. state.Items.Where(n => project is null || n.Project == project)];
}
