using System.Collections.Concurrent;
using Arw.Core.Actions;
using Arw.Core.Egress.Dns;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Leases;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Egress.Proxy;

/// <summary>Lets connections of the proxy out: the same guard as for requests from inside, a ledger row for each, and a register of what is open.</summary>
public sealed class ProxyDoor(EgressGate gate, EgressGuard guard, EgressSettingsModel settings, LeaseBook book, EventJournal journal, OpenConnections open, OutboundData data, ProxyLimits limits, IdSource ids, TimeProvider time)
{
    private static readonly string[] Curable = ["needs_lease", "not_in_allowlist", "address_not_public", "address_literal", OtherResolvers.OverTls, OtherResolvers.OverHttps, OtherResolvers.Plain];

    private readonly ConcurrentDictionary<string, int> _held = new(StringComparer.Ordinal);

    /// <summary>Opens a tunnel to <c>host:port</c>. What it may carry follows from the port and from what is permitted: TLS to 443, clear text to 80; elsewhere anything, or the one of both that is permitted.</summary>
    internal async Task<Result<Outbound>> OpenTunnelAsync(string authority, ProxyIdentity identity, ProxyClient client, CancellationToken stop)
    {
        var (id, run) = Begin(identity);
        var ledger = Entry(id, run, LedgerEntry.Tunnelling, authority);
        if (!EgressTarget.ParseTunnel(authority, EgressTarget.Tcp).TryGet(out var target, out var refusal))
        {
            return await ledger.DenyAsync(null, null, refusal, stop);
        }

        (EgressTarget Target, Capability Capability, Refusal Refusal)? denied = null;
        foreach (var protocol in Protocols(target.Port))
        {
            target = target with { Protocol = protocol };
            var scheme = protocol == EgressTarget.Tcp ? "*" : protocol;
            if (!Capability.Parse($"net.http {scheme}://{target.Url.Authority}").TryGet(out var capability, out refusal))
            {
                return await ledger.DenyAsync(target, null, refusal, stop);
            }

            if ((await guard.AdmitAsync(target, capability, run, settings.Current.Limits, stop, stop)).TryGet(out var admission, out refusal))
            {
                return await ConnectAsync(ledger, target, capability, Judge(capability, target, run), identity, run, admission, client, stop);
            }

            // The one that a lease would cure says most to who reads it.
            if (denied is null || (refusal.Code == Curable[0] && denied.Value.Refusal.Code != Curable[0]))
            {
                denied = (target, capability, refusal);
            }

            if (!Curable.Contains(refusal.Code))
            {
                break;
            }
        }

        return await ledger.DenyAsync(denied!.Value.Target, denied.Value.Capability, denied.Value.Refusal, stop);
    }

    /// <summary>Opens a connection for one plain HTTP request, once it is known that its head, and its body as far as that was held, may leave.</summary>
    internal async Task<Result<Outbound>> OpenRequestAsync(string method, string url, RequestContent content, ProxyIdentity identity, ProxyClient client, CancellationToken stop)
    {
        var (id, run) = Begin(identity);
        var ledger = Entry(id, run, method, url);
        if (!EgressTarget.Parse(url).TryGet(out var target, out var refusal))
        {
            return await ledger.DenyAsync(null, null, refusal, stop);
        }

        target = target with { SpeaksDns = OtherResolvers.Speaks(content.Fields) };
        if (target.Scheme != Uri.UriSchemeHttp)
        {
            return await ledger.DenyAsync(target, null, new Refusal("use_connect", "The proxy does not speak TLS in somebody's place.", "Ask for a tunnel (CONNECT) to https addresses."), stop);
        }

        if (!Capability.ParseHttp(method, target.Url.AbsoluteUri).TryGet(out var capability, out refusal))
        {
            return await ledger.DenyAsync(target, null, refusal, stop);
        }

        var judge = Judge(capability, target, run);
        return (await guard.AdmitAsync(target, capability, run, settings.Current.Limits, stop, stop, () => content.JudgeAsync(judge, target.Url, stop))).TryGet(out var admission, out refusal)
            ? await ConnectAsync(ledger, target, capability, judge, identity, run, admission, client, stop)
            : await ledger.DenyAsync(target, capability, refusal, stop, judge.Missing);
    }

    /// <summary>Records that somebody was not let in, and passes the refusal on.</summary>
    internal async ValueTask<Refusal> TurnAwayAsync(ProxyIdentity? identity, string method, string url, Refusal refusal, CancellationToken stop)
    {
        var (id, run) = Begin(identity ?? new ProxyIdentity(Access.Principal.System(ProxyRun.Tool), null, "proxy:unknown"));
        return await Entry(id, run, method, url).DenyAsync(null, null, refusal, stop);
    }

    /// <summary>Counts a connection of a credential; the refusal <c>too_many_connections</c> when it has its share.</summary>
    internal Result<IDisposable> Enter(ProxyIdentity identity)
    {
        var key = identity.Principal.Actor;
        if (_held.AddOrUpdate(key, 1, (_, held) => held + 1) <= limits.MaxConnectionsPerCredential)
        {
            return new Place(this, key);
        }

        Leave(key);
        return new Refusal("too_many_connections", $"{key} has {limits.MaxConnectionsPerCredential} connections open already.", "Close some first.", 503);
    }

    // A tunnel's first bytes tell TLS from clear text; until then each is a candidate.
    private static string[] Protocols(int port) => port switch
    {
        443 => [Uri.UriSchemeHttps],
        80 => [Uri.UriSchemeHttp],
        _ => [EgressTarget.Tcp, Uri.UriSchemeHttps, Uri.UriSchemeHttp],
    };

    private (string Id, ProxyRun Run) Begin(ProxyIdentity identity)
    {
        var id = ids.New();
        var context = new ActionContext { ActionId = id, Principal = identity.Principal, Project = identity.Project, CorrId = identity.CorrId, Recipe = identity.Recipe, ParentId = identity.Action };
        return (id, new ProxyRun(context, book, journal, time));
    }

    private LedgerEntry Entry(string id, ProxyRun run, string method, string url) =>
        new(id, run, gate.ModeFor(run.Context.Project), method, url, 0, time.GetUtcNow(), data);

    private static OutboundJudge Judge(Capability capability, EgressTarget target, ProxyRun run) => new(capability, target.Host, target.Place.KnownClass == AddressClass.Loopback, run);

    private async Task<Result<Outbound>> ConnectAsync(LedgerEntry ledger, EgressTarget target, Capability capability, OutboundJudge judge, ProxyIdentity identity, ProxyRun run, Admission admission, ProxyClient client, CancellationToken stop)
    {
        await ledger.OpenAsync(target, capability, admission, stop);
        var server = new Outbound(ledger.Id, target, capability, judge, identity, run, admission, client, settings.Current.PriceOf(target.Host), limits, time);
        open.Add(server);
        if ((await server.ConnectAsync(TimeSpan.FromMilliseconds(settings.Current.Limits.ConnectMs))).TryGet(out _, out var refusal))
        {
            return server;
        }

        await server.CloseAsync(EgressOutcome.Error, null, refusal.Message);
        open.Remove(server);
        return refusal;
    }

    /// <summary>Forgets a connection that has ended.</summary>
    internal void Forget(Outbound server) => open.Remove(server);

    private void Leave(string key)
    {
        // A key that nobody holds is dropped, unless somebody has come meanwhile.
        if (_held.AddOrUpdate(key, 0, (_, held) => held - 1) == 0)
        {
            _held.TryRemove(KeyValuePair.Create(key, 0));
        }
    }

    private sealed class Place(ProxyDoor door, string key) : IDisposable
    {
        public void Dispose() => door.Leave(key);
    }
}
