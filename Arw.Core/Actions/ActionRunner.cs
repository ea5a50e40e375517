using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Actions;

/// <summary>How an attempt ended.</summary>
/// <param name="Outcome">Output, or why not.</param>
/// <param name="LastSeq">Seq of the event that says so; 0 when the action had already ended otherwise (cancelled).</param>
public readonly record struct RunEnd(Result<JsonNode?> Outcome, long LastSeq);

/// <summary>Runs one attempt of an action and journals how it ended.</summary>
/// <param name="journal">The journal.</param>
/// <param name="gate">Policy at each effect.</param>
/// <param name="live">To see whether an episode has ended.</param>
/// <param name="ids">For the name of this process.</param>
/// <param name="services">To reach the pipeline for child actions; it depends on this runner.</param>
/// <param name="log">Faults of executors.</param>
public sealed class ActionRunner(EventJournal journal, ActionGate gate, LiveActions live, IdSource ids, IServiceProvider services, ILogger<ActionRunner> log)
{
    /// <summary>Names this process: an action that runs under another name is a dead process's.</summary>
    public string Boot { get; } = ids.New();

    /// <summary>Runs the executor and writes completed or failed, unless the action has ended meanwhile.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="input">Its input.</param>
    /// <param name="context">Its context.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="runningSeq">Seq of its <c>actions.running</c>.</param>
    /// <param name="cancel">Stops the executor.</param>
    public async Task<RunEnd> RunAsync(ActionKind kind, JsonElement input, ActionContext context, int attempt, long runningSeq, CancellationToken cancel)
    {
        var outcome = await ExecuteAsync(kind, input, context, attempt, cancel);
        if (!outcome.Ok && cancel.IsCancellationRequested)
        {
            // Cancelled by a person: that event is written already. Or the home stops: then the action stays running in the
            // journal, and the next start takes it up again, marked as a retry.
            return new RunEnd(outcome, 0);
        }

        var written = await EndAsync(kind, context, attempt, runningSeq, outcome);
        if (written.Refusal is { Code: not "conflict" } unwritable)
        {
            // Its output is no event (too large, for example): then that is how it ended.
            outcome = unwritable;
            written = await EndAsync(kind, context, attempt, runningSeq, outcome);
        }

        // A conflict means that somebody cancelled it while it ran: that end stands.
        return new RunEnd(outcome, written.Ok ? written.Value.LastSeq : 0);
    }

    private ValueTask<Result<Appended>> EndAsync(ActionKind kind, ActionContext context, int attempt, long runningSeq, Result<JsonNode?> outcome)
    {
        var ended = outcome.Ok
            ? ActionEvents.Completed.Draft(new ActionCompleted(context.ActionId, kind.Id, attempt, outcome.Value?.DeepClone()), Actor(kind, context), Subject(context), context.Project, context.CorrId, context.ParentId)
            : ActionEvents.Failed.Draft(new ActionFailed(context.ActionId, kind.Id, attempt, ErrorOf(outcome.Refusal)), Actor(kind, context), Subject(context), context.Project, context.CorrId, context.ParentId);
        IReadOnlyList<EventDraft> drafts = kind.Control
            ? [ended]
            : [ended, .. EpisodeEnd(context, outcome.Ok ? ActionState.Completed : ActionState.Failed)];
        return journal.AppendAsync(drafts, [new Precondition(Subject(context), runningSeq)], CancellationToken.None);
    }

    /// <summary>A refusal as the error of an action.</summary>
    public static ActionError ErrorOf(Refusal refusal) => new(refusal.Code, refusal.Message, refusal.Next, refusal.Details as DecisionReport);

    /// <summary>The event that ends the episode, when this root action is the last one that lives. Leases of the episode end with it.</summary>
    public IReadOnlyList<EventDraft> EpisodeEnd(ActionContext context, ActionState how)
    {
        var last = context.ParentId is null
            && !live.Current.Actions.Values.Any(a => a.CorrId == context.CorrId && a.Id != context.ActionId && a.ParentId is null);
        return last
            ? [EpisodeEvents.Ended.Draft(new EpisodeEnded(how), "system:actions", EpisodeEvents.Subject(context.CorrId), context.Project, context.CorrId)]
            : [];
    }

    private static string Subject(ActionContext context) => ActionEvents.Subject(context.ActionId);

    private static string Actor(ActionKind kind, ActionContext context) => kind.Control ? context.Principal.Actor : "system:actions";

    private async Task<Result<JsonNode?>> ExecuteAsync(ActionKind kind, JsonElement input, ActionContext context, int attempt, CancellationToken cancel)
    {
        try
        {
            return await kind.RunAsync(input, new Run(this, kind, context, attempt, cancel), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new Refusal("cancelled", "It was stopped while it ran.", null, 409);
        }
        catch (Exception e)
        {
            log.LogError(e, "Action {Kind} {Id} faulted", kind.Id, context.ActionId);
            return new Refusal("fault", $"{kind.Title} failed unexpectedly ({e.GetType().Name}).", "See the home's log; retry if it was passing.", 500);
        }
    }

    private sealed class Run(ActionRunner runner, ActionKind kind, ActionContext context, int attempt, CancellationToken attemptCancel) : ActionRun
    {
        public override ActionContext Context => context;

        public override string Kind => kind.Id;

        public override int Attempt => attempt;

        public override ValueTask<Result<Permit>> DemandAsync(Capability capability, CancellationToken cancel) =>
            runner.Gate.DemandAsync(kind, context, capability, cancel);

        public override async ValueTask<Appended> AppendAsync(IReadOnlyList<EventDraft> drafts, CancellationToken cancel)
        {
            var own = drafts.Select(d => d with
            {
                Actor = kind.Control ? context.Principal.Actor : d.Actor,
                Project = d.Project ?? context.Project,
                CorrId = d.CorrId ?? context.CorrId,
                ParentId = d.ParentId ?? context.ActionId,
            }).ToList();
            return (await runner.Journal.AppendAsync(own, null, cancel)).Value;
        }

        public override Task<ChildResult> RunChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) =>
            RunChildAsync(new SubmitRequest(kind, input) { IdemKey = key, OnNeedsLease = OnNeedsLease.Ask }, cancel);

        public override Task<ChildResult> RunReviewedChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) =>
            RunChildAsync(new SubmitRequest(kind, input) { IdemKey = key, OnNeedsLease = OnNeedsLease.Ask, Review = true }, cancel);

        private async Task<ChildResult> RunChildAsync(SubmitRequest request, CancellationToken cancel)
        {
            var service = runner.Services.GetRequiredService<ActionService>();
            if (!(await service.SubmitChildAsync(request, context, cancel)).TryGet(out var outcome, out var refusal))
            {
                return new ChildResult("", ActionState.Refused, null, ErrorOf(refusal));
            }

            try
            {
                var row = await service.WaitForEndAsync(outcome.Id, cancel);
                return new ChildResult(row.Id, row.State, row.Output, row.Error);
            }
            catch (OperationCanceledException)
            {
                if (!HomeStops)
                {
                    await runner.Services.GetRequiredService<ActionDesk>().CancelAsync(outcome.Id, "system:actions", "The action above it was stopped.", CancellationToken.None);
                }

                throw;
            }
        }

        // An attempt is stopped because its action has ended, or, while the action still lives, because the home stops. The next start
        // then takes up both this action and the one below it, as after a crash.
        private bool HomeStops => attemptCancel.IsCancellationRequested && runner.Live.Current.Actions.ContainsKey(context.ActionId);
    }

    private ActionGate Gate => gate;

    private EventJournal Journal => journal;

    private LiveActions Live => live;

    private IServiceProvider Services => services;
}
