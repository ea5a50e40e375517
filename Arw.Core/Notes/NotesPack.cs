using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Notes;

/// <summary>Registration of the notes pack; needs the projects pack.</summary>
public static class NotesPack
{
    /// <summary>Adds <c>notes.append</c> and <c>/state/notes</c>.</summary>
    public static IServiceCollection AddArwNotes(this IServiceCollection services) => services
        .AddKinds(typeof(NoteEvents))
        .AddReadModel<NotesModel>()
        .AddAction<AppendNote>();
}
