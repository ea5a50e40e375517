using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Leases;
using Arw.Core.Primitives;

namespace Arw.Core.Egress.Proxy;

/// <summary>One connection through the proxy as policy and ledger see it: an effect of somebody who runs outside the scheduler. It has no action; its id is that of its ledger row.</summary>
internal sealed class ProxyRun(ActionContext context, LeaseBook book, EventJournal journal, TimeProvider time) : ActionRun
{
    /// <summary>The tool of its ledger rows.</summary>
    public const string Tool = "proxy";

    public override ActionContext Context => context;

    public override string Kind => Tool;

    public override int Attempt => 1;

    /// <summary>The question to policy.</summary>
    public static AccessRequest Ask(ActionContext context, Capability capability, DateTimeOffset now) => new()
    {
        Principal = context.Principal,
        ActionKind = Tool,
        Effects = Effects.External,
        Capability = capability,
        Project = context.Project,
        CorrId = context.CorrId,
        Recipe = context.Recipe,
        Now = now,
    };

    public override ValueTask<Result<Permit>> DemandAsync(Capability capability, CancellationToken cancel) =>
        book.DemandAsync(Ask(context, capability, time.GetUtcNow()), cancel);

    public override async ValueTask<Appended> AppendAsync(IReadOnlyList<EventDraft> drafts, CancellationToken cancel) =>
        (await journal.AppendAsync([.. drafts.Select(d => d with { Project = d.Project ?? context.Project, CorrId = d.CorrId ?? context.CorrId })], null, cancel)).Value;

    public override Task<ChildResult> RunChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) => throw NoChildren();

    public override Task<ChildResult> RunReviewedChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) => throw NoChildren();

    private static NotSupportedException NoChildren() => new("A connection through the proxy runs no actions.");
}
