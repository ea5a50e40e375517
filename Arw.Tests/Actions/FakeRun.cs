using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Tests.Actions;

/// <summary>A run outside the scheduler, to test one executor: permits what <see cref="Judge"/> permits and keeps what was written.</summary>
internal sealed class FakeRun : ActionRun
{
    private long _seq;

    public override ActionContext Context { get; } = new()
    {
        ActionId = "01K0000000000000000000TEST",
        Principal = Principal.Owner,
        Project = "demo",
        CorrId = "test",
    };

    public override string Kind => "test.run";

    public override int Attempt => 1;

    public List<Capability> Demands { get; } = [];

    public List<EventDraft> Written { get; } = [];

    public CancellationTokenSource Revocation { get; } = new();

    public Func<Capability, Refusal?> Judge { get; init; } = _ => null;

    public Func<string, JsonNode, string, ChildResult>? Child { get; init; }

    public List<string> Reviewed { get; } = [];

    public override ValueTask<Result<Permit>> DemandAsync(Capability capability, CancellationToken cancel)
    {
        Demands.Add(capability);
        return ValueTask.FromResult<Result<Permit>>(Judge(capability) is { } refusal
            ? refusal
            : new Permit(new Decision(DecisionEffect.Allow, "test", null), Revocation.Token));
    }

    public override ValueTask<Appended> AppendAsync(IReadOnlyList<EventDraft> drafts, CancellationToken cancel)
    {
        Written.AddRange(drafts);
        var first = _seq + 1;
        _seq += drafts.Count;
        return ValueTask.FromResult(new Appended(first, _seq));
    }

    public override Task<ChildResult> RunChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) =>
        Task.FromResult((Child ?? throw new InvalidOperationException("This test expects no child actions."))(kind, input, key));

    public override Task<ChildResult> RunReviewedChildAsync(string kind, JsonNode input, string key, CancellationToken cancel)
    {
        Reviewed.Add(key);
        return RunChildAsync(kind, input, key, cancel);
    }
}
