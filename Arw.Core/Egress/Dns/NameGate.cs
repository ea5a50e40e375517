using System.Globalization;
using System.Net;
using Arw.Core.Egress.Proxy;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Primitives;

namespace Arw.Core.Egress.Dns;

/// <summary>A place that the name stands for, which would be let out.</summary>
/// <param name="Target">The place.</param>
/// <param name="Eligible">Why it may be asked for.</param>
/// <param name="Code">What lets it out: <c>leased</c>, <c>permitted</c> or <c>in_scope</c>.</param>
internal readonly record struct DecidedPlace(EgressTarget Target, Eligible Eligible, string Code);

/// <summary>
/// Decides whether a name may be looked up: when the guard would let this asker out to it, on some port, with some request. There is no rule of its own here: every place
/// that scopes and leases name is put to the gate and the engine, as a connection there would be.
/// </summary>
public sealed class NameGate(EgressGate gate, EgressPolicy policy, EgressSettingsModel settings, PolicyEngine engine, TimeProvider time)
{
    private const int MaxPlaces = 64;

    /// <summary>The places below the name that would be let out: at least one. Refusals: those of gate and engine, <c>not_a_host_name</c>.</summary>
    internal Result<IReadOnlyList<DecidedPlace>> Judge(string name, DnsAsker asker)
    {
        if (!EgressTarget.NormalizeHost(name).TryGet(out var host, out _) || host != name || IPAddress.TryParse(host, out _))
        {
            return NoHost(name);
        }

        var decided = new List<DecidedPlace>();
        Refusal? first = null;
        foreach (var (scheme, port) in Places(host, asker).Distinct().Take(MaxPlaces))
        {
            if (!EgressTarget.ParseTunnel(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"), scheme).TryGet(out var target, out var refusal))
            {
                return refusal;
            }

            if (Judge(target, asker).TryGet(out var place, out refusal))
            {
                decided.Add(place);
            }
            else if (first is null || (refusal.Code == "needs_lease" && first.Code != "needs_lease"))
            {
                // The one that a lease would cure says most to who reads it.
                first = refusal;
            }
        }

        return decided.Count > 0 ? decided : first ?? NoHost(name);
    }

    /// <summary>What stands against telling that the name leads to this address: null when one of its places may be reached there.</summary>
    internal Refusal? JudgeAddress(IReadOnlyList<DecidedPlace> places, IPAddress address)
    {
        Refusal? first = null;
        foreach (var place in places)
        {
            if (gate.JudgeAddresses(place.Target, place.Eligible, [address]) is not { } refusal)
            {
                return null;
            }

            first ??= refusal;
        }

        return first;
    }

    // The usual ports, and those that somebody named for this host.
    private IEnumerable<(string Scheme, int Port)> Places(string host, DnsAsker asker)
    {
        yield return (Uri.UriSchemeHttps, 443);
        yield return (Uri.UriSchemeHttp, 80);
        foreach (var scope in settings.Current.Scopes.Where(s => !s.Deny && s.Names(host)))
        {
            foreach (var port in scope.Ports)
            {
                foreach (var scheme in scope.Protocols.Count > 0 ? scope.Protocols : [Uri.UriSchemeHttps, Uri.UriSchemeHttp])
                {
                    yield return (scheme, port);
                }
            }
        }

        if (asker.IsKnown && Capability.Parse($"net.http *://{host}:*").TryGet(out var anything, out _))
        {
            foreach (var leased in policy.Leased(anything, asker.Asking))
            {
                if (leased.Port is { } port)
                {
                    yield return (leased.Scheme ?? Uri.UriSchemeHttps, port);
                    yield return (leased.Scheme ?? EgressTarget.Tcp, port);
                }
            }
        }
    }

    // Somebody may hold a lease for some requests to the place only: those parts of it are asked about, too.
    private Result<DecidedPlace> Judge(EgressTarget target, DnsAsker asker)
    {
        Refusal? first = null;
        foreach (var capability in Parts(target, asker))
        {
            if (Judge(target, capability, asker).TryGet(out var place, out var refusal))
            {
                return place;
            }

            first ??= refusal;
        }

        return first ?? NoHost(target.Host);
    }

    private static Refusal NoHost(string name) => new("not_a_host_name", $"\"{name}\" is not the name of a host.", "Look up host names only.", 403);

    private IEnumerable<Capability> Parts(EgressTarget target, DnsAsker asker)
    {
        var scope = string.Create(CultureInfo.InvariantCulture, $"{(target.Protocol == EgressTarget.Tcp ? "*" : target.Protocol)}://{target.Host}:{target.Port}");
        foreach (var name in (string[])["net.http", "net.http:GET"])
        {
            if (!Capability.Parse($"{name} {scope}").TryGet(out var whole, out _))
            {
                yield break;
            }

            yield return whole;
            if (asker.IsKnown)
            {
                foreach (var part in policy.Leased(whole, asker.Asking))
                {
                    yield return part;
                }
            }
        }
    }

    private Result<DecidedPlace> Judge(EgressTarget target, Capability capability, DnsAsker asker)
    {
        if (!gate.Judge(target, capability, asker.Asking).TryGet(out var eligible, out var refusal))
        {
            return refusal;
        }

        var request = ProxyRun.Ask(asker.Asking, capability, time.GetUtcNow());
        if (!asker.IsKnown)
        {
            // An episode of no name would be somebody who could be granted something.
            request = request with { CorrId = null };
        }

        var decision = engine.Decide(request);
        if (decision.Allowed)
        {
            return new DecidedPlace(target, eligible, decision.LeaseId is null ? "permitted" : "leased");
        }

        // Nobody can hold a lease on loopback. What a person wrote into a scope is known to all; whether a connection goes there is asked when it does.
        return !asker.IsKnown && decision.PolicyId == PolicyEngine.NoHolder && eligible.Scope is not null
            ? new DecidedPlace(target, eligible, "in_scope")
            : LeaseBook.Refuse(engine.Explain(request, decision));
    }
}
