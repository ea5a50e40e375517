using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Policy.Postures;

/// <summary>Input of <c>policy.posture.set</c>.</summary>
public sealed record SetPosture(
    [property: Description("relaxed, standard or strict")] Posture Posture,
    [property: Description("Why, for whoever reads it later")] string? Reason = null);

/// <summary>Input of <c>policy.staging.set</c>.</summary>
public sealed record SetStaging(
    [property: Description("auto: nothing waits; ask: what acts outside this machine waits for a person; always: every effect waits")] StagingMode Mode);

/// <summary>Input of <c>kill.switch.set</c>.</summary>
public sealed record SetKillSwitch(
    [property: Description("true stops every effect at once, false lets them go on")] bool On,
    [property: Description("Only this project; the whole home by default")] string? Project = null,
    [property: Description("Why, for whoever reads it later")] string? Reason = null);

/// <summary>What the actions that set policy share: they are control actions, and answer with the policy as it then is.</summary>
/// <typeparam name="TInput">Input.</typeparam>
public abstract class PolicyAction<TInput>(PolicyModel policy, StateHost state) : ActionKind<TInput>
    where TInput : class
{
    /// <inheritdoc/>
    public override Effects Effects => Effects.Local;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(TInput input, ActionContext context) => Array.Empty<Capability>();

    /// <summary>The event that this input stands for.</summary>
    protected abstract EventDraft Draft(TInput input, string actor);

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(TInput input, ActionRun run, CancellationToken cancel)
    {
        var appended = await run.AppendAsync([Draft(input, run.Context.Principal.Actor)], cancel);
        await state.WaitForAsync(appended.LastSeq, cancel);
        return JsonSerializer.SerializeToNode(policy.Current, ArwJson.Options);
    }
}

/// <summary><c>policy.posture.set</c></summary>
public sealed class SetPostureAction(PolicyModel policy, StateHost state) : PolicyAction<SetPosture>(policy, state)
{
    /// <inheritdoc/>
    public override string Id => "policy.posture.set";

    /// <inheritdoc/>
    public override string Title => "Set the posture";

    /// <inheritdoc/>
    public override string Summary => "Chooses the preset of policy and egress: relaxed, standard or strict.";

    /// <inheritdoc/>
    protected override string Describe(SetPosture input) => $"Set the posture to {input.Posture.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    protected override EventDraft Draft(SetPosture input, string actor) =>
        PolicyEvents.PostureSet.Draft(new PostureSet(input.Posture, input.Reason), actor, PolicyEvents.Subject);
}

/// <summary><c>policy.staging.set</c></summary>
public sealed class SetStagingAction(PolicyModel policy, StateHost state) : PolicyAction<SetStaging>(policy, state)
{
    /// <inheritdoc/>
    public override string Id => "policy.staging.set";

    /// <inheritdoc/>
    public override string Title => "Set staging";

    /// <inheritdoc/>
    public override string Summary => "Chooses which permitted actions still wait for a person before they run.";

    /// <inheritdoc/>
    protected override EventDraft Draft(SetStaging input, string actor) =>
        PolicyEvents.StagingSet.Draft(new StagingSet(input.Mode), actor, PolicyEvents.Subject);
}

/// <summary><c>kill.switch.set</c></summary>
public sealed class SetKillSwitchAction(PolicyModel policy, StateHost state) : PolicyAction<SetKillSwitch>(policy, state)
{
    /// <inheritdoc/>
    public override string Id => "kill.switch.set";

    /// <inheritdoc/>
    public override string Title => "Throw or release the kill switch";

    /// <inheritdoc/>
    public override string Summary => "Stops every effect of the home or of one project at once, or lets them go on.";

    /// <inheritdoc/>
    protected override string Describe(SetKillSwitch input) =>
        $"{(input.On ? "Stop" : "Let go on")} {(input.Project is { } project ? $"project {project}" : "everything")}";

    /// <inheritdoc/>
    protected override EventDraft Draft(SetKillSwitch input, string actor) =>
        PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(input.On, input.Project, input.Reason), actor, PolicyEvents.Subject);
}
