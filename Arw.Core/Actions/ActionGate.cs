using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Arw.Core.Primitives;

namespace Arw.Core.Actions;

/// <summary>What policy says to all needs of an action together.</summary>
/// <param name="Reports">One report per need, in order.</param>
public sealed record Judgement(IReadOnlyList<DecisionReport> Reports)
{
    /// <summary>The first denial; null when nothing is denied.</summary>
    public DecisionReport? Denied => Reports.FirstOrDefault(r => r.Effect == DecisionEffect.Deny);

    /// <summary>Needs that a lease would satisfy.</summary>
    public IReadOnlyList<DecisionReport> Missing { get; } = [.. Reports.Where(r => r.Effect == DecisionEffect.NeedsLease)];

    /// <summary>The first of them; null when no lease is missing.</summary>
    public DecisionReport? FirstMissing => Missing.Count > 0 ? Missing[0] : null;

    /// <summary>What stands in the way: a denial before a missing lease; null when it may run.</summary>
    public DecisionReport? Obstacle => Denied ?? FirstMissing;
}

/// <summary>The leases that an answer grants, as events.</summary>
/// <param name="Drafts">The events.</param>
/// <param name="LeaseIds">Ids of the leases.</param>
public sealed record Grants(IReadOnlyList<EventDraft> Drafts, IReadOnlyList<string> LeaseIds);

/// <summary>Where the action pipeline asks policy: at submit, at claim, before each effect, and when a person answers.</summary>
public sealed class ActionGate(PolicyEngine engine, PolicyModel policy, LeaseBook book, LeaseTerms terms, EventJournal journal, TimeProvider time)
{
    private const long QuarterHour = 15 * 60;

    /// <summary>Id of the read model whose change may stop or free actions.</summary>
    public string PolicyModelId => policy.Id;

    /// <summary>Why nothing may run in a project now; null when it may.</summary>
    public Refusal? Stopped(string? project) => policy.Current.KillSwitch.Stops(project)
        ? new Refusal("kill_switch", project is null || policy.Current.KillSwitch.On ? "The kill switch is on." : $"The kill switch of the project \"{project}\" is on.", "Release it in Settings.", 409)
        : null;

    /// <summary>Whether such an action waits for a person before it runs.</summary>
    public bool MustStage(ActionKind kind) => policy.Current.Stages(kind.Effects);

    /// <summary>Asks about every need.</summary>
    public Judgement Judge(ActionKind kind, ActionContext context, IReadOnlyList<Capability> needs)
    {
        var reports = new List<DecisionReport>(needs.Count);
        foreach (var need in needs)
        {
            var request = Request(kind, context, need);
            reports.Add(engine.Explain(request, engine.Decide(request)));
        }

        return new Judgement(reports);
    }

    /// <summary>Whether a person revoked, after an event, the lease that a need was covered by.</summary>
    public bool RevokedSince(DecisionReport missing, long seq) =>
        missing.FormerLease is { } id
        && book.Find(id) is { Ended.By: { } by } lease
        && by.StartsWith("person:", StringComparison.Ordinal)
        && lease.Seq > seq;

    /// <summary>The decisions as events: why it was allowed, denied or must wait.</summary>
    public IReadOnlyList<EventDraft> Record(Judgement judgement, ActionContext context) => [.. judgement.Reports.Select(r => Record(r, context))];

    /// <summary>Asks for one effect, now. Permission is booked on its lease and is withdrawn with it; a refusal is journaled with its decision.</summary>
    public async ValueTask<Result<Permit>> DemandAsync(ActionKind kind, ActionContext context, Capability capability, CancellationToken cancel)
    {
        var answer = await book.DemandAsync(Request(kind, context, capability), cancel);
        if (answer.Refusal?.Details is DecisionReport report)
        {
            await journal.AppendAsync(Record(report, context), cancel);
        }

        return answer;
    }

    /// <summary>The leases that an answer grants for what is missing. A refusal when the scope that the person wrote covers nothing of it.</summary>
    public Result<Grants> Grants(ActionKind kind, ActionContext context, IReadOnlyList<Capability> needs, Approval approval, ApprovalAnswer answer, string? scope, Principal by)
    {
        var judgement = Judge(kind, context, needs);
        if (judgement.Denied is { } denied)
        {
            return LeaseBook.Refuse(denied);
        }

        Capability? written = null;
        if (scope is not null && !Capability.Parse(scope).TryGet(out written, out var bad))
        {
            return bad;
        }

        var drafts = new List<EventDraft>();
        var ids = new List<string>();
        var granted = new HashSet<string>(StringComparer.Ordinal);
        var used = written is null;
        foreach (var missing in judgement.Missing)
        {
            var need = Capability.Parse(missing.Capability).Value;
            var capability = written is not null && written.Covers(need) ? written.ToString() : Wide(missing, answer);
            used |= written is not null && written.Covers(need);
            if (!granted.Add(capability))
            {
                continue;
            }

            if (!terms.Prepare(Terms(capability, context, approval, answer), by).TryGet(out var lease, out var refusal))
            {
                return refusal;
            }

            drafts.Add(lease.Draft with { CorrId = context.CorrId, ParentId = context.ActionId });
            ids.Add(lease.Id);
        }

        return used
            ? new Grants(drafts, ids)
            : Refusal.Invalid($"\"{scope}\" does not cover what the action needs: {string.Join(", ", judgement.Missing.Select(m => m.Capability))}.", "Write a capability that covers it.");
    }

    // Once is for exactly this; longer answers are for the place (the host, the folder), which is what people mean by them.
    private static string Wide(DecisionReport missing, ApprovalAnswer answer) =>
        answer != ApprovalAnswer.Once && missing.Suggested.Count > 1 ? missing.Suggested[1] : missing.Suggested[0];

    private static LeaseRequest Terms(string capability, ActionContext context, Approval approval, ApprovalAnswer answer)
    {
        var episode = $"episode:{context.CorrId}";
        var lasting = context.Recipe is { } recipe ? $"recipe:{recipe}"
            : context.Principal.Kind == PrincipalKind.Agent ? $"agent:{context.Principal.Name}"
            : context.Project is { } project ? $"project:{project}"
            : episode;
        var request = new LeaseRequest(capability, answer is ApprovalAnswer.Once or ApprovalAnswer.Episode ? episode : lasting)
        {
            Project = context.Project,
            Approval = approval.Id,
            Reason = approval.Request.Title,
        };
        return answer switch
        {
            ApprovalAnswer.Once => request with { TtlSecs = LeaseTerms.MaxTtlSecs, Action = context.ActionId },
            ApprovalAnswer.Episode => request with { Mode = LeaseMode.Episode, Episode = context.CorrId },
            ApprovalAnswer.UntilRevoked => request with { Mode = LeaseMode.UntilRevoked },
            _ => request with { TtlSecs = QuarterHour },
        };
    }

    private static EventDraft Record(DecisionReport report, ActionContext context) => PolicyEvents.Decided.Draft(
        new PolicyDecided(report, context.Principal.Actor) { Action = context.ActionId, Recipe = context.Recipe },
        "system:policy", null, context.Project, context.CorrId, context.ActionId);

    private AccessRequest Request(ActionKind kind, ActionContext context, Capability capability) => new()
    {
        Principal = context.Principal,
        ActionKind = kind.Id,
        ActionId = context.ActionId,
        Effects = kind.Effects,
        Capability = capability,
        Project = context.Project,
        CorrId = context.CorrId,
        Recipe = context.Recipe,
        Now = time.GetUtcNow(),
    };
}
