using Arw.Core.Access;
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
    /// <param name="state">Folds the episodes.</param>
    /// <param name="head">Everything up to this seq counts.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public static async ValueTask<Result<Done>> AdmitAsync(
        this EpisodesModel episodes, Principal principal, string? corrId, StateHost state, long head, CancellationToken cancel)
    {
        if (principal.MayControl || corrId is null)
        {
            return default(Done);
        }

        if (corrId.StartsWith(EpisodesModel.ControlPrefix, StringComparison.Ordinal))
        {
            return Refusal.Forbidden($"\"{corrId}\" is a correlation id of the home itself.", "Leave corr_id out to begin a new episode.");
        }

        await state.WaitForAsync(head, cancel);
        return episodes.Rows.Find(corrId) is not { } episode || principal.MayUse(episode.Project)
            ? default(Done)
            : Refusal.Forbidden($"The episode \"{corrId}\" belongs to a project that {principal.Actor} is not bound to.", "Leave corr_id out to begin a new episode.");
    }
}
