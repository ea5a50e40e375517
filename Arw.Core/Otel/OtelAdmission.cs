using Arw.Core.Access;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Otel;

/// <summary>Where a sender's events may go. One instance for a request: each program and each trace is judged once.</summary>
internal sealed class OtelAdmission(EventJournal journal, EpisodesModel episodes, StateHost state, Principal principal, string? project)
{
    private readonly Dictionary<string, Result<Done>> _episodes = new(StringComparer.Ordinal);
    private (OtlpAttributes Of, Result<Admitted> Answer)? _program;

    /// <summary>Who sends.</summary>
    public string Actor => principal.Actor;

    /// <summary>The project for an event of a program and a trace.</summary>
    /// <param name="group">The program.</param>
    /// <param name="corrId">The trace's episode; null for none.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public async ValueTask<Result<Admitted>> AdmitAsync(OtlpGroup group, string? corrId, CancellationToken cancel)
    {
        if (_program is not { } known || !ReferenceEquals(known.Of, group.Resource))
        {
            _program = known = (group.Resource, ProjectOf(group));
        }

        if (!known.Answer.Ok || corrId is null)
        {
            return known.Answer;
        }

        if (!_episodes.TryGetValue(corrId, out var admitted))
        {
            _episodes[corrId] = admitted = await episodes.AdmitAsync(principal, corrId, journal, state, cancel);
        }

        return admitted.TryGet(out _, out var refusal) ? known.Answer : refusal;
    }

    private Result<Admitted> ProjectOf(OtlpGroup group)
    {
        var chosen = group.Resource.Text(OtelIntake.ProjectAttribute) ?? project ?? (principal.Projects is [var only] ? only : null);
        return principal.MayUse(chosen)
            ? new Admitted(chosen)
            : Refusal.Forbidden(
                chosen is null ? $"{principal.Actor} did not name a project." : $"{principal.Actor} is not bound to the project \"{chosen}\".",
                $"Name one that the credential is bound to: resource attribute {OtelIntake.ProjectAttribute}, or header x-arw-project.");
    }

    /// <summary>An event may be written.</summary>
    /// <param name="Project">Its project; null for none.</param>
    internal readonly record struct Admitted(string? Project);
}
