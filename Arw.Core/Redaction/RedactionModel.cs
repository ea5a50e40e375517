using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Redaction;

/// <summary>What a person configured about redaction.</summary>
public sealed record RedactionState
{
    /// <summary>Classes masked in the journal.</summary>
    public IReadOnlyList<DataClass> Journal { get; init; } = [.. RedactionSetup.Default.Journal.Each()];

    /// <summary>Classes masked in prompts to models.</summary>
    public IReadOnlyList<DataClass> Prompts { get; init; } = [.. RedactionSetup.Default.Prompts.Each()];

    /// <summary>Classes masked in snapshots and previews.</summary>
    public IReadOnlyList<DataClass> Snapshots { get; init; } = [.. RedactionSetup.Default.Snapshots.Each()];

    /// <summary>Rules by id, in order.</summary>
    public ImmutableList<RedactionRule> Rules { get; init; } = [];

    /// <summary>Canaries in the order of planting.</summary>
    public ImmutableList<Canary> Canaries { get; init; } = [];

    /// <summary>The state as a redactor takes it.</summary>
    internal RedactionSetup Setup(RedactionKey key) => new()
    {
        Journal = Journal.Set(),
        Prompts = Prompts.Set(),
        Snapshots = Snapshots.Set(),
        Rules = Rules,
        Canaries = Canaries.ToDictionary(c => c.Id, c => Canary.Value(key, c.Id, c.Form), StringComparer.Ordinal),
    };
}

/// <summary>The read model <c>redaction</c>.</summary>
public sealed class RedactionModel : DocumentModel<RedactionState>
{
    /// <inheritdoc/>
    public override string Id => "redaction";

    /// <inheritdoc/>
    protected override RedactionState Empty { get; } = new();

    /// <inheritdoc/>
    protected override RedactionState Fold(RedactionState state, JournalEvent e) => e.Kind switch
    {
        _ when RedactionEvents.MasksSet.Is(e) => Masks(state, RedactionEvents.MasksSet.Read(e)),
        _ when RedactionEvents.RuleSet.Is(e) => Rule(state, RedactionEvents.RuleSet.Read(e)),
        _ when RedactionEvents.RuleRemoved.Is(e) => state with { Rules = state.Rules.RemoveAll(r => r.Id == RedactionEvents.RuleRemoved.Read(e).Id) },
        _ when RedactionEvents.CanaryPlanted.Is(e) => Plant(state, RedactionEvents.CanaryPlanted.Read(e), e.Time),
        _ when RedactionEvents.CanaryRemoved.Is(e) => state with { Canaries = state.Canaries.RemoveAll(c => c.Id == RedactionEvents.CanaryRemoved.Read(e).Id) },
        _ when RedactionEvents.CanarySeen.Is(e) => See(state, RedactionEvents.CanarySeen.Read(e).Canary, e.Time),
        _ => state,
    };

    private static RedactionState Masks(RedactionState state, RedactionMasks set) => state with
    {
        Journal = set.Journal ?? state.Journal,
        Prompts = set.Prompts ?? state.Prompts,
        Snapshots = set.Snapshots ?? state.Snapshots,
    };

    private static RedactionState Rule(RedactionState state, RedactionRule rule) => state with
    {
        Rules = state.Rules.RemoveAll(r => r.Id == rule.Id).Add(rule).Sort((a, b) => string.CompareOrdinal(a.Id, b.Id)),
    };

    private static RedactionState Plant(RedactionState state, CanaryPlanted planted, DateTimeOffset time) =>
        state with { Canaries = state.Canaries.Add(new Canary(planted.Id, planted.Label, planted.Form, time)) };

    private static RedactionState See(RedactionState state, string id, DateTimeOffset time) =>
        state.Canaries.FindIndex(c => c.Id == id) is >= 0 and var at
            ? state with { Canaries = state.Canaries.SetItem(at, state.Canaries[at] with { Seen = state.Canaries[at].Seen + 1, LastSeen = time }) }
            : state;
}
