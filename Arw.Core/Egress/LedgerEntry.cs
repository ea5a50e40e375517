using System.Net;
using Arw.Core.Actions;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>Writes what becomes of one hop of a request.</summary>
internal sealed class LedgerEntry(string id, ActionRun run, EgressMode mode, GuardedRequest request, int hop)
{
    /// <summary>Id of the ledger row.</summary>
    public string Id => id;

    /// <summary>Records that it did not leave, and passes the refusal on.</summary>
    public async ValueTask<Refusal> DenyAsync(EgressTarget? target, Refusal refusal, CancellationToken cancel)
    {
        var denied = new EgressDenied(id, run.Context.ActionId, request.Method, Shown(target), refusal.Code, refusal.Message, mode, run.Attempt, hop)
        {
            Host = target?.Host,
            Port = target?.Port,
            Scheme = target?.Scheme,
            Address = target?.Literal?.ToString() ?? (refusal.Details as RefusedAddress)?.Address,
        };
        await run.AppendAsync([EgressEvents.Denied.Draft(denied, run.Context.Principal.Actor, EgressEvents.Subject(id))], cancel);
        return refusal;
    }

    /// <summary>Records that it is about to leave; returns when that is durable.</summary>
    public async ValueTask OpenAsync(EgressTarget target, IReadOnlyList<IPAddress> addresses, Permit permit, Eligible eligible, CancellationToken cancel)
    {
        var opened = new EgressOpened(
            id, run.Context.ActionId, request.Method, Shown(target), target.Host, target.Port, target.Scheme,
            [.. addresses.Select(a => a.ToString())], permit.Decision.LeaseId is null ? "permitted" : "leased", eligible.Mode, run.Attempt, hop)
        {
            Lease = permit.Decision.LeaseId,
            Policy = permit.Decision.PolicyId,
            Scope = eligible.Scope,
        };
        await run.AppendAsync([EgressEvents.Opened.Draft(opened, run.Context.Principal.Actor, EgressEvents.Subject(id))], cancel);
    }

    private string Shown(EgressTarget? target)
    {
        var url = UrlRedaction.Redact(target?.Url.AbsoluteUri ?? request.Url);
        return url.Length > 2048 ? url[..2048] + "…" : url;
    }
}

/// <summary>Details of the refusal <c>address_not_public</c>.</summary>
/// <param name="Address">The address; null when the name alone said it.</param>
/// <param name="AddressClass">Where it leads.</param>
public sealed record RefusedAddress(string? Address, AddressClass AddressClass);
