using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Arw.Core.Egress;

namespace Arw.Tests.Egress.Proxy;

/// <summary>SOCKS 5 on the proxy's port.</summary>
public class SocksTests
{
    [Theory]
    [InlineData("api.test")]
    [InlineData("127.0.0.1")]
    public async Task Socks_Permitted_IsATunnelInTheLedger(string host)
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync(host, target.Port, "tcp");

        using var socket = await LoginAsync(proxy);
        Assert.Equal(0, await AskAsync(socket, host, target.Port));
        await socket.SendTextAsync("hello");
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("hello", await socket.ReadAllAsync());

        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Ok, 5L, "ep1", host), (row.Outcome, row.BytesOut, row.CorrId, row.Dest.Host));
    }

    [Theory]
    [InlineData("api.test", 2)]
    [InlineData("127.0.0.1", 2)]
    [InlineData("::1", 2)]
    [InlineData("0x7f.1", 2)]
    [InlineData("feeds.example@127.0.0.1", 2)]
    [InlineData("a\r\nb", 2)]
    public async Task Socks_NotPermitted_IsRefusedByTheRules(string host, int reply)
    {
        await using var target = new CountingTarget();
        await using var proxy = await ProxyHome.StartAsync();

        using var socket = await LoginAsync(proxy);
        Assert.Equal(reply, await AskAsync(socket, host, target.Port));
        Assert.Equal("", await socket.ReadAllAsync());

        Assert.Equal("deny", (await proxy.RowAsync()).Decision);
        Assert.Equal(0, target.Connections);
    }

    [Fact]
    public async Task Socks_WrongPasswordOrNoLogin_IsTurnedAway()
    {
        await using var proxy = await ProxyHome.StartAsync();
        using (var socket = await proxy.DialAsync())
        {
            await socket.SendAsync(new byte[] { 5, 1, 0 });
            Assert.Equal(new byte[] { 5, 0xff }, await TakeAsync(socket, 2));
        }

        using var wrong = await LoginAsync(proxy, "not the secret", welcome: false);
        Assert.Equal("credential_unknown", (await proxy.RowAsync()).ReasonCode);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Socks_BindOrUdp_IsNotSpoken(byte command)
    {
        await using var proxy = await ProxyHome.StartAsync();
        using var socket = await LoginAsync(proxy);
        await socket.SendAsync(new byte[] { 5, command, 0, 1, 127, 0, 0, 1, 0, 80 });
        Assert.Equal(7, (await TakeAsync(socket, 10))[1]);
    }

    private static async Task<Socket> LoginAsync(ProxyHome proxy, string? secret = null, bool welcome = true)
    {
        var socket = await proxy.DialAsync();
        await socket.SendAsync(new byte[] { 5, 2, 0, 2 });
        Assert.Equal(new byte[] { 5, 2 }, await TakeAsync(socket, 2));
        var (user, password) = (Encoding.UTF8.GetBytes("lab+ep1"), Encoding.UTF8.GetBytes(secret ?? proxy.Secret));
        await socket.SendAsync((byte[])[1, (byte)user.Length, .. user, (byte)password.Length, .. password]);
        Assert.Equal(new byte[] { 1, welcome ? (byte)0 : (byte)1 }, await TakeAsync(socket, 2));
        return socket;
    }

    private static async Task<byte> AskAsync(Socket socket, string host, int port)
    {
        var to = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)port);
        byte[] address = IPAddress.TryParse(host, out var ip) && ip.ToString() == host
            ? [ip.AddressFamily == AddressFamily.InterNetwork ? (byte)1 : (byte)4, .. ip.GetAddressBytes()]
            : [3, (byte)host.Length, .. Encoding.Latin1.GetBytes(host)];
        await socket.SendAsync((byte[])[5, 1, 0, .. address, .. to]);
        return (await TakeAsync(socket, 10))[1];
    }

    private static async Task<byte[]> TakeAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(have));
            Assert.True(read > 0, "The proxy closed the connection.");
            have += read;
        }

        return bytes;
    }
}
