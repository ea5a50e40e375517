using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
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

/// <summary><c>beliefs.propose</c>: claims with evidence. The same claim again merges: running it twice changes nothing.</summary>
public sealed class ProposeBeliefs(BeliefsModel beliefs, BeliefTurn turn) : ActionKind<ProposeBeliefsInput>
{
    private const int MaxConflicts = 32;
    private static readonly Capability Need = Capability.Of("beliefs.propose");

    /// <inheritdoc/>
    public override string Id => "beliefs.propose";

    /// <inheritdoc/>
    public override string Title => "Propose beliefs";

    /// <inheritdoc/>
    public override string Summary => "Adds claims with evidence and confidence to the project's map. The same claim again adds its evidence.";

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

        using var held = await turn.TakeAsync(cancel);
        var proposed = Proposals(input.Claims, run.Context.Project);
        EventDraft[] drafts = [.. proposed.Select(p =>
            BeliefEvents.Proposed.Draft(p, run.Context.Principal.Actor, BeliefEvents.Subject(p.Id), run.Context.Project))];
        await run.AppendAsync(drafts, cancel);
        return new JsonObject { ["beliefs"] = new JsonArray([.. proposed.Select(p => JsonValue.Create(p.Id))]) };
    }

    private List<BeliefProposed> Proposals(IReadOnlyList<Claim> claims, string? project)
    {
        var proposals = new List<BeliefProposed>();
        var before = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var claim in claims)
        {
            var id = BeliefIdentity.Of(project, claim.Subject, claim.Predicate, claim.Text);
            IReadOnlyList<string> conflicts = [];
            if (BeliefIdentity.Slot(project, claim.Subject, claim.Predicate) is { } slot)
            {
                if (!before.TryGetValue(slot, out var others))
                {
                    before[slot] = others = [.. beliefs.InSlot(slot, MaxConflicts + 1).Select(b => b.Id)];
                }

                conflicts = [.. others.Where(o => o != id).Take(MaxConflicts)];
                others.Add(id);
            }

            proposals.Add(new BeliefProposed(id, claim.Text.Trim(), claim.Confidence)
            {
                Subject = claim.Subject,
                Predicate = claim.Predicate,
                Topic = claim.Topic,
                Evidence = claim.Evidence,
                Relations = claim.Relations,
                Conflicts = conflicts,
            });
        }

        return proposals;
    }
}
