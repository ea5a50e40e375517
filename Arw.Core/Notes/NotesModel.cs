using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Notes;

/// <summary>A note as it was added.</summary>
/// <param name="Seq">Seq of its event.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Path">The file of notes.</param>
/// <param name="Text">The note.</param>
public sealed record Note(long Seq, DateTimeOffset Time, string Actor, string Path, string Text)
{
    /// <summary>Project; null for none.</summary>
    public string? Project { get; init; }

    /// <summary>Episode; null for none.</summary>
    public string? CorrId { get; init; }
}

/// <summary>The newest notes, newest first.</summary>
/// <param name="Items">At most 200.</param>
public sealed record NotesState(ImmutableList<Note> Items);

/// <summary>What was noted last: <c>/state/notes</c>.</summary>
public sealed class NotesModel : DocumentModel<NotesState>
{
    private const int Kept = 200;

    /// <inheritdoc/>
    public override string Id => "notes";

    /// <inheritdoc/>
    protected override NotesState Empty { get; } = new([]);

    /// <inheritdoc/>
    protected override NotesState Fold(NotesState state, JournalEvent e)
    {
        if (!NoteEvents.Appended.Is(e) || NoteEvents.Appended.Read(e) is not { Already: false } appended)
        {
            return state;
        }

        var items = state.Items.Insert(0, new Note(e.Seq, e.Time, e.Actor, appended.Path, appended.Text) { Project = e.Project, CorrId = e.CorrId });
        return new(items.Count > Kept ? items.RemoveAt(Kept) : items);
    }
}
