using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Policy;

namespace Arw.Web.Features.Egress;

/// <summary>A control action that a row offers.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Input">Its input.</param>
public sealed record EgressRule(string Kind, JsonObject Input);

/// <summary>The narrow rules that follow from one row of the ledger: each is about exactly what the row asked for.</summary>
public static class EgressRules
{
    private const int MostId = 64;
    private static readonly string[] WantScope = ["address_not_public", "address_literal", "not_in_allowlist", "dns_over_https", "dns_over_tls", "dns_elsewhere"];

    /// <summary>What lets exactly the refused request pass: a scope where the place may not even be asked for, and a lease for an hour. Empty when nothing would: for malformed requests, the kill switch, what a recipe never does, and scopes that deny.</summary>
    public static IReadOnlyList<EgressRule> AllowExactly(EgressRow row)
    {
        // What was cut on its way for what was found in it would have been refused, had that been known before.
        var refused = row.Outcome == EgressOutcome.Denied || row.Missing.Count > 0;
        if (!refused || row.Capability is null || row.Holder is null || row.Dest.Port == 0 || !(row.ReasonCode == "needs_lease" || WantScope.Contains(row.ReasonCode)))
        {
            return [];
        }

        List<EgressRule> leases = [.. (row.Missing.Count > 0 ? row.Missing : [row.Capability]).Select(c => Grant(c, row.Holder, "Allowed from the ledger."))];
        leases.ForEach(l => l.Input["answers"] = row.Id);
        return row.ReasonCode == "needs_lease" ? leases : [Scope(row, deny: false), .. leases];
    }

    /// <summary>What makes the place one that is never asked for again, whatever else allows it. Null where there is no place.</summary>
    public static EgressRule? Never(EgressRow row) => row.Dest.Host.Length == 0 || row.Dest.Port == 0 ? null : Scope(row, deny: true);

    /// <summary>What puts a lease for exactly this in the place of the wider one that let it out. Empty when the lease is no wider, or is over.</summary>
    /// <param name="row">The row.</param>
    /// <param name="lease">The lease that let it out, as it is now; null when it is gone.</param>
    public static IReadOnlyList<EgressRule> Narrow(EgressRow row, Core.Policy.Leases.Lease? lease) =>
        lease is null or { Ended: not null } || row.Capability is null || !Capability.Parse(row.Capability).TryGet(out var asked, out _) || asked.Equals(lease.Capability) || !lease.Capability.Covers(asked)
            ? []
            : [Grant(row.Capability, lease.Holder, $"In the place of the lease {lease.Id}."), Revoke(lease.Id)];

    /// <summary>What takes the lease back that let it out, and so cuts what runs by it.</summary>
    public static EgressRule Revoke(string lease) => new("policy.lease.revoke", new JsonObject { ["id"] = lease });

    private static EgressRule Grant(string capability, string holder, string reason) =>
        new("policy.lease.grant", new JsonObject { ["capability"] = capability, ["holder"] = holder, ["reason"] = reason });

    private static EgressRule Scope(EgressRow row, bool deny)
    {
        var id = string.Concat($"{(deny ? "never-" : "")}{row.Dest.Host}-{(deny ? "any" : $"{row.Dest.Port}")}".Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' ? c : '_'));
        var input = new JsonObject
        {
            ["id"] = id.Length <= MostId ? id : id[^MostId..],
            ["description"] = deny ? $"{row.Dest.Host} is never asked for" : $"{row.Dest.Protocol} on {row.Dest.Host}, port {row.Dest.Port}",
            ["hosts"] = new JsonArray(row.Dest.Host),
        };
        if (deny)
        {
            input["deny"] = true;
        }
        else
        {
            input["ports"] = new JsonArray(row.Dest.Port);
            input["protocols"] = new JsonArray(row.Dest.Protocol);
        }

        return new("egress.scope.set", input);
    }
}
