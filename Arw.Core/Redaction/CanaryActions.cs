using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Redaction;

/// <summary>Input of <c>redaction.canary.plant</c>.</summary>
public sealed record PlantCanary(
    [property: Description("Where you will put it, in your words: \".env of the shop\"")] string Label,
    [property: Description("What it looks like: aws_key (default), github_token, api_key or database_url")] CanaryForm Form = CanaryForm.AwsKey);

/// <summary>Control action <c>redaction.canary.plant</c>: makes a false secret, shown in its answer; wherever it turns up later, an alarm is raised.</summary>
public sealed class PlantCanaryAction(RedactionModel model, RedactionKey key, StateHost state, IdSource ids) : ActionKind<PlantCanary>
{
    /// <summary>Id of the kind: its own answer holds the canary and is no alarm.</summary>
    public const string Kind = "redaction.canary.plant";

    private const int MaxCanaries = 100;

    /// <inheritdoc/>
    public override string Id => Kind;

    /// <inheritdoc/>
    public override string Title => "Plant a canary";

    /// <inheritdoc/>
    public override string Summary => "Makes a false secret to leave where nobody should read. A request that carries it is refused, and an event that holds it raises an alarm.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(PlantCanary input) => $"Plant a canary in {input.Label}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(PlantCanary input, ActionContext context) => input.Label.Length is > 0 and <= 120
        ? Array.Empty<Capability>()
        : Refusal.Invalid("The label is empty or too long.", "Say in 1 to 120 characters where you will put it.");

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(PlantCanary input, ActionRun run, CancellationToken cancel)
    {
        if (model.Current.Canaries.Count >= MaxCanaries)
        {
            return Refusal.Conflict($"There are {MaxCanaries} canaries already.", "Give one up first.");
        }

        var id = ids.New();
        var written = await run.AppendAsync([RedactionEvents.CanaryPlanted.Draft(new CanaryPlanted(id, input.Label, input.Form), run.Context.Principal.Actor, RedactionEvents.Canary(id))], cancel);
        await state.WaitForAsync(written.LastSeq, cancel);
        return new JsonObject { ["id"] = id, ["value"] = Canary.Value(key, id, input.Form) };
    }
}

/// <summary>Input of <c>redaction.canary.remove</c>.</summary>
public sealed record RemoveCanary([property: Description("The canary's id")] string Id);

/// <summary>Control action <c>redaction.canary.remove</c>.</summary>
public sealed class RemoveCanaryAction(RedactionModel model) : ActionKind<RemoveCanary>
{
    /// <inheritdoc/>
    public override string Id => "redaction.canary.remove";

    /// <inheritdoc/>
    public override string Title => "Give up a canary";

    /// <inheritdoc/>
    public override string Summary => "Ends a canary: where it turns up from now on, no alarm is raised.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RemoveCanary input, ActionContext context) => Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RemoveCanary input, ActionRun run, CancellationToken cancel)
    {
        if (model.Current.Canaries.All(c => c.Id != input.Id))
        {
            return Refusal.NotFound("canary", input.Id);
        }

        await run.AppendAsync([RedactionEvents.CanaryRemoved.Draft(new RedactionRemoved(input.Id), run.Context.Principal.Actor, RedactionEvents.Canary(input.Id))], cancel);
        return new JsonObject { ["id"] = input.Id };
    }
}
