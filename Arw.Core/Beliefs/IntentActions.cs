using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs;

/// <summary>Input of <c>intents.propose</c>.</summary>
public sealed record ProposeIntentInput(
    [property: Description("What is to be done, one line, at most 200 characters.")] string Title,
    [property: Description("Why, at most 2,000 characters.")] string? Why = null,
    [property: Description("Kind of the action that would do it.")] string? ActionKind = null)
{
    /// <summary>Ids of the beliefs that it rests on.</summary>
    [Description("Ids of the beliefs that it rests on, at most 32.")]
    public IReadOnlyList<string> Beliefs { get; init; } = [];
}

/// <summary><c>intents.propose</c>: suggests to do something; nothing is done.</summary>
public sealed class ProposeIntent(IntentsModel intents) : ActionKind<ProposeIntentInput>
{
    private const int MaxTitle = 200;
    private const int MaxWhy = 2000;
    private const int MaxBeliefs = 32;

    /// <inheritdoc/>
    public override string Id => "intents.propose";

    /// <inheritdoc/>
    public override string Title => "Propose an intent";

    /// <inheritdoc/>
    public override string Summary => "Suggests to do something, with reasons. A person approves or rejects it; nothing is done by it.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(ProposeIntentInput input, ActionContext context) =>
        string.IsNullOrWhiteSpace(input.Title) || input.Title.Length > MaxTitle || input.Why?.Length > MaxWhy || input.ActionKind?.Length > MaxTitle
        || input.Beliefs.Count > MaxBeliefs || input.Beliefs.Any(b => b.Length > MaxTitle)
            ? Refusal.Invalid("The intent has an empty title or a field that is too long.", $"Title: 1 to {MaxTitle} characters, why: at most {MaxWhy:N0}, beliefs: at most {MaxBeliefs}.")
            : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(ProposeIntentInput input, ActionRun run, CancellationToken cancel)
    {
        var intent = new IntentProposed(run.Context.ActionId, input.Title.Trim()) { Why = input.Why, ActionKind = input.ActionKind, Beliefs = input.Beliefs };
        if (intents.Find(intent.Id) is null)
        {
            await run.AppendAsync([IntentEvents.Proposed.Draft(intent, run.Context.Principal.Actor, IntentEvents.Subject(intent.Id), run.Context.Project)], cancel);
        }

        return new JsonObject { ["id"] = intent.Id };
    }
}

/// <summary>Input of <c>intent.approve</c> and <c>intent.reject</c>.</summary>
public sealed record JudgeIntentInput(
    [property: Description("The intent's id.")] string Id,
    [property: Description("Why, at most 500 characters.")] string? Reason = null);

/// <summary>What approving and rejecting share.</summary>
public abstract class JudgeIntent(IntentsModel intents, EventKind<IntentJudged> kind) : ActionKind<JudgeIntentInput>
{
    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(JudgeIntentInput input, ActionContext context) => Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(JudgeIntentInput input, ActionRun run, CancellationToken cancel)
    {
        if (intents.Find(input.Id) is not { } row)
        {
            return Refusal.NotFound("intent", input.Id);
        }

        await run.AppendAsync([kind.Draft(new IntentJudged(input.Id, input.Reason), run.Context.Principal.Actor, IntentEvents.Subject(input.Id), row.Project)], cancel);
        return new JsonObject { ["id"] = input.Id };
    }
}

/// <summary><c>intent.approve</c>: a person wants it.</summary>
public sealed class ApproveIntent(IntentsModel intents) : JudgeIntent(intents, IntentEvents.Approved)
{
    /// <inheritdoc/>
    public override string Id => "intent.approve";

    /// <inheritdoc/>
    public override string Title => "Approve an intent";

    /// <inheritdoc/>
    public override string Summary => "A person wants what was suggested; the action itself is still asked for separately.";
}

/// <summary><c>intent.reject</c>: a person does not want it.</summary>
public sealed class RejectIntent(IntentsModel intents) : JudgeIntent(intents, IntentEvents.Rejected)
{
    /// <inheritdoc/>
    public override string Id => "intent.reject";

    /// <inheritdoc/>
    public override string Title => "Reject an intent";

    /// <inheritdoc/>
    public override string Summary => "A person does not want what was suggested.";
}
