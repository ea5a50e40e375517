using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Actions;

/// <summary>What a person does to an action from outside: answer its approval, cancel it.</summary>
public sealed class ActionDesk(
    EventJournal journal,
    StateHost state,
    ActionCatalogue catalogue,
    ActionGate gate,
    ActionRunner runner,
    LiveActions live,
    ActionsModel actions,
    ApprovalsModel approvals,
    TimeProvider time)
{
    /// <summary>Cancels a live action: queued and waiting ones never run, a running one is stopped. Idempotent.</summary>
    public async Task<Result<ActionRow>> CancelAsync(string id, string actor, string? reason, CancellationToken cancel)
    {
        while (true)
        {
            await state.WaitForAsync(journal.Head, cancel);
            if (!live.Current.Actions.TryGetValue(id, out var action))
            {
                return actions.Rows.Find(id) is { } row ? row : Refusal.NotFound("action", id);
            }

            IReadOnlyList<EventDraft> drafts =
            [
                ActionEvents.Cancelled.Draft(new ActionCancelled(id, action.Kind, reason), actor, ActionEvents.Subject(id), action.Project, action.CorrId, action.ParentId),
                .. runner.EpisodeEnd(action.Context(), ActionState.Cancelled),
            ];
            var result = await journal.AppendAsync(drafts, [new Precondition(ActionEvents.Subject(id), action.LastSeq)], cancel);
            if (result.Ok)
            {
                await state.WaitForAsync(result.Value.LastSeq, cancel);
                return actions.Rows.Find(id)!;
            }
        }
    }

    /// <summary>Answers an approval. Idempotent: the same answer again returns the first, another one is a conflict.</summary>
    public async Task<Result<Approval>> AnswerAsync(string approvalId, ApprovalAnswer answer, string? scope, JsonNode? input, Principal by, CancellationToken cancel)
    {
        if (approvals.Find(approvalId) is not { } approval)
        {
            return Refusal.NotFound("approval", approvalId);
        }

        if (approval.Answer is { } before)
        {
            return before.Answer == answer && before.Scope == scope
                ? approval
                : Refusal.Conflict($"It was already answered \"{Word(before.Answer)}\" by {approval.AnsweredBy}.", "Revoke the lease or start the action again.");
        }

        if (!live.Current.Actions.TryGetValue(approval.Request.Action, out var action) || action.State != ActionState.Waiting)
        {
            // Read models are folded one after the other: the answer that ended the waiting may not have come to this one yet.
            await state.WaitForAsync(journal.Head, cancel);
            return approvals.Find(approvalId) is { Answer: not null }
                ? await AnswerAsync(approvalId, answer, scope, input, by, cancel)
                : Refusal.Conflict("The action no longer waits for this answer.", "Look at the action.");
        }

        if (!Prepare(approval, action, answer, scope, input, by).TryGet(out var drafts, out var refusal))
        {
            return refusal;
        }

        var result = await journal.AppendAsync(
            drafts,
            [new Precondition(ActionEvents.ApprovalSubject(approvalId), approval.Seq), new Precondition(ActionEvents.Subject(action.Id), action.LastSeq)],
            cancel);
        if (!result.Ok)
        {
            return await AnswerAsync(approvalId, answer, scope, input, by, cancel);
        }

        await state.WaitForAsync(result.Value.LastSeq, cancel);
        return approvals.Find(approvalId)!;
    }

    /// <summary>Answers approvals that waited too long: the answer is no.</summary>
    public async Task ExpireAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        foreach (var approval in approvals.Current.Open.Where(a => a.Request.Expires <= now))
        {
            await AnswerAsync(approval.Id, ApprovalAnswer.Expired, null, null, Principal.System("actions"), cancel);
        }
    }

    private static string Word(ApprovalAnswer answer) => System.Text.Json.JsonSerializer.SerializeToNode(answer, ArwJson.Options)!.GetValue<string>();

    private Result<List<EventDraft>> Prepare(Approval approval, LiveAction action, ApprovalAnswer answer, string? scope, JsonNode? input, Principal by)
    {
        var kind = catalogue.Find(action.Kind).Value;
        if (answer is ApprovalAnswer.Refuse or ApprovalAnswer.Expired)
        {
            var error = answer == ApprovalAnswer.Refuse
                ? new ActionError("refused", $"{by.Actor} said no.", "Start it again to be asked again.")
                : new ActionError("approval_expired", "Nobody answered in time.", "Start it again to be asked again.");
            return (List<EventDraft>)
            [
                Answered(new ApprovalAnswered(approval.Id, action.Id, answer)),
                ActionEvents.Refused.Draft(new ActionFailed(action.Id, action.Kind, action.Attempt, error), by.Actor, ActionEvents.Subject(action.Id), action.Project, action.CorrId, action.ParentId),
                .. runner.EpisodeEnd(action.Context(), ActionState.Refused),
            ];
        }

        if (!catalogue.Validate(kind, input ?? action.Input).TryGet(out var element, out var refusal)
            || !kind.Needs(element, action.Context()).TryGet(out var needs, out refusal)
            || !gate.Grants(kind, action.Context(), needs, approval, answer, scope, by).TryGet(out var grants, out refusal))
        {
            return refusal;
        }

        return (List<EventDraft>)
        [
            .. grants.Drafts,
            Answered(new ApprovalAnswered(approval.Id, action.Id, answer) { Scope = scope, Input = input?.DeepClone(), Leases = grants.LeaseIds }),
            ActionEvents.Queued.Draft(new ActionQueued(action.Id, input?.DeepClone()), by.Actor, ActionEvents.Subject(action.Id), action.Project, action.CorrId, action.ParentId),
        ];

        EventDraft Answered(ApprovalAnswered payload) =>
            ActionEvents.ApprovalAnswered.Draft(payload, by.Actor, ActionEvents.ApprovalSubject(approval.Id), action.Project, action.CorrId, action.Id);
    }
}
