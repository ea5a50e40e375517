using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Redaction;

/// <summary>Input of <c>redaction.masks.set</c>: what is left out stays.</summary>
public sealed record SetRedactionMasks(
    [property: Description("Classes that the journal never holds: credential (always), financial, person, custom")] IReadOnlyList<DataClass>? Journal = null,
    [property: Description("Classes masked in prompts to models; credential is always one")] IReadOnlyList<DataClass>? Prompts = null,
    [property: Description("Classes masked in snapshots and previews; credential is always one")] IReadOnlyList<DataClass>? Snapshots = null);

/// <summary>Control action <c>redaction.masks.set</c>.</summary>
public sealed class SetRedactionMasksAction(StateHost state) : ActionKind<SetRedactionMasks>
{
    /// <inheritdoc/>
    public override string Id => "redaction.masks.set";

    /// <inheritdoc/>
    public override string Title => "Choose what is masked";

    /// <inheritdoc/>
    public override string Summary => "Chooses which classes of data are masked in the journal, in prompts and in snapshots. Credentials always are.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(SetRedactionMasks input, ActionContext context)
    {
        IReadOnlyList<DataClass>?[] lists = [input.Journal, input.Prompts, input.Snapshots];
        return lists.All(l => l is null) ? Refusal.Invalid("There is nothing to change.", "Give journal, prompts or snapshots.")
            : lists.Any(l => l is not null && !l.Contains(DataClass.Credential)) ? Refusal.Invalid("Credentials are always masked.", "Name credential in each list.")
            : Array.Empty<Capability>();
    }

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(SetRedactionMasks input, ActionRun run, CancellationToken cancel)
    {
        var masks = new RedactionMasks(InOrder(input.Journal), InOrder(input.Prompts), InOrder(input.Snapshots));
        var written = await run.AppendAsync([RedactionEvents.MasksSet.Draft(masks, run.Context.Principal.Actor, "redaction")], cancel);
        await state.WaitForAsync(written.LastSeq, cancel);
        return new JsonObject { ["ok"] = true };
    }

    private static IReadOnlyList<DataClass>? InOrder(IReadOnlyList<DataClass>? classes) => classes is null ? null : [.. classes.Distinct().Order()];
}

/// <summary>Control action <c>redaction.rule.set</c>: refused when one of the rule's own tests fails.</summary>
public sealed class SetRedactionRuleAction(RedactionModel model, StateHost state) : ActionKind<RedactionRule>
{
    private const int MaxRules = 32;

    /// <inheritdoc/>
    public override string Id => "redaction.rule.set";

    /// <inheritdoc/>
    public override string Title => "Set a redaction rule";

    /// <inheritdoc/>
    public override string Summary => "Sets a detector of this home's own. Its samples are tried first; a rule that misses one or finds one too many is refused.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(RedactionRule input) => $"Set the redaction rule {input.Id}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RedactionRule input, ActionContext context) =>
        input.Fault() is { } fault ? fault : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RedactionRule input, ActionRun run, CancellationToken cancel)
    {
        if (model.Current.Rules.Count(r => r.Id != input.Id) >= MaxRules)
        {
            return Refusal.Conflict($"There are {MaxRules} rules already.", "Remove one: each is looked for in every event.");
        }

        var written = await run.AppendAsync([RedactionEvents.RuleSet.Draft(input, run.Context.Principal.Actor, $"redaction_rule:{input.Id}")], cancel);
        await state.WaitForAsync(written.LastSeq, cancel);
        return new JsonObject { ["id"] = input.Id };
    }
}

/// <summary>Input of <c>redaction.rule.remove</c>.</summary>
public sealed record RemoveRedactionRule([property: Description("The rule's id")] string Id);

/// <summary>Control action <c>redaction.rule.remove</c>.</summary>
public sealed class RemoveRedactionRuleAction(RedactionModel model) : ActionKind<RemoveRedactionRule>
{
    /// <inheritdoc/>
    public override string Id => "redaction.rule.remove";

    /// <inheritdoc/>
    public override string Title => "Remove a redaction rule";

    /// <inheritdoc/>
    public override string Summary => "Removes a detector of this home's own. What it has masked stays masked.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(RemoveRedactionRule input) => $"Remove the redaction rule {input.Id}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RemoveRedactionRule input, ActionContext context) => Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RemoveRedactionRule input, ActionRun run, CancellationToken cancel)
    {
        if (model.Current.Rules.All(r => r.Id != input.Id))
        {
            return Refusal.NotFound("redaction rule", input.Id);
        }

        await run.AppendAsync([RedactionEvents.RuleRemoved.Draft(new RedactionRemoved(input.Id), run.Context.Principal.Actor, $"redaction_rule:{input.Id}")], cancel);
        return new JsonObject { ["id"] = input.Id };
    }
}
