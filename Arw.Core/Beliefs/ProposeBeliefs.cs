using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs;

/// <summary>Input of <c>beliefs.propose</c>.</summary>
public sealed record ProposeBeliefsInput(
    [property: Description("1 to 100 claims.")] IReadOnlyList<Claim> Claims);

/// <summary>One claim.</summary>
public sealed record Claim(
    [property: Description("The claim as a sentence, at most 2,000 characters.")] string Text,
    [property: Description("How sure the source is, 0 to 1.")] double Confidence)
{
    /// <summary>What it is about.</summary>
    [Description("What it is about; claims with one subject and predicate and different texts contradict each other.")]
    public string? Subject { get; init; }

    /// <summary>Which property.</summary>
    [Description("Which property of the subject.")]
    public string? Predicate { get; init; }

    /// <summary>Its topic.</summary>
    [Description("The topic it belongs to.")]
    public string? Topic { get; init; }

    /// <summary>Where it comes from.</summary>
    [Description("Where it comes from, at most 32 sources.")]
    public IReadOnlyList<BeliefEvidence> Evidence { get; init; } = [];

    /// <summary>Relations to other things.</summary>
    [Description("Relations to beliefs (belief:ID) or entities, at most 32.")]
    public IReadOnlyList<BeliefRelation> Relations { get; init; } = [];
}

/// <summary>Holds claims back for a person's review where they come from outside: the action's output then. Null = they may be written. Registered by the memory pack; without it, nothing is held back.</summary>
/// <param name="claims">The claims.</param>
/// <param name="run">The action that proposes them.</param>
/// <param name="cancel">Gives up.</param>
public delegate ValueTask<JsonNode?> ClaimReview(IReadOnlyList<Claim> claims, ActionRun run, CancellationToken cancel);

/// <summary><c>beliefs.propose</c>: claims with evidence. The same claim again merges: running it twice changes nothing.</summary>
public sealed class ProposeBeliefs(BeliefWriter writer, ClaimReview? review = null) : ActionKind<ProposeBeliefsInput>
{
    private static readonly Capability Need = Capability.Of("beliefs.propose");

    /// <inheritdoc/>
    public override string Id => "beliefs.propose";

    /// <inheritdoc/>
    public override string Title => "Propose beliefs";

    /// <inheritdoc/>
    public override string Summary => "Adds claims with evidence and confidence to the project's map. The same claim again adds its evidence. Claims that come from outside wait for a person's review.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    protected override string Describe(ProposeBeliefsInput input) =>
        input.Claims is [var only] ? $"Propose the belief \"{only.Text}\"" : $"Propose {input.Claims.Count} beliefs";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(ProposeBeliefsInput input, ActionContext context) =>
        ClaimRules.Fault(input.Claims) is { } fault ? fault : new[] { Need };

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(ProposeBeliefsInput input, ActionRun run, CancellationToken cancel)
    {
        if (!(await run.DemandAsync(Need, cancel)).TryGet(out _, out var refusal))
        {
            return refusal;
        }

        if (review is not null && await review(input.Claims, run, cancel) is { } held)
        {
            return held;
        }

        var ids = await writer.WriteAsync(
            input.Claims,
            run.Context.Project,
            async proposed => await run.AppendAsync(
                [.. proposed.Select(p => BeliefEvents.Proposed.Draft(p, run.Context.Principal.Actor, BeliefEvents.Subject(p.Id), run.Context.Project))], cancel),
            cancel);
        return new JsonObject { ["beliefs"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) };
    }
}
