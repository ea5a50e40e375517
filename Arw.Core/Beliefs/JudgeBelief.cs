using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs;

/// <summary>Input of the actions that judge a belief.</summary>
public sealed record JudgeBeliefInput(
    [property: Description("The belief's id.")] string Id,
    [property: Description("Why, at most 500 characters.")] string? Reason = null);

/// <summary>What the three judgements share: the belief must exist and belong to a project that the caller may use.</summary>
public abstract class JudgeBelief(BeliefsModel beliefs, EventKind<BeliefJudged> kind) : ActionKind<JudgeBeliefInput>
{
    private const int MaxReason = 500;

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <summary>The capability that it needs; null for none.</summary>
    protected virtual Capability? Need => null;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(JudgeBeliefInput input, ActionContext context) =>
        input.Reason?.Length > MaxReason
            ? Refusal.Invalid($"The reason has {input.Reason.Length:N0} characters.", $"Write at most {MaxReason}.")
            : Need is { } need ? new[] { need } : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(JudgeBeliefInput input, ActionRun run, CancellationToken cancel)
    {
        if (Need is { } need && !(await run.DemandAsync(need, cancel)).TryGet(out _, out var refusal))
        {
            return refusal;
        }

        var row = beliefs.Rows.Find(input.Id);
        if (row is null || !run.Context.Principal.MayUse(row.Project))
        {
            return Refusal.NotFound("belief", input.Id);
        }

        await run.AppendAsync([kind.Draft(new BeliefJudged(row.Id, input.Reason), run.Context.Principal.Actor, BeliefEvents.Subject(row.Id), row.Project)], cancel);
        return new JsonObject { ["id"] = row.Id };
    }
}

/// <summary><c>belief.accept</c>: a person holds it true.</summary>
public sealed class AcceptBelief(BeliefsModel beliefs) : JudgeBelief(beliefs, BeliefEvents.Accepted)
{
    /// <inheritdoc/>
    public override string Id => "belief.accept";

    /// <inheritdoc/>
    public override string Title => "Accept a belief";

    /// <inheritdoc/>
    public override string Summary => "A person holds a belief true.";

    /// <inheritdoc/>
    public override bool Control => true;
}

/// <summary><c>belief.reject</c>: a person holds it false; it no longer contradicts others.</summary>
public sealed class RejectBelief(BeliefsModel beliefs) : JudgeBelief(beliefs, BeliefEvents.Rejected)
{
    /// <inheritdoc/>
    public override string Id => "belief.reject";

    /// <inheritdoc/>
    public override string Title => "Reject a belief";

    /// <inheritdoc/>
    public override string Summary => "A person holds a belief false; it no longer contradicts others.";

    /// <inheritdoc/>
    public override bool Control => true;
}

/// <summary><c>beliefs.retract</c>: whoever may propose takes a claim back, unless a person has judged it.</summary>
public sealed class RetractBelief(BeliefsModel beliefs) : JudgeBelief(beliefs, BeliefEvents.Retracted)
{
    private readonly BeliefsModel _beliefs = beliefs;

    /// <inheritdoc/>
    public override string Id => "beliefs.retract";

    /// <inheritdoc/>
    public override string Title => "Take a belief back";

    /// <inheritdoc/>
    public override string Summary => "Takes a claim back. What a person has accepted or rejected stays.";

    /// <inheritdoc/>
    protected override Capability Need { get; } = Capability.Of("beliefs.propose");

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(JudgeBeliefInput input, ActionRun run, CancellationToken cancel) =>
        _beliefs.Rows.Find(input.Id) is { } row && run.Context.Principal.MayUse(row.Project) && (row.Project != run.Context.Project || row.Judgement is BeliefStatus.Accepted or BeliefStatus.Rejected)
            ? Refusal.Conflict($"The belief \"{input.Id}\" was judged by a person or belongs to another project.", "Ask a person to judge it again.")
            : await base.RunAsync(input, run, cancel);
}
