using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>Input of <c>egress.settings.set</c>: what is left out stays.</summary>
public sealed record SetEgressSettings(
    [property: Description("posture (follow the posture), observe, public or allowlist")] EgressModeChoice? Mode = null,
    [property: Description("Limits of each request; what is left out stays")] EgressLimitsChange? Limits = null,
    [property: Description("A project that gets a mode of its own, or loses it with mode posture; left out for the home")] string? Project = null);

/// <summary>Control action <c>egress.settings.set</c>.</summary>
public sealed class SetEgressSettingsAction : ActionKind<SetEgressSettings>
{
    /// <inheritdoc/>
    public override string Id => "egress.settings.set";

    /// <inheritdoc/>
    public override string Title => "Change the egress settings";

    /// <inheritdoc/>
    public override string Summary => "Sets how wide the way out is, and the limits of each request.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(SetEgressSettings input, ActionContext context)
    {
        if (input.Project is not null && (input.Mode is null || input.Limits is not null))
        {
            return Refusal.Invalid("A project has a mode of its own, and nothing else.", "Give a mode, and no limits.");
        }

        if (input.Mode is null && input.Limits is null)
        {
            return Refusal.Invalid("There is nothing to change.", "Give a mode or limits.");
        }

        return input.Limits?.Fault() is { } fault ? Refusal.Invalid(fault, "Correct the value.") : Array.Empty<Capability>();
    }

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(SetEgressSettings input, ActionRun run, CancellationToken cancel)
    {
        var change = new EgressSettingsUpdated(input.Mode, input.Limits, input.Project);
        await run.AppendAsync([EgressEvents.SettingsUpdated.Draft(change, run.Context.Principal.Actor, "egress_settings")], cancel);
        return new JsonObject { ["ok"] = true };
    }
}

/// <summary>Control action <c>egress.scope.set</c>.</summary>
public sealed class SetEgressScopeAction : ActionKind<EgressScope>
{
    /// <inheritdoc/>
    public override string Id => "egress.scope.set";

    /// <inheritdoc/>
    public override string Title => "Set an egress scope";

    /// <inheritdoc/>
    public override string Summary => "Declares places that may be asked for, or never may. It grants nothing: only a lease does.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(EgressScope input) => $"Set the egress scope {input.Id} to {(input.Deny ? "never ask for " : "")}{string.Join(", ", input.Hosts.Concat(input.Cidrs))}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(EgressScope input, ActionContext context) =>
        input.Check().TryGet(out _, out var refusal) ? Array.Empty<Capability>() : refusal;

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(EgressScope input, ActionRun run, CancellationToken cancel)
    {
        if (!input.Check().TryGet(out var scope, out var refusal))
        {
            return refusal;
        }

        await run.AppendAsync([EgressEvents.ScopeSet.Draft(scope, run.Context.Principal.Actor, $"egress_scope:{scope.Id}")], cancel);
        return new JsonObject { ["id"] = scope.Id };
    }
}

/// <summary>Input of <c>egress.scope.remove</c>.</summary>
public sealed record RemoveEgressScope([property: Description("The scope's id")] string Id);

/// <summary>Control action <c>egress.scope.remove</c>.</summary>
public sealed class RemoveEgressScopeAction(EgressSettingsModel settings) : ActionKind<RemoveEgressScope>
{
    /// <inheritdoc/>
    public override string Id => "egress.scope.remove";

    /// <inheritdoc/>
    public override string Title => "Remove an egress scope";

    /// <inheritdoc/>
    public override string Summary => "Removes declared places. Places that are not public, and every place in allowlist mode, can no longer be asked for through it.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(RemoveEgressScope input) => $"Remove the egress scope {input.Id}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RemoveEgressScope input, ActionContext context) => Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RemoveEgressScope input, ActionRun run, CancellationToken cancel)
    {
        if (settings.Current.Scopes.All(s => s.Id != input.Id))
        {
            return Refusal.NotFound("egress scope", input.Id);
        }

        await run.AppendAsync([EgressEvents.ScopeRemoved.Draft(new EgressScopeRemoved(input.Id), run.Context.Principal.Actor, $"egress_scope:{input.Id}")], cancel);
        return new JsonObject { ["id"] = input.Id };
    }
}
