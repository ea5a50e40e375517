using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Tests.Beliefs;

/// <summary>A run that writes into a real journal, for executors that read what was folded.</summary>
internal sealed class JournalRun(EventJournal journal, string project = "demo") : ActionRun
{
    public override ActionContext Context { get; } = new()
    {
        ActionId = "01K0000000000000000000TEST",
        Principal = Principal.Owner,
        Project = project,
        CorrId = "test",
    };

    public override string Kind => "test.run";

    public override int Attempt => 1;

    public override ValueTask<Result<Permit>> DemandAsync(Capability capability, CancellationToken cancel) =>
        ValueTask.FromResult<Result<Permit>>(new Permit(new Decision(DecisionEffect.Allow, "test", null), CancellationToken.None));

    public override async ValueTask<Appended> AppendAsync(IReadOnlyList<EventDraft> drafts, CancellationToken cancel) =>
        (await journal.AppendAsync([.. drafts.Select(d => d with { CorrId = Context.CorrId, ParentId = Context.ActionId })], null, cancel)).Value;

    public override Task<ChildResult> RunChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) =>
        throw new InvalidOperationException("No children are expected.");

    public override Task<ChildResult> RunReviewedChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) =>
        throw new InvalidOperationException("No children are expected.");
}
