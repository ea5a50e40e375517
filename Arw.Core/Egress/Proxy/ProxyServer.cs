using System.Net.Sockets;
using System.Text;
using Arw.Core.Egress.Dns;
using Arw.Core.Primitives;
using Arw.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Egress.Proxy;

/// <summary>The forward proxy: serves one client connection after the other hands it over. HTTP/1.1 requests, CONNECT tunnels and SOCKS 5 on one port, told apart by their first byte; questions to the resolver where the way that a client comes says who it is.</summary>
public sealed class ProxyServer(ProxyEntrance entrance, ProxyDoor door, DnsGuard names, OutboundData data, ProxyLimits limits, TimeProvider time, ILogger<ProxyServer> log)
{
    private const string Basic = "Basic ";

    // A question to a resolver has its length before it, in two bytes: that of an honest one begins with 0 or 1, and nothing else that is served does.
    private const byte LastOfNames = 1;

    private readonly LargeHolds _largeHolds = new(limits.LargeHolds);
    private int _connections;

    /// <summary>Serves a client until its connection ends.</summary>
    /// <param name="client">The client's end.</param>
    /// <param name="known">In whose name it comes, where the way that it came says so: then no credential is asked for. Null for a client that must show one.</param>
    /// <param name="stop">Cancelled when the home stops.</param>
    public async Task ServeAsync(ProxyClient client, ProxyIdentity? known, CancellationToken stop)
    {
        try
        {
            if (Interlocked.Increment(ref _connections) > limits.MaxConnections)
            {
                await client.SendAsync(ProxyAnswer.Refuse(new Refusal("too_many_connections", "The proxy has no place for another connection.", "Try again later.", 503), withBody: true), stop);
                return;
            }

            using var late = new CancellationTokenSource(limits.Handshake, time);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
            if (await FirstByteAsync(client, patience.Token) is not { } first)
            {
                return;
            }

            if (first <= LastOfNames && known is not null)
            {
                await names.ServeAsync(client, DnsAsker.Of(known), stop);
                return;
            }

            await (first == Socks5.Version ? SocksAsync(client, known, patience, stop) : HttpAsync(client, known, patience, stop));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or took too long to say what it wants.
        }
        catch (Exception e)
        {
            log.LogError(e, "A connection to the proxy faulted");
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
            client.EndSending();
        }
    }

    private static async ValueTask<byte?> FirstByteAsync(ProxyClient client, CancellationToken cancel)
    {
        var read = await client.Input.ReadAsync(cancel);
        byte? first = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0];
        client.Input.AdvanceTo(read.Buffer.Start);
        return first;
    }

    private async Task SocksAsync(ProxyClient client, ProxyIdentity? known, CancellationTokenSource patience, CancellationToken stop)
    {
        if (!(await LogInAsync(client, known, patience.Token)).TryGet(out var identity, out var refusal))
        {
            await door.TurnAwayAsync(null, LedgerEntry.Tunnelling, "", refusal, stop);
            return;
        }

        if (identity is null)
        {
            return;
        }

        if (await Socks5.WhereToAsync(client, patience.Token) is not { } authority)
        {
            return;
        }

        if (!door.Enter(identity).TryGet(out var place, out refusal))
        {
            await door.TurnAwayAsync(identity, LedgerEntry.Tunnelling, authority, refusal, stop);
            await Socks5.AnswerAsync(client, Socks5.NotAllowed, stop);
            return;
        }

        using (place)
        {
            if (!(await door.OpenTunnelAsync(authority, identity, client, stop)).TryGet(out var server, out refusal))
            {
                await Socks5.AnswerAsync(client, Socks5.Reply(refusal.Code), stop);
                return;
            }

            await UseAsync(
                server,
                async () =>
                {
                    await Socks5.AnswerAsync(client, Socks5.Granted, server.Stop);
                    await new Tunnel(client, server, data, limits, time).RunAsync();
                },
                stop);
        }
    }

    // Null where the client will not log in: it has its answer.
    private async Task<Result<ProxyIdentity?>> LogInAsync(ProxyClient client, ProxyIdentity? known, CancellationToken cancel)
    {
        if (known is not null)
        {
            return await Socks5.WelcomeAsync(client, cancel) ? known : null;
        }

        if (await Socks5.LoginAsync(client, cancel) is not { } login)
        {
            return (ProxyIdentity?)null;
        }

        var admitted = await entrance.AdmitAsync(login.User, login.Secret, cancel);
        await Socks5.AnswerLoginAsync(client, admitted.Ok, cancel);
        return admitted.Map(i => (ProxyIdentity?)i);
    }

    private async Task HttpAsync(ProxyClient client, ProxyIdentity? known, CancellationTokenSource patience, CancellationToken stop)
    {
        if (!(await HeadAsync(client, patience.Token)).TryGet(out var head, out var refusal))
        {
            await client.SendAsync(ProxyAnswer.Refuse(refusal, withBody: true), stop);
            return;
        }

        var (method, target) = (head.First.A, head.First.B);
        if (!(known is null ? await ComeInAsync(head, patience.Token) : known).TryGet(out var identity, out refusal))
        {
            // Many clients ask without a credential first; only one that was presented and is wrong is an attempt.
            if (refusal.Code != "credential_missing")
            {
                await door.TurnAwayAsync(null, method, target, refusal, stop);
            }

            await RefuseAsync(client, method, refusal, stop);
            return;
        }

        if (!door.Enter(identity).TryGet(out var place, out refusal))
        {
            await RefuseAsync(client, method, await door.TurnAwayAsync(identity, method, target, refusal, stop), stop);
            return;
        }

        using (place)
        {
            if (await (method == LedgerEntry.Tunnelling ? TunnelAsync(client, target, identity, stop) : ForwardAsync(client, head, identity, stop)) is { } refused)
            {
                await RefuseAsync(client, method, refused, stop);
                await DrainAsync(client, stop);
            }
        }
    }

    // A client that still sends would lose the answer with the connection: what it sends is read and dropped until it has seen it, or for a moment.
    private async Task DrainAsync(ProxyClient client, CancellationToken stop)
    {
        client.EndSending();
        using var late = new CancellationTokenSource(limits.Hold, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        while (true)
        {
            var read = await client.Input.ReadAsync(any.Token);
            client.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private async Task<Result<HttpHead>> HeadAsync(ProxyClient client, CancellationToken cancel)
    {
        while (true)
        {
            var read = await client.Input.ReadAsync(cancel);
            if (HttpHead.End(read.Buffer) is { } end)
            {
                var bytes = read.Buffer.Slice(0, end);
                var head = bytes.Length > limits.MaxHeadBytes ? null : HttpHead.Parse(bytes);
                var large = bytes.Length > limits.MaxHeadBytes;
                client.Input.AdvanceTo(end);
                return head is { First.C: "HTTP/1.1" or "HTTP/1.0" } && HttpHead.IsToken(head.First.A) ? head : large ? TooLarge() : NoRequest();
            }

            var full = read.Buffer.Length > limits.MaxHeadBytes;
            client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (full || read.IsCompleted)
            {
                return full ? TooLarge() : NoRequest();
            }
        }
    }

    private async ValueTask<Result<ProxyIdentity>> ComeInAsync(HttpHead head, CancellationToken cancel)
    {
        if (head.One("Proxy-Authorization") is not { } presented || !presented.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return new Refusal("credential_missing", "The proxy needs a credential.", "Put it into the proxy's address: http://PROJECT:SECRET@host:port.", 407);
        }

        var bytes = new byte[presented.Length];
        var text = Convert.TryFromBase64String(presented[Basic.Length..].Trim(), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : ":";
        // An episode may have colons in it, a secret has none.
        var colon = text.LastIndexOf(':');
        return await entrance.AdmitAsync(colon < 0 ? "" : text[..colon], text[(colon + 1)..], cancel);
    }

    private async Task<Refusal?> TunnelAsync(ProxyClient client, string authority, ProxyIdentity identity, CancellationToken stop)
    {
        if (!(await door.OpenTunnelAsync(authority, identity, client, stop)).TryGet(out var server, out var refusal))
        {
            return refusal;
        }

        await UseAsync(
            server,
            async () =>
            {
                await client.SendAsync(ProxyAnswer.Established, server.Stop);
                await new Tunnel(client, server, data, limits, time).RunAsync();
            },
            stop);
        return null;
    }

    private async Task<Refusal?> ForwardAsync(ProxyClient client, HttpHead head, ProxyIdentity identity, CancellationToken stop)
    {
        var (method, url) = (head.First.A, head.First.B);
        if (method == "TRACE" || !url.Contains("://", StringComparison.Ordinal) || BodyFrame.Of(head, BodyFrame.None) is not { } body)
        {
            return await door.TurnAwayAsync(identity, method, url, NoRequest(), stop);
        }

        using var content = new RequestContent(client, head, body, data, _largeHolds, limits, time) { IsEmpty = body.Done };
        if (!(await door.OpenRequestAsync(method, url, content, identity, client, stop)).TryGet(out var server, out var refusal))
        {
            return refusal;
        }

        await UseAsync(
            server,
            async () => refusal = await new ForwardExchange(client, server, data, limits, time).RunAsync(head, content),
            stop);
        return refusal;
    }

    private async Task UseAsync(Outbound server, Func<Task> use, CancellationToken stop)
    {
        using var stopping = stop.UnsafeRegister(static s => ((Outbound)s!).Cut(EgressOutcome.Aborted, "home_stopping", "The home was stopped."), server);
        try
        {
            await use();
        }
        finally
        {
            await server.CloseAsync(EgressOutcome.Aborted, null, "The connection broke off.");
            door.Forget(server);
        }
    }

    private static ValueTask RefuseAsync(ProxyClient client, string method, Refusal refusal, CancellationToken stop) =>
        client.SendAsync(ProxyAnswer.Refuse(refusal, withBody: method != "HEAD"), stop);

    private static Refusal NoRequest() =>
        new("not_a_proxy_request", "This port is a forward proxy, and what came is no request to one that can be read in one way only.", "Set it as HTTP_PROXY and HTTPS_PROXY, or as a SOCKS 5 proxy.");

    private static Refusal TooLarge() => new("request_head_too_large", "The head of the request is too large.", "Send fewer or shorter header fields.", 431);
}
