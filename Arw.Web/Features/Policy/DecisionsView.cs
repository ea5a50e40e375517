using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Postures;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.Policy;

/// <summary>A decision of policy, as the page lists it.</summary>
public sealed record DecisionRow(JournalEvent Event, PolicyDecided Decided)
{
    public StatusKind Status => Decided.Decision.Effect switch
    {
        DecisionEffect.Allow => StatusKind.Done,
        DecisionEffect.NeedsLease => StatusKind.Waiting,
        _ => StatusKind.Refused,
    };

    /// <summary>Input of <c>policy.lease.grant</c> for exactly what was asked for: to the recipe or the agent that asked, else for the project. Null where no lease would help, or nobody could hold it.</summary>
    public JsonObject? Grant()
    {
        var holder = Decided.Recipe is { } recipe ? $"recipe:{recipe}"
            : Decided.Principal.StartsWith("agent:", StringComparison.Ordinal) ? Decided.Principal
            : Event.Project is { } project ? $"project:{project}"
            : null;
        return Decided.Decision.Effect == DecisionEffect.NeedsLease && holder is not null
            ? new JsonObject { ["capability"] = Decided.Decision.Capability, ["holder"] = holder, ["reason"] = "Allowed from the decisions." }
            : null;
    }

    public string Word => Decided.Decision.Effect switch
    {
        DecisionEffect.Allow => "Allowed",
        DecisionEffect.NeedsLease => "Needs a lease",
        _ => "Denied",
    };
}

/// <summary>The recent decisions, newest first.</summary>
public sealed class DecisionsView(EventJournal journal)
{
    /// <summary>Most that are listed.</summary>
    public const int Most = 200;

    /// <summary>Pulls them.</summary>
    /// <param name="refusedOnly">Leaves out what was allowed.</param>
    public IReadOnlyList<DecisionRow> Pull(bool refusedOnly) =>
    [
        .. journal.Newest(Most, new EventFilter { Prefixes = [PolicyEvents.Decided.Name] })
            .Where(PolicyEvents.Decided.Is)
            .OrderByDescending(e => e.Seq)
            .Where(e => e.PayloadRef is null)
            .Select(e => new DecisionRow(e, PolicyEvents.Decided.Read(e)))
            .Where(d => !refusedOnly || d.Decided.Decision.Effect != DecisionEffect.Allow),
    ];
}
