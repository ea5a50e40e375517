using System.Collections.Concurrent;
using System.Text.Json;
using Arw.Core.Journal;
using Arw.Core.Policy.Leases;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Actions;

/// <summary>A worker's hold on an action. It lapses when it is not renewed.</summary>
/// <param name="Id">The claim.</param>
/// <param name="Action">The action as it was claimed.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Input">Its input.</param>
/// <param name="RunningSeq">Seq of its <c>actions.running</c>.</param>
public sealed record Claim(string Id, LiveAction Action, ActionKind Kind, JsonElement Input, long RunningSeq);

/// <summary>The one scheduler: hands queued actions to workers, takes lost ones back, retires those of a dead process.</summary>
public sealed class ActionScheduler(
    EventJournal journal,
    StateHost state,
    ActionCatalogue catalogue,
    ActionGate gate,
    ActionRunner runner,
    LiveActions live,
    IdSource ids,
    TimeProvider time,
    ActionOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, (Claim Claim, DateTimeOffset Expires)> _claims = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Claims in force.</summary>
    public IEnumerable<Claim> Claims => _claims.Values.Select(c => c.Claim);

    /// <summary>Puts what a dead process was running back into the queue. Called once, before anything is claimed.</summary>
    public async Task RecoverAsync(CancellationToken cancel)
    {
        foreach (var action in live.Current.Actions.Values.Where(a => a.State == ActionState.Running && a.Boot != runner.Boot))
        {
            if (catalogue.Find(action.Kind) is { Ok: true } found && !found.Value.Control)
            {
                await ReleaseAsync(action, "restart", null, cancel);
                continue;
            }

            // Inline actions have nobody left who waits for their answer, and unknown kinds nobody who could run them.
            await EndAsync(action, ActionEvents.Failed, new ActionError("interrupted", "The home stopped while this ran.", "Do it again if it is still wanted."), cancel);
        }

        // Submitted but not decided: the process died in between. One append holds both, so this is an older journal's.
        foreach (var action in live.Current.Actions.Values.Where(a => a.State == ActionState.Proposed))
        {
            await EndAsync(action, ActionEvents.Failed, new ActionError("interrupted", "The home stopped before this was decided.", "Submit it again."), cancel);
        }
    }

    /// <summary>Claims the next action, after asking policy once more. Null when nothing can run now.</summary>
    public async Task<Claim?> ClaimAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            while (state.Fault is null && ActionQueue.Next(live.Current, time.GetUtcNow(), options, p => gate.Stopped(p) is not null) is { } action)
            {
                // The queue may be folded a moment before the leases that the same append granted: judge by all of it.
                await state.WaitForAsync(action.LastSeq, cancel);
                if (await TryClaimAsync(action, cancel) is { } claim)
                {
                    return claim;
                }
            }

            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Extends a claim by its time to live. False when it has lapsed or its action has ended.</summary>
    public bool Renew(string claimId)
    {
        while (_claims.TryGetValue(claimId, out var held))
        {
            if (_claims.TryUpdate(claimId, held with { Expires = time.GetUtcNow() + options.ClaimTtl }, held))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives an action back, to be tried again after a delay.</summary>
    public async Task NackAsync(Claim claim, TimeSpan delay, CancellationToken cancel)
    {
        if (_claims.TryRemove(claim.Id, out _) && live.Current.Actions.TryGetValue(claim.Action.Id, out var action))
        {
            await ReleaseAsync(action, "nack", delay > TimeSpan.Zero ? time.GetUtcNow() + delay : null, cancel);
        }
    }

    /// <summary>Runs a claimed action here and journals its end. Where the end cannot be journaled (a fault of the disk) the claim is left to lapse, so that the action is tried again as a retry.</summary>
    public async Task RunAsync(Claim claim, CancellationToken cancel)
    {
        var end = await runner.RunAsync(claim.Kind, claim.Input, claim.Action.Context(), claim.Action.Attempt, claim.RunningSeq, cancel);
        _claims.TryRemove(claim.Id, out _);
        await state.WaitForAsync(end.LastSeq, CancellationToken.None);
    }

    /// <summary>Puts actions whose claim lapsed back into the queue.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        foreach (var (id, (claim, expires)) in _claims)
        {
            if (expires <= now && _claims.TryRemove(id, out _) && live.Current.Actions.TryGetValue(claim.Action.Id, out var action) && action.State == ActionState.Running)
            {
                await ReleaseAsync(action, "claim_lost", null, cancel);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<Claim?> TryClaimAsync(LiveAction action, CancellationToken cancel)
    {
        if (!catalogue.Find(action.Kind).TryGet(out var kind, out var refusal)
            || !catalogue.Validate(kind, action.Input).TryGet(out var input, out refusal)
            || !kind.Needs(input, action.Context()).TryGet(out var needs, out refusal))
        {
            await EndAsync(action, ActionEvents.Refused, ActionRunner.ErrorOf(refusal), cancel);
            return null;
        }

        var judgement = gate.Judge(kind, action.Context(), needs);
        if (judgement.Obstacle is { } no)
        {
            // What was allowed at submit no longer is: a lease was revoked or ran out while it waited.
            await EndAsync(action, ActionEvents.Refused, ActionRunner.ErrorOf(LeaseBook.Refuse(no)), cancel, gate.Record(judgement, action.Context()));
            return null;
        }

        var claimId = ids.New();
        var attempt = action.Attempt + 1;
        var draft = ActionEvents.Running.Draft(
            new ActionRunning(action.Id, attempt, claimId, runner.Boot, Retry: attempt > 1),
            "system:actions", ActionEvents.Subject(action.Id), action.Project, action.CorrId, action.ParentId);
        var result = await journal.AppendAsync([draft], [new Precondition(ActionEvents.Subject(action.Id), action.LastSeq)], cancel);
        await state.WaitForAsync(journal.Head, cancel);
        if (!result.TryGet(out var appended, out _))
        {
            return null; // cancelled or changed in this moment: the next look sees it as it is
        }

        var claim = new Claim(claimId, action with { Attempt = attempt, LastSeq = appended.LastSeq }, kind, input, appended.LastSeq);
        _claims[claimId] = (claim, time.GetUtcNow() + options.ClaimTtl);
        return claim;
    }

    private async Task ReleaseAsync(LiveAction action, string reason, DateTimeOffset? notBefore, CancellationToken cancel)
    {
        var draft = ActionEvents.Released.Draft(
            new ActionReleased(action.Id, action.Attempt, reason, notBefore), "system:actions", ActionEvents.Subject(action.Id), action.Project, action.CorrId, action.ParentId);
        await journal.AppendAsync([draft], [new Precondition(ActionEvents.Subject(action.Id), action.LastSeq)], cancel);
        await state.WaitForAsync(journal.Head, cancel);
    }

    private async Task EndAsync(LiveAction action, EventKind<ActionFailed> how, ActionError error, CancellationToken cancel, IReadOnlyList<EventDraft>? before = null)
    {
        IReadOnlyList<EventDraft> drafts =
        [
            .. before ?? [],
            how.Draft(new ActionFailed(action.Id, action.Kind, action.Attempt, error), "system:actions", ActionEvents.Subject(action.Id), action.Project, action.CorrId, action.ParentId),
            .. runner.EpisodeEnd(action.Context(), how == ActionEvents.Refused ? ActionState.Refused : ActionState.Failed),
        ];
        await journal.AppendAsync(drafts, [new Precondition(ActionEvents.Subject(action.Id), action.LastSeq)], cancel);
        await state.WaitForAsync(journal.Head, cancel);
    }
}
