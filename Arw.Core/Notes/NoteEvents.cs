using Arw.Core.Journal;

namespace Arw.Core.Notes;

/// <summary>Kinds of events about notes. Subject: <c>file:PROJECT/PATH</c>.</summary>
public static class NoteEvents
{
    /// <summary>A note was added to a file of notes.</summary>
    public static readonly EventKind<NoteAppended> Appended = new("notes.appended", "A note was added to a file of notes.");
}

/// <summary>Payload of <c>notes.appended</c>.</summary>
/// <param name="Path">The file of notes.</param>
/// <param name="Action">Id of the action that added it; marks the entry in the file.</param>
/// <param name="Text">The note.</param>
/// <param name="Digest">Digest of the whole file now.</param>
public sealed record NoteAppended(string Path, string Action, string Text, string Digest)
{
    /// <summary>True when an earlier attempt had added it and nothing was written now.</summary>
    public bool Already { get; init; }
}
