using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy.Postures;
using Arw.Core.State;

namespace Arw.Core.Memory.Taint;

/// <summary>Why content counts as coming from outside.</summary>
/// <param name="Words">In words, a whole sentence.</param>
/// <param name="Seq">Seq of the event that shows it; null when it is said by its own provenance or by the posture.</param>
/// <param name="CorrId">The episode of that event; null for none.</param>
public sealed record OutsideReason(string Words, long? Seq = null, string? CorrId = null);

/// <summary>Judges whether what an action wants to keep comes from outside. By the journal, not by what its author says.</summary>
public sealed class OutsideContent(TaintModel taint, PolicyModel policy, EventJournal journal, StateHost state)
{
    /// <summary>Why it comes from outside; null when it does not.</summary>
    /// <param name="context">The action.</param>
    /// <param name="namesSource">Whether its provenance names an address or an import.</param>
    /// <param name="cancel">Gives up waiting for the read model.</param>
    public async ValueTask<OutsideReason?> JudgeAsync(ActionContext context, bool namesSource, CancellationToken cancel)
    {
        // What a person does by hand is a person's word. A step of a recipe is not, whoever launched it.
        if (context.Principal.MayControl && context.ParentId is null)
        {
            return null;
        }

        // All that was durable before this counts: who acts on what it has read is never judged by less.
        await state.WaitForAsync(journal.Head, cancel);
        if (taint.Rows.Find(TaintModel.Episode(context.CorrId)) is { } episode)
        {
            return new($"This episode read from outside: {episode.How}.", episode.Seq, episode.CorrId);
        }

        if (context.Principal.Kind == PrincipalKind.Agent && taint.Rows.Find(context.Principal.Actor) is { } agent)
        {
            return new($"{context.Principal.Actor} has read from outside before: {agent.How}.", agent.Seq, agent.CorrId);
        }

        // What an agent reads of the home by itself, its state, its events, an action's output, is in no record: it may know all that came into its project.
        if (context.Principal.Kind == PrincipalKind.Agent && Readable(context.Principal).Select(p => taint.Rows.Find(TaintModel.State(p))).FirstOrDefault(r => r is not null) is { } known)
        {
            return new($"{context.Principal.Actor} can read what came from outside into a project of its: {known.How}.", known.Seq, known.CorrId);
        }

        return namesSource ? new("Its provenance names an outside source.")
            : policy.Current.Posture == Posture.Strict ? new("Under Strict, everything that is not said by a person is reviewed.")
            : null;
    }

    // Null stands for all projects, on either side.
    private static IEnumerable<string?> Readable(Principal agent)
    {
        if (agent.Projects is { } bound)
        {
            return bound;
        }

        return [null];
    }
}
