using System.Net.Sockets;
using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Egress.Proxy;

namespace Arw.Tests.Egress.Proxy;

/// <summary>Tunnels that end before their time: what was taken back is cut, and the ledger says how far it came.</summary>
public class ProxyCutTests
{
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
    public async Task Tunnel_WhereNothingMoves_IsGivenUp()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync(new ProxyLimits { Idle = TimeSpan.FromMilliseconds(200) });
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
        await Assert.ThrowsAsync<SocketException>(() => socket.ReadAllAsync());

        Assert.Equal((EgressOutcome.Limit, "idle_timeout"), ((await proxy.RowAsync()).Outcome, (await proxy.RowAsync()).ReasonCode));
    }
}
