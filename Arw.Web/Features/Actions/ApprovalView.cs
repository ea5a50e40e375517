using Arw.Core.Actions;
using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Policy;
using Arw.Core.State;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.Actions;

/// <summary>One thing that a person should know before answering.</summary>
public sealed record ApprovalFact(StatusKind Kind, string Text);

/// <summary>An answer that the card offers.</summary>
/// <param name="Answer">What it means.</param>
/// <param name="Word">The word on its button.</param>
public sealed record ApprovalChoice(ApprovalAnswer Answer, string Word);

/// <summary>How much an answer that lasts may allow.</summary>
/// <param name="Capability">The capability.</param>
/// <param name="Words">What it lets happen.</param>
public sealed record ApprovalScope(string Capability, string Words);

/// <summary>What an approval card says: what happens, what is new, what leaves, and which answers make sense.</summary>
/// <param name="approval">The question.</param>
/// <param name="known">Whether its project has talked to a host before; null when nobody knows.</param>
public sealed class ApprovalView(Approval approval, Func<string, bool>? known = null)
{
    /// <summary>The view of a question, with what the ledger knows of its hosts.</summary>
    public static ApprovalView Of(Approval approval, EgressLedger ledger) => new(approval, host => ledger.Rows.Count(new TableQuery
    {
        Where = [new("host", Op.Equal, host), new("project", Op.Equal, approval.Project), new("decision", Op.Equal, "allow")],
    }) > 0);

    /// <summary>What was answered, in words.</summary>
    public static string Said(Approval approval) => approval.Answer?.Answer switch
    {
        ApprovalAnswer.Refuse => "Refused",
        ApprovalAnswer.Expired => "Nobody answered in time: refused",
        ApprovalAnswer.Once => "Allowed once",
        ApprovalAnswer.FifteenMinutes => "Allowed for 15 minutes",
        ApprovalAnswer.Episode => "Allowed for the episode",
        ApprovalAnswer.UntilRevoked => "Allowed until revoked",
        _ => "Taken back with its action",
    };

    /// <summary>The question.</summary>
    public ApprovalRequested Request => approval.Request;

    /// <summary>When it was asked.</summary>
    public DateTimeOffset Asked => approval.Asked;

    /// <summary>The episode.</summary>
    public string? CorrId => approval.CorrId;

    /// <summary>Verb, object and place in one line.</summary>
    public string What => Request.Title;

    /// <summary>The exact request: method and address as they would be sent, else what it needs.</summary>
    public string Exact => Address is { } address ? $"{Method} {address.Url.AbsoluteUri}" : Request.Request ?? (Request.Suggested is [var narrowest, ..] ? narrowest : Request.ActionKind);

    /// <summary>Who asks, in words.</summary>
    public string AskedBy => Request switch
    {
        { Recipe: { } recipe } => $"recipe {recipe}",
        { AskedBy: { } by } => by,
        _ => "an action",
    };

    /// <summary>What is new or risky, then what leaves the machine.</summary>
    public IReadOnlyList<ApprovalFact> Facts => [.. Reasons, .. Risks(), .. Leaving()];

    /// <summary>Why a person is asked.</summary>
    public IReadOnlyList<ApprovalFact> Reasons => [.. Why()];

    /// <summary>The grants. Refusing is always offered and is not among them.</summary>
    public IReadOnlyList<ApprovalChoice> Choices => Request.Reasons.Contains(ApprovalReason.Lease)
        ?
        [
            new(ApprovalAnswer.Once, "Once"),
            new(ApprovalAnswer.FifteenMinutes, "15 minutes"),
            new(ApprovalAnswer.Episode, "This episode"),
            new(ApprovalAnswer.UntilRevoked, "Until revoked"),
        ]
        : [new(ApprovalAnswer.Once, "Allow this one")];

    /// <summary>What an answer that lasts may allow, narrowest first; empty when there is nothing to choose: one need, and only it.</summary>
    public IReadOnlyList<ApprovalScope> Scopes => Request is { Decisions: [{ Suggested: { Count: > 1 } suggested }] }
        ? [.. suggested.Select(s => new ApprovalScope(s, Capability.Parse(s) is { Ok: true } parsed ? Sentence(parsed.Value.Describe()) : s))]
        : [];

    /// <summary>What is allowed when nothing else is chosen: the place, which is the second-narrowest; null when there is nothing to choose.</summary>
    public string? UsualScope => Scopes is [_, var place, ..] ? place.Capability : null;

    /// <summary>To whom an answer that lasts belongs.</summary>
    public string HolderWords => Request switch
    {
        { Recipe: { } recipe } => $"the recipe {recipe}, in each of its runs",
        { AskedBy: { } by } when by.StartsWith("agent:", StringComparison.Ordinal) => $"the agent {by["agent:".Length..]}, in all it does",
        _ when approval.Project is { } project => $"the project {project}",
        _ => "this episode",
    };

    private static string Sentence(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    private JsonObject? Input => Request.Input as JsonObject;

    private EgressTarget? Address =>
        Input?["url"] is JsonValue value && value.TryGetValue<string>(out var url) && EgressTarget.Parse(url) is { Ok: true } parsed ? parsed.Value : null;

    private string Method => Input?["method"] is JsonValue value && value.TryGetValue<string>(out var method) ? method.ToUpperInvariant() : "GET";

    private IEnumerable<ApprovalFact> Risks()
    {
        if (Address is not { } address)
        {
            yield break;
        }

        if (address.Place.KnownClass is { } place && place != AddressClass.Public)
        {
            yield return new(StatusKind.Warning, place switch
            {
                AddressClass.Loopback => $"{address.Host} is this machine itself: whatever listens on port {address.Port} is asked.",
                AddressClass.Metadata => $"{address.Host} hands out the credentials of cloud machines.",
                _ => $"{address.Host} is not a public address: it lies in your own network.",
            });
        }

        if (known?.Invoke(address.Host) == false)
        {
            yield return new(StatusKind.Warning, $"New host for this project: nothing was ever fetched from {address.Host}.");
        }

        yield return new(StatusKind.Warning, "What comes back is content from outside; what it says is not to be trusted.");
    }

    private IEnumerable<ApprovalFact> Why()
    {
        if (Request.Reasons.Contains(ApprovalReason.Lease))
        {
            foreach (var reason in Request.Decisions.Where(d => d.Effect == DecisionEffect.NeedsLease).Select(d => d.Reason).Distinct(StringComparer.Ordinal))
            {
                yield return new(StatusKind.Warning, reason);
            }
        }

        if (Request.Reasons.Contains(ApprovalReason.Staging))
        {
            yield return new(StatusKind.Warning, "Staging holds back everything that has an effect.");
        }

        if (Request.Reasons.Contains(ApprovalReason.Review))
        {
            yield return new(StatusKind.Proposed, "Its recipe asks that a person looks before this happens.");
        }
    }

    private IEnumerable<ApprovalFact> Leaving()
    {
        // What was judged is exact; suggestions may be wider than this one request.
        IReadOnlyList<string> needs = Request.Decisions.Count > 0 ? [.. Request.Decisions.Select(d => d.Capability)] : Request.Suggested;
        var names = needs.Select(Name).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length == 0)
        {
            yield break;
        }

        var outside = false;
        foreach (var need in needs.Distinct(StringComparer.Ordinal).Where(n => Name(n) == "net.http"))
        {
            outside = true;
            var (verbs, scope) = Parts(need);
            yield return verbs.Split(',').All(v => v is "GET" or "HEAD")
                ? new(StatusKind.Done, $"Leaves this machine: a request to {Host(scope)}, with no body and no cookies, only the address and the usual headers.")
                : new(StatusKind.Warning, $"Leaves this machine: a {verbs} request to {Host(scope)}, with a body.");
        }

        if (names.Contains("model.run"))
        {
            outside = true;
            yield return new(StatusKind.Warning, "Its text goes to the model, which may run elsewhere.");
        }

        if (names.Contains("spend.usd"))
        {
            outside = true;
            yield return new(StatusKind.Warning, $"Spends money: {string.Join(", ", needs.Where(n => Name(n) == "spend.usd").Select(n => "$" + Parts(n).Scope))}.");
        }

        if (!outside)
        {
            yield return new(StatusKind.Done, "Nothing leaves this machine.");
        }
    }

    private static string Name(string capability) => capability.Split([' ', ':'], 2)[0];

    private static (string Verbs, string Scope) Parts(string capability)
    {
        var space = capability.IndexOf(' ', StringComparison.Ordinal);
        var head = space < 0 ? capability : capability[..space];
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        return (colon < 0 ? "" : head[(colon + 1)..], space < 0 ? "" : capability[(space + 1)..]);
    }

    private static string Host(string scope) => scope.Split("://", 2)[^1].Split('/', 2)[0] is { Length: > 0 } host ? host : "any host";
}
