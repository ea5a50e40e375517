using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Episodes;

/// <summary>Who may add to an episode.</summary>
public static class EpisodeAccess
{
    /// <summary>Whether somebody may add to the episode of a correlation id: it is new, or its project is theirs. An episode belongs to the project of its first event.</summary>
    /// <param name="episodes">All episodes.</param>
    /// <param name="principal">Who.</param>
    /// <param name="corrId">The correlation id; null = a new one.</param>
    /// <param name="journal">Everything durable counts.</param>
    /// <param name="state">Folds the episodes.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public static async ValueTask<Result<Done>> AdmitAsync(
        this EpisodesModel episodes, Principal principal, string? corrId, EventJournal journal, StateHost state, CancellationToken cancel)
    {
        if (principal.MayControl || corrId is null)
        {
            return default(Done);
        }

        if (corrId.StartsWith(EpisodesModel.ControlPrefix, StringComparison.Ordinal))
        {
            return Refusal.Forbidden($"\"{corrId}\" is a correlation id of the home itself.", "Leave corr_id out to begin a new episode.");
        }

        // The journal's index answers at once; waiting for the read models would tie a sender's pace to theirs.
        // Where retention dropped events, an episode's first may be gone: then only the read model knows whose it is.
        var dropped = journal.Archive.Now.DroppedTo > 0 ? episodes.Rows.Find(corrId) : null;
        var first = journal.Read(0, new EventFilter { CorrId = corrId }, max: 1) is [var e] ? e : null;
        if (first is null && dropped is null)
        {
            return default(Done);
        }

        var project = dropped is null ? first!.Project : dropped.Project;
        if (project is null)
        {
            // An episode that began with an event of no project may have come to one since.
            await state.WaitForAsync(journal.Head, cancel);
            project = episodes.Rows.Find(corrId)?.Project;
        }

        return principal.MayUse(project)
            ? default(Done)
            : Refusal.Forbidden($"The episode \"{corrId}\" belongs to a project that {principal.Actor} is not bound to.", "Leave corr_id out to begin a new episode.");
    }
}
