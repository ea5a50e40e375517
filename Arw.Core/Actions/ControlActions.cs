using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Actions;

/// <summary>Input of <c>approval.answer</c>.</summary>
public sealed record AnswerInput(
    [property: Description("Id of the approval.")] string Approval,
    [property: Description("The answer. Every one but refuse lets the action run; they differ in how long the lease lasts.")] ApprovalAnswer Answer)
{
    /// <summary>Grants this capability instead of the suggested one.</summary>
    [Description("Grants this capability instead of the suggested one.")]
    public string? Scope { get; init; }

    /// <summary>Runs the action with this input instead.</summary>
    [Description("Runs the action with this input instead.")]
    public JsonNode? Input { get; init; }
}

/// <summary>A person answers an approval.</summary>
public sealed class AnswerApproval(IServiceProvider services) : ActionKind<AnswerInput>
{
    /// <inheritdoc/>
    public override string Id => "approval.answer";

    /// <inheritdoc/>
    public override string Title => "Answer an approval";

    /// <inheritdoc/>
    public override string Summary => "Lets a waiting action run, for a time of the person's choice, or refuses it.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(AnswerInput input, ActionContext context) => (Capability[])[];

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(AnswerInput input, ActionRun run, CancellationToken cancel) =>
        input.Answer == ApprovalAnswer.Expired
            ? Refusal.Invalid("Only time answers \"expired\".", "Answer refuse.")
            : (await services.GetRequiredService<ActionDesk>().AnswerAsync(input.Approval, input.Answer, input.Scope, input.Input, run.Context.Principal, cancel))
                .Map(a => JsonSerializer.SerializeToNode(a, ArwJson.Options));
}

/// <summary>Input of <c>action.cancel</c>.</summary>
public sealed record CancelInput([property: Description("Id of the action.")] string Action)
{
    /// <summary>Why, for the record.</summary>
    [Description("Why, for the record.")]
    public string? Reason { get; init; }
}

/// <summary>A person cancels an action.</summary>
public sealed class CancelAction(IServiceProvider services) : ActionKind<CancelInput>
{
    /// <inheritdoc/>
    public override string Id => "action.cancel";

    /// <inheritdoc/>
    public override string Title => "Cancel an action";

    /// <inheritdoc/>
    public override string Summary => "Stops a running action, or takes a waiting or queued one back.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(CancelInput input, ActionContext context) => (Capability[])[];

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(CancelInput input, ActionRun run, CancellationToken cancel) =>
        (await services.GetRequiredService<ActionDesk>().CancelAsync(input.Action, run.Context.Principal.Actor, input.Reason, cancel))
            .Map(a => JsonSerializer.SerializeToNode(a, ArwJson.Options));
}
