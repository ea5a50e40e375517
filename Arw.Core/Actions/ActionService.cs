using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Arw.Core.Access;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Leases;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Actions;

/// <summary>The way in for everything that writes: validate, decide, then refuse, wait for an approval, queue, or (control actions) run at once.</summary>
public sealed class ActionService(
    EventJournal journal,
    StateHost state,
    ActionCatalogue catalogue,
    ActionGate gate,
    ActionRunner runner,
    LiveActions live,
    ActionsModel actions,
    EpisodeOpening opening,
    IdSource ids,
    TimeProvider time,
    ActionOptions options)
{
    /// <summary>Submits an action for somebody. A refusal has been journaled too, unless the request itself was malformed or the queue is full.</summary>
    public async Task<Result<SubmitOutcome>> SubmitAsync(SubmitRequest request, Principal principal, CancellationToken cancel = default)
    {
        try
        {
            return await SubmitAsync(request, principal, parent: null, cancel);
        }
        catch (JournalFaultException e)
        {
            return e.Fault.Refusal;
        }
        catch (StateFaultException e)
        {
            return e.Refusal;
        }
    }

    /// <summary>Submits an action below a running one: same principal, project, episode and recipe.</summary>
    internal Task<Result<SubmitOutcome>> SubmitChildAsync(SubmitRequest request, ActionContext parent, CancellationToken cancel) =>
        SubmitAsync(request with { Project = parent.Project, CorrId = parent.CorrId }, parent.Principal, parent, cancel);

    /// <summary>Completes when the action has ended, with its final row.</summary>
    public async Task<ActionRow> WaitForEndAsync(string id, CancellationToken cancel = default)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check()
        {
            if (!live.Current.Actions.ContainsKey(id))
            {
                ended.TrySetResult();
            }
        }

        using var watch = state.OnChanged(live.Id, Check);
        Check();
        await ended.Task.WaitAsync(cancel);

        // The live document may be a moment ahead of the table, which is read as committed.
        await state.WaitForAsync(journal.Head, cancel);
        return actions.Rows.Find(id) ?? throw new InvalidOperationException($"The action {id} ended without ever having begun.");
    }

    private async Task<Result<SubmitOutcome>> SubmitAsync(SubmitRequest request, Principal principal, ActionContext? parent, CancellationToken cancel)
    {
        if (!catalogue.Find(request.Kind).TryGet(out var kind, out var refusal)
            || !Admit(kind, request, principal, parent is null).TryGet(out request!, out refusal)
            || !catalogue.Validate(kind, request.Input).TryGet(out var input, out refusal))
        {
            return refusal;
        }

        // Decided on everything that was durable when it was asked: who acts on what it has read is never judged by less.
        await state.WaitForAsync(journal.Head, cancel);
        var id = request.IdemKey is { } key ? IdOf(principal, parent?.ActionId, key) : ids.New();
        if (request.IdemKey is not null && actions.Rows.Find(id) is { } known)
        {
            return Reuse(known);
        }

        var context = new ActionContext
        {
            ActionId = id,
            Principal = principal,
            Project = request.Project,
            CorrId = request.CorrId ?? (kind.Control ? $"{EpisodesModel.ControlPrefix}{id}" : ids.New()),
            Recipe = parent?.Recipe ?? kind.RecipeOf(input),
            ParentId = parent?.ActionId,
        };
        if (!kind.Needs(input, context).TryGet(out var needs, out refusal))
        {
            return refusal;
        }

        var submission = new Submission(kind, input, context, needs, request);
        if (kind.Control)
        {
            return await RunInlineAsync(submission, cancel);
        }

        var judgement = gate.Judge(kind, context, needs);
        if (gate.Stopped(context.Project) is { } stopped)
        {
            return await RefuseAsync(submission, judgement, stopped, cancel);
        }

        if (judgement.Denied is { } denied)
        {
            return await RefuseAsync(submission, judgement, LeaseBook.Refuse(denied), cancel);
        }

        var unasked = request.OnNeedsLease == OnNeedsLease.Refuse ? judgement.FirstMissing : Withdrawn(judgement, parent);
        if (unasked is not null)
        {
            return await RefuseAsync(submission, judgement, LeaseBook.Refuse(unasked), cancel);
        }

        var reasons = new List<ApprovalReason>();
        if (judgement.Missing.Count > 0)
        {
            reasons.Add(ApprovalReason.Lease);
        }

        if (request.Review)
        {
            reasons.Add(ApprovalReason.Review);
        }

        if (gate.MustStage(kind))
        {
            reasons.Add(ApprovalReason.Staging);
        }

        return reasons.Count > 0
            ? await AskAsync(submission, judgement, reasons, cancel)
            : await QueueAsync(submission, judgement, cancel);
    }

    // Who revokes a lease has answered running work already: what it tries next is refused, not asked about again.
    private DecisionReport? Withdrawn(Judgement judgement, ActionContext? parent)
    {
        var (above, began) = (parent?.ActionId, 0L);
        while (above is not null && live.Current.Actions.TryGetValue(above, out var running))
        {
            (above, began) = (running.ParentId, running.SubmittedSeq);
        }

        return began == 0 ? null : judgement.Missing.FirstOrDefault(m => gate.RevokedSince(m, began));
    }

    private Result<SubmitRequest> Admit(ActionKind kind, SubmitRequest request, Principal principal, bool isRoot)
    {
        if (principal.Kind is PrincipalKind.Node or PrincipalKind.Guest)
        {
            return Refusal.Forbidden($"{principal.Actor} may not run actions.", "Ask the owner of this home.");
        }

        if (kind.Control && !principal.MayControl)
        {
            return Refusal.Forbidden($"{principal.Actor} may not run {kind.Id}: only a person grants, approves and configures.", "Ask a person to do it on the page.");
        }

        if (request.CorrId is { } corrId && !EventNames.IsCorrId(corrId))
        {
            return Refusal.Invalid($"\"{corrId}\" is no correlation id.", "Use 1 to 128 letters, digits and . _ : -");
        }

        if (isRoot && principal.Kind == PrincipalKind.Agent && request.CorrId is { } joined && opening.OpenedBy(joined) is { } owner && owner != principal.Actor)
        {
            // Leases of an episode are for whoever opened it: an agent must not slip in under them.
            return Refusal.Forbidden($"The episode \"{joined}\" was opened by {owner}.", "Leave corr_id out, or use one of your own.");
        }

        var project = request.Project ?? (principal.Projects is [var only] ? only : null);
        return kind.Control || principal.MayUse(project)
            ? request with { Project = project }
            : Refusal.Forbidden(
                project is null ? $"{principal.Actor} did not name a project." : $"{principal.Actor} is not bound to the project \"{project}\".",
                "Name a project that the credential is bound to.");
    }

    // The id follows from actor, parent and key, so the precondition "this action is new" makes a key unique even when two
    // requests race, and a redelivered parent finds its child.
    private static string IdOf(Principal principal, string? parentId, string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{principal.Actor}\n{parentId}\n{key}"));
        return "K" + Convert.ToHexString(hash.AsSpan(0, 13))[..25];
    }

    private static Result<SubmitOutcome> Reuse(ActionRow row) =>
        new SubmitOutcome(row.Id, row.State, row.CorrId ?? row.Id) { Approval = row.Approval, Output = row.Output, Reused = true };

    private async Task<Result<SubmitOutcome>> RunInlineAsync(Submission s, CancellationToken cancel)
    {
        var claim = ids.New();
        var drafts = new[] { s.Submitted(), s.Draft(ActionEvents.Running, new ActionRunning(s.Id, 1, claim, runner.Boot, false)) };
        if (!(await WriteAsync(s, drafts, cancel)).TryGet(out var written, out var refusal))
        {
            return refusal;
        }

        if (written.Existing is { } existing)
        {
            return Reuse(existing);
        }

        var end = await runner.RunAsync(s.Kind, s.Input, s.Context, attempt: 1, written.LastSeq, CancellationToken.None);
        await state.WaitForAsync(end.LastSeq, cancel);
        return end.Outcome.Ok
            ? new SubmitOutcome(s.Id, ActionState.Completed, s.Context.CorrId) { Output = end.Outcome.Value }
            : end.Outcome.Refusal;
    }

    private async Task<Result<SubmitOutcome>> RefuseAsync(Submission s, Judgement judgement, Refusal reason, CancellationToken cancel)
    {
        var error = ActionRunner.ErrorOf(reason);
        IReadOnlyList<EventDraft> drafts =
        [
            s.Submitted(),
            .. gate.Record(judgement, s.Context),
            s.Draft(ActionEvents.Refused, new ActionFailed(s.Id, s.Kind.Id, 0, error)),
            .. runner.EpisodeEnd(s.Context, ActionState.Refused),
        ];
        var written = await WriteAsync(s, drafts, cancel);
        return written.Ok ? reason : written.Refusal;
    }

    private async Task<Result<SubmitOutcome>> QueueAsync(Submission s, Judgement judgement, CancellationToken cancel)
    {
        var queued = live.Current.Actions.Values.Count(a => a.State == ActionState.Queued);
        if (queued >= options.QueueMax)
        {
            return new Refusal("queue_full", $"{queued:N0} actions already wait.", "Try again when some have run.", 429, new { limit = options.QueueMax, queued });
        }

        IReadOnlyList<EventDraft> drafts = [s.Submitted(), .. gate.Record(judgement, s.Context), s.Draft(ActionEvents.Queued, new ActionQueued(s.Id))];
        var written = await WriteAsync(s, drafts, cancel);
        return written.Map(w => w.Existing is { } existing ? Reuse(existing).Value : new SubmitOutcome(s.Id, ActionState.Queued, s.Context.CorrId));
    }

    private async Task<Result<SubmitOutcome>> AskAsync(Submission s, Judgement judgement, IReadOnlyList<ApprovalReason> reasons, CancellationToken cancel)
    {
        var approval = ids.New();
        var request = new ApprovalRequested(approval, s.Id, s.Kind.Id, reasons, s.Kind.Describe(s.Input), time.GetUtcNow() + options.ApprovalTtl)
        {
            Request = string.Join('\n', s.Needs.Select(n => n.ToString())),
            Input = s.Request.Input?.DeepClone(),
            Suggested = judgement.Missing.Count > 0 ? [.. judgement.Missing.SelectMany(m => m.Suggested).Distinct(StringComparer.Ordinal)] : [],
            Decisions = judgement.Missing,
            AskedBy = s.Context.Principal.Actor,
            Recipe = s.Context.Recipe,
        };
        IReadOnlyList<EventDraft> drafts =
        [
            s.Submitted(),
            .. gate.Record(judgement, s.Context),
            ActionEvents.ApprovalRequested.Draft(request, "system:actions", ActionEvents.ApprovalSubject(approval), s.Context.Project, s.Context.CorrId, s.Id),
            s.Draft(ActionEvents.Waiting, new ActionWaiting(s.Id, approval)),
        ];
        var written = await WriteAsync(s, drafts, cancel);
        return written.Map(w => w.Existing is { } existing
            ? Reuse(existing).Value
            : new SubmitOutcome(s.Id, ActionState.Waiting, s.Context.CorrId) { Approval = approval });
    }

    private async Task<Result<Written>> WriteAsync(Submission s, IReadOnlyList<EventDraft> drafts, CancellationToken cancel)
    {
        var isNew = new Precondition(ActionEvents.Subject(s.Id), 0);
        var start = opening.Start(s.Kind, s.Input, s.Context, s.Request.Episode);
        var result = start is null
            ? await journal.AppendAsync(drafts, [isNew], cancel)
            : await journal.AppendAsync([start, .. drafts], [isNew, new Precondition(start.Subject!, 0)], cancel);
        if (start is not null && result.Refusal is { Code: "conflict" })
        {
            // Somebody else opened the episode in the same moment: then it is open.
            result = await journal.AppendAsync(drafts, [isNew], cancel);
        }

        if (!result.TryGet(out var appended, out var refusal))
        {
            await state.WaitForAsync(journal.Head, cancel);
            return refusal.Code == "conflict" && actions.Rows.Find(s.Id) is { } existing ? new Written(0, existing) : refusal;
        }

        await state.WaitForAsync(appended.LastSeq, cancel);
        return new Written(appended.LastSeq, null);
    }

    private readonly record struct Written(long LastSeq, ActionRow? Existing);

    private sealed record Submission(ActionKind Kind, JsonElement Input, ActionContext Context, IReadOnlyList<Capability> Needs, SubmitRequest Request)
    {
        public string Id => Context.ActionId;

        public EventDraft Submitted() => Draft(ActionEvents.Submitted, new ActionSubmitted(Id, Kind.Id, Kind.Version, Kind.Describe(Input), Request.Input?.DeepClone(), Kind.Effects, Context.Principal)
        {
            Needs = [.. Needs.Select(n => n.ToString())],
            Priority = Request.Priority,
            IdemKey = Request.IdemKey,
            OnNeedsLease = Request.OnNeedsLease,
            Recipe = Context.Recipe,
            ParentId = Context.ParentId,
            Orchestrates = Kind.Orchestrates,
            Control = Kind.Control,
        });

        public EventDraft Draft<TPayload>(EventKind<TPayload> kind, TPayload payload) =>
            kind.Draft(payload, Context.Principal.Actor, ActionEvents.Subject(Id), Context.Project, Context.CorrId, Context.ParentId);
    }
}
