using System.Net.Sockets;
using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Egress.Proxy;

namespace Arw.Tests.Egress.Proxy;

/// <summary>Tunnels through the proxy of a whole home, over real sockets.</summary>
public class ProxyTunnelTests
{
    [Fact]
    public async Task Tunnel_Permitted_CarriesBytesBothWaysAndIsOneRowThatCountsThem()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        var lease = await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
        await socket.SendTextAsync("hello");
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("hello", await socket.ReadAllAsync());

        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Ok, 5L, 5L, "allow", "leased"), (row.Outcome, row.BytesIn, row.BytesOut, row.Decision, row.ReasonCode));
        Assert.Equal(("proxy", "agent:fetcher", "lab", "ep1", lease), (row.Tool, row.Actor, row.Project, row.CorrId, row.LeaseId));
        Assert.Equal(("CONNECT", $"127.0.0.1:{target.Port}", "tcp", "127.0.0.1"), (row.Method, row.Url, row.Dest.Protocol, row.Dest.Ip));
        Assert.Single(proxy.Ledger.Rows.Query(new()));
    }

    [Fact]
    public async Task Tunnel_WithoutCredential_IsChallengedAndNothingLeaves()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        var (socket, head) = await proxy.ConnectAsync($"127.0.0.1:{target.Port}", "X-Nothing: 1");
        using (socket)
        {
            Assert.StartsWith("HTTP/1.1 407 ", head, StringComparison.Ordinal);
            Assert.Contains("Proxy-Authenticate: Basic", head, StringComparison.Ordinal);
        }

        var (other, second) = await proxy.ConnectAsync($"127.0.0.1:{target.Port}", proxy.Authorization(secret: "arw_agent_wrong"));
        using (other)
        {
            Assert.StartsWith("HTTP/1.1 407 ", second, StringComparison.Ordinal);
        }

        Assert.Equal("credential_unknown", (await proxy.RowAsync()).ReasonCode);
        Assert.Equal(0, target.Connections);
    }

    [Theory]
    [InlineData("other", 403)]
    [InlineData("lab+a b", 400)]
    public async Task Tunnel_ForAForeignProjectOrAnOddEpisode_IsRefused(string user, int status)
    {
        await using var proxy = await ProxyHome.StartAsync();
        var (socket, head) = await proxy.ConnectAsync("feeds.example:443", proxy.Authorization(user));
        using (socket)
        {
            Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tunnel_ToTheEpisodeOfAnotherProject_IsRefused()
    {
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.Home.ActAsync("project.create", new JsonObject { ["id"] = "secret", ["title"] = "Secret" });
        using var posted = await proxy.Home.Owner.PostAsync("/events", Http.TestHome.Json("""[{"kind":"ext.test.note","payload":{},"project":"secret","corr_id":"theirs"}]"""));
        Assert.True(posted.IsSuccessStatusCode);

        var (socket, head) = await proxy.ConnectAsync("feeds.example:443", proxy.Authorization("lab+theirs"));
        using (socket)
        {
            Assert.StartsWith("HTTP/1.1 403 ", head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tunnel_Refused_SaysTheRuleAndExactlyTheLeaseThatWouldLetItPass()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();

        var (socket, head) = await proxy.ConnectAsync($"api.test:{target.Port}");
        using (socket)
        {
            Assert.StartsWith("HTTP/1.1 403 ", head, StringComparison.Ordinal);
            Assert.Equal("needs_lease", (string?)JsonNode.Parse(await socket.ReadAllAsync())!["code"]);
        }

        var row = await proxy.RowAsync();
        Assert.Equal(($"net.http *://api.test:{target.Port}/**", "agent:fetcher"), (row.Capability, row.Holder));
        await proxy.GrantAsync(row.Capability!, row.Holder!, answers: row.Id);

        // The lease makes the name permitted; where it leads still is this machine, which only a spelled scope opens.
        var (second, refused) = await proxy.ConnectAsync($"api.test:{target.Port}");
        using (second)
        {
            Assert.Contains("address_not_public", refused, StringComparison.Ordinal);
        }

        Assert.Equal(0, target.Connections);
        await proxy.ScopeAsync("api.test", target.Port, "tcp");
        using var third = await proxy.TunnelAsync($"api.test:{target.Port}");
    }

    [Fact]
    public async Task HalfClose_ByTheServer_LeavesTheOtherDirectionOpen()
    {
        var rest = new TaskCompletionSource<int>();
        await using var target = new TcpTarget(async (me, socket) =>
        {
            await me.SendAsync(socket, "bye"u8.ToArray());
            socket.Shutdown(SocketShutdown.Send);
            var (buffer, sum) = (new byte[100], 0);
            while (await me.ReceiveAsync(socket, buffer) is > 0 and var read)
            {
                sum += read;
            }

            rest.SetResult(sum);
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
        Assert.Equal("bye", await socket.ReadAllAsync());
        await socket.SendTextAsync("still here");
        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal(10, await rest.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(EgressOutcome.Ok, (await proxy.RowAsync()).Outcome);
    }

    [Theory]
    [InlineData("lease", "permission_withdrawn")]
    [InlineData("credential", "credential_revoked")]
    [InlineData("kill", "permission_withdrawn")]
    [InlineData("deny", "denied_by_scope")]
    [InlineData("scope", "address_not_public")]
    public async Task Revoked_WhileADownloadRuns_CutsBothEndsAndTheRowSaysAborted(string how, string code)
    {
        await using var target = new TcpTarget(async (me, socket) =>
        {
            var chunk = new byte[16 * 1024];
            while (true)
            {
                await me.SendAsync(socket, chunk);
            }
        });
        await using var proxy = await ProxyHome.StartAsync();
        var lease = await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");
        if (how == "scope")
        {
            // A lease that spells the place would carry on by itself; this one was widened from a refusal's suggestion.
            await proxy.RevokeAsync(lease);
            await proxy.GrantAsync("net.http *://*:*/**");
        }

        using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
        var buffer = new byte[64 * 1024];
        Assert.True(await socket.ReceiveAsync(buffer) > 0);

        await (how switch
        {
            "lease" => proxy.RevokeAsync(lease),
            "credential" => proxy.Home.ActAsync("credential.revoke", new JsonObject { ["id"] = proxy.CredentialId }),
            "kill" => proxy.Home.ActAsync("kill.switch.set", new JsonObject { ["on"] = true }),
            "deny" => proxy.Home.ActAsync("egress.scope.set", new JsonObject { ["id"] = "never", ["cidrs"] = new JsonArray("127.0.0.0/8"), ["deny"] = true }),
            _ => proxy.Home.ActAsync("egress.scope.remove", new JsonObject { ["id"] = "s1" }),
        });

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        });
        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Aborted, code), (row.Outcome, row.ReasonCode));
        Assert.True(row.BytesIn > 0 && row.BytesIn <= target.Sent);
    }

    [Fact]
    public async Task Aborted_Upload_IsInTheLedgerWithAtLeastWhatTheServerReceived()
    {
        var got = new TaskCompletionSource();
        await using var target = new TcpTarget(async (me, socket) =>
        {
            var buffer = new byte[16 * 1024];
            while (await me.ReceiveAsync(socket, buffer) > 0)
            {
                got.TrySetResult();
            }
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
        await socket.SendAsync(new byte[200_000]);
        await got.Task;
        socket.Close(0);

        var row = await proxy.RowAsync();
        Assert.Equal(EgressOutcome.Aborted, row.Outcome);
        Assert.InRange(target.Received, 1, row.BytesOut);
    }

    [Fact]
    public async Task Lease_WithABudgetOfBytes_CutsTheTunnelWhenItIsUsedUp()
    {
        await using var target = new TcpTarget(async (me, socket) =>
        {
            while (true)
            {
                await me.SendAsync(socket, new byte[10_000]);
            }
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.ScopeAsync("127.0.0.1", target.Port, "tcp");
        await proxy.GrantAsync($"net.http *://127.0.0.1:{target.Port}", bytes: 50_000);

        using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
        await Assert.ThrowsAsync<SocketException>(() => socket.ReadAllAsync());

        Assert.Equal((EgressOutcome.Limit, "lease_used_up"), ((await proxy.RowAsync()).Outcome, (await proxy.RowAsync()).ReasonCode));
        var (again, head) = await proxy.ConnectAsync($"127.0.0.1:{target.Port}");
        using (again)
        {
            Assert.StartsWith("HTTP/1.1 403 ", head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SlowReader_HoldsTheServerBack_AndLosesNothing()
    {
        const int Total = 128 << 20;
        // What the kernel's buffers of both legs hold at the most; the proxy itself adds one buffer.
        const int Between = 40 << 20;
        await using var target = new TcpTarget(async (me, socket) =>
        {
            var chunk = new byte[1 << 16];
            for (var left = Total; left > 0; left -= chunk.Length)
            {
                await me.SendAsync(socket, chunk);
            }
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");
        using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");

        long read = 0;
        var ahead = 0L;
        var buffer = new byte[1 << 16];
        while (await socket.ReceiveAsync(buffer) is > 0 and var n)
        {
            read += n;
            ahead = Math.Max(ahead, target.Sent - read);
            Thread.SpinWait(20_000);
        }

        Assert.Equal(Total, read);
        Assert.InRange(ahead, 1, Between);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(Total, (await proxy.RowAsync()).BytesIn);
    }

    [Fact]
    public async Task Tunnel_WhereNothingMoves_IsGivenUp()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync(new ProxyLimits { Idle = TimeSpan.FromMilliseconds(200) });
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
        await Assert.ThrowsAsync<SocketException>(() => socket.ReadAllAsync());

        Assert.Equal((EgressOutcome.Limit, "idle_timeout"), ((await proxy.RowAsync()).Outcome, (await proxy.RowAsync()).ReasonCode));
    }

    [Fact]
    public async Task Tunnels_AThousandAtOnce_EachCarryTheirOwn()
    {
        const int Many = 1000;
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        var sockets = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => proxy.TunnelAsync($"127.0.0.1:{target.Port}")));
        Assert.Equal(Many, proxy.Home.Service<OpenConnections>().Count);
        var answers = await Task.WhenAll(sockets.Select(async (socket, i) =>
        {
            await socket.SendTextAsync($"number {i}");
            socket.Shutdown(SocketShutdown.Send);
            return await socket.ReadAllAsync();
        }));

        Assert.Equal(Enumerable.Range(0, Many).Select(i => $"number {i}"), answers);
        Assert.Equal(Many, target.Connections);
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }
    }

    [Fact]
    public async Task Tunnels_BeyondACredentialsShare_AreRefusedUntilOneEnds()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync(new ProxyLimits { MaxConnectionsPerCredential = 1 });
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        using (var first = await proxy.TunnelAsync($"127.0.0.1:{target.Port}"))
        {
            var (second, head) = await proxy.ConnectAsync($"127.0.0.1:{target.Port}");
            second.Dispose();
            Assert.Contains("too_many_connections", head, StringComparison.Ordinal);
            first.Shutdown(SocketShutdown.Send);
            Assert.Equal("", await first.ReadAllAsync());
            await proxy.RowAsync(r => r.Outcome == EgressOutcome.Ok);
        }

        string again;
        do
        {
            var (socket, head) = await proxy.ConnectAsync($"127.0.0.1:{target.Port}");
            socket.Dispose();
            again = head;
        }
        while (again.Contains("too_many_connections", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 200 ", again, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:80:80")]
    [InlineData("user@127.0.0.1:80")]
    [InlineData("0x7f.1:80")]
    [InlineData("[::1]")]
    [InlineData("[::1%25lo]:80")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("feeds.example:443/x")]
    [InlineData("feeds.example.:443")]
    public async Task Tunnel_ToAnOddAuthority_IsRefusedAsSuch(string authority)
    {
        await using var proxy = await ProxyHome.StartAsync();
        var (socket, head) = await proxy.ConnectAsync(authority);
        using (socket)
        {
            Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
            Assert.Equal("invalid_url", (await proxy.RowAsync()).ReasonCode);
        }
    }
}
