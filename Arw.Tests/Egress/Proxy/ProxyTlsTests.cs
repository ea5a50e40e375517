using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Arw.Core.Egress;

namespace Arw.Tests.Egress.Proxy;

/// <summary>What tunnels may carry: the server name in the clear is held to the host that was asked for, and nothing else is looked at.</summary>
public class ProxyTlsTests
{
    [Fact]
    public async Task Tls_WithTheRightName_PassesUntouchedAndItsBytesAreThoseOfTheSocket()
    {
        using var tls = new TlsTarget("api.test");
        await using var target = tls.Serve(EchoOnceAsync);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "https");

        using (var socket = await proxy.TunnelAsync($"api.test:{target.Port}"))
        {
            await using var stream = new SslStream(new NetworkStream(socket), false, (_, certificate, _, _) => certificate!.GetCertHashString() == tls.Certificate.GetCertHashString());
            await stream.AuthenticateAsClientAsync("api.test");
            await stream.WriteAsync("through"u8.ToArray());
            var answer = new byte[7];
            await stream.ReadExactlyAsync(answer);
            Assert.Equal("through", Encoding.ASCII.GetString(answer));
            await stream.ShutdownAsync();
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(answer) > 0)
            {
            }
        }

        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Ok, "https"), (row.Outcome, row.Dest.Protocol));
        Assert.Equal((target.Received, target.Sent), (row.BytesOut, row.BytesIn));
    }

    [Theory]
    [InlineData("https", "evil.test", "server_name_mismatch")]
    [InlineData("tcp", "evil.test", "server_name_mismatch")]
    [InlineData("https", "sub.api.test", "server_name_mismatch")]
    [InlineData("https", null, "server_name_missing")]
    [InlineData("http", "api.test", "tunnel_is_tls")]
    public async Task Tls_WithAnotherNameOrWhereItIsNotPermitted_IsCutBeforeAByteIsSent(string protocol, string? name, string code)
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, protocol);

        using var socket = await proxy.TunnelAsync($"api.test:{target.Port}");
        await socket.SendAsync(Hello(name));
        await Assert.ThrowsAsync<SocketException>(() => socket.ReadAllAsync());

        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Denied, "deny", code, 0L), (row.Outcome, row.Decision, row.ReasonCode, row.BytesOut));
        Assert.Equal(0, target.Received);
    }

    [Fact]
    public async Task ClearText_WhereOnlyTlsIsPermitted_IsCutBeforeAByteIsSent()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "https");

        using var socket = await proxy.TunnelAsync($"api.test:{target.Port}");
        await socket.SendTextAsync("GET / HTTP/1.1\r\n\r\n");
        await Assert.ThrowsAsync<SocketException>(() => socket.ReadAllAsync());

        Assert.Equal(("tunnel_not_tls", 0L), ((await proxy.RowAsync()).ReasonCode, (await proxy.RowAsync()).BytesOut));
        Assert.Equal(0, target.Received);
    }

    [Fact]
    public async Task Hello_InManySmallPieces_IsStillJudged()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "tcp");
        using var socket = await proxy.TunnelAsync($"api.test:{target.Port}");

        // Each byte of the handshake in a record of its own, as a client may do to be misread.
        var hello = Hello("evil.test");
        foreach (var b in hello.AsMemory(5).ToArray())
        {
            try
            {
                await socket.SendAsync(new byte[] { 22, 3, 1, 0, 1, b });
            }
            catch (SocketException)
            {
                break;
            }
        }

        Assert.Equal(("server_name_mismatch", 0L), ((await proxy.RowAsync()).ReasonCode, (await proxy.RowAsync()).BytesOut));
    }

    [Fact]
    public async Task ServerThatSpeaksFirst_WhereAnythingIsPermitted_IsHeard()
    {
        await using var target = new TcpTarget(async (me, socket) =>
        {
            await me.SendAsync(socket, "220 ready\r\n"u8.ToArray());
            await me.ReceiveAsync(socket, new byte[100]);
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "tcp");

        using var socket = await proxy.TunnelAsync($"api.test:{target.Port}");
        var greeting = new byte[11];
        Assert.Equal(11, await socket.ReceiveAsync(greeting));
        await socket.SendTextAsync("QUIT\r\n");
        Assert.Equal("", await socket.ReadAllAsync());
    }

    /// <summary>The first message of a TLS client with or without a server name, from a real client.</summary>
    private static byte[] Hello(string? name)
    {
        using var written = new MemoryStream();
        using var tls = new SslStream(new HalfStream(written), false);
        try
        {
            // Without a name an address is given, which the protocol does not send.
            tls.AuthenticateAsClient(name ?? "192.0.2.1");
        }
        catch (IOException)
        {
            // Nobody answers; the message is all that is wanted.
        }

        return written.ToArray();
    }

    private static async Task EchoOnceAsync(SslStream stream)
    {
        var buffer = new byte[100];
        var read = await stream.ReadAsync(buffer);
        await stream.WriteAsync(buffer.AsMemory(0, read));
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    }

    private sealed class HalfStream(MemoryStream written) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => written.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => written.Write(buffer);

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override int Read(Span<byte> buffer) => 0;
    }
}
