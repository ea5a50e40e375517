using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Arw.Core.Egress;

namespace Arw.Tests.Egress.Proxy;

/// <summary>Plain HTTP requests passed on, over real sockets.</summary>
public class ForwardTests
{
    [Fact]
    public async Task Get_Permitted_IsPassedOnWithTheHostThatWasJudged()
    {
        await using var target = Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nX-Own: 1\r\n\r\nok", out var seen);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        var answer = await AskAsync(proxy, $"GET http://api.test:{target.Port}/a?b=c HTTP/1.1\r\nHost: evil.test\r\n{proxy.Authorization()}\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nAccept: */*\r\n\r\n");

        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Own: 1\r\nConnection: close\r\n\r\nok", answer);
        Assert.Equal($"GET /a?b=c HTTP/1.1\r\nHost: api.test:{target.Port}\r\nAccept: */*\r\nConnection: close\r\n\r\n", await seen);
        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Ok, 200, "GET", $"http://api.test:{target.Port}/a?b=c"), (row.Outcome, row.Status, row.Method, row.Url));
        Assert.Equal((target.Received, target.Sent), (row.BytesOut, row.BytesIn));
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n", "5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n")]
    public async Task Post_WithAnotherRequestBehindIt_SendsExactlyTheOneThatWasJudged(string rest, string body)
    {
        await using var target = Answering("HTTP/1.1 204 No Content\r\n\r\n", out var seen, body.Length);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        var answer = await AskAsync(proxy, $"POST http://api.test:{target.Port}/in HTTP/1.1\r\n{proxy.Authorization()}\r\n{rest}GET /admin HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 204 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + body, await seen, StringComparison.Ordinal);
        Assert.Equal((1, (await proxy.RowAsync()).BytesOut), (target.Connections, target.Received));
    }

    [Theory]
    [InlineData("GET /path HTTP/1.1", "", 400)]
    [InlineData("GET ftp://api.test/ HTTP/1.1", "", 400)]
    [InlineData("GET https://api.test/ HTTP/1.1", "", 400)]
    [InlineData("TRACE http://api.test/ HTTP/1.1", "", 400)]
    [InlineData("GET http://api.test/ HTTP/2.0", "", 400)]
    [InlineData("GET  http://api.test/ HTTP/1.1", "", 400)]
    [InlineData("POST http://api.test/ HTTP/1.1", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400)]
    [InlineData("POST http://api.test/ HTTP/1.1", "Content-Length: 3\r\nContent-Length: 3\r\n", 400)]
    [InlineData("POST http://api.test/ HTTP/1.1", "Content-Length: +3\r\n", 400)]
    [InlineData("POST http://api.test/ HTTP/1.1", "Transfer-Encoding: gzip, chunked\r\n", 400)]
    [InlineData("POST http://api.test/ HTTP/1.1", "Content-Length: 3\r\nConnection: close, content-length\r\n", 400)]
    [InlineData("POST http://api.test/ HTTP/1.1", "Transfer-Encoding: chunked\r\nConnection: Transfer-Encoding\r\n", 400)]
    [InlineData("POST http://api.test/ HTTP/1.1", "Connection: Content-Length\r\nConnection: close\r\nContent-Length: 3\r\n", 400)]
    [InlineData("GET http://api.test/ HTTP/1.1", "X-A: b\r\n folded: c\r\n", 400)]
    [InlineData("GET http://api.test/ HTTP/1.1", "X-A : b\r\n", 400)]
    [InlineData("GET http://api.test/ HTTP/1.1", "X-A: b\nHost: c\r\n", 400)]
    [InlineData("GET http://user@api.test/ HTTP/1.1", "", 400)]
    [InlineData("GET http://api.test/ HTTP/1.1", "", 403)]
    public async Task Request_ThatCouldBeReadTwoWaysOrIsNotPermitted_IsRefused(string first, string fields, int status)
    {
        await using var proxy = await ProxyHome.StartAsync();
        var answer = await AskAsync(proxy, $"{first}\r\n{proxy.Authorization()}\r\n{fields}\r\n");
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} "), answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithAHeadBeyondTheLimit_IsRefused()
    {
        await using var proxy = await ProxyHome.StartAsync();
        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"GET http://api.test/ HTTP/1.1\r\nX-Big: {new string('a', 40_000)}");
        Assert.StartsWith("HTTP/1.1 431 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")]
    public async Task Answer_ThatEndsTooEarly_IsAnErrorOnBothSides(string answer)
    {
        await using var target = Answering(answer, out _);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        await Assert.ThrowsAsync<SocketException>(() => AskAsync(proxy, $"GET http://api.test:{target.Port}/ HTTP/1.1\r\n{proxy.Authorization()}\r\n\r\n"));
        Assert.Equal(EgressOutcome.Error, (await proxy.RowAsync()).Outcome);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("")]
    public async Task Answer_ThatCannotBeRead_IsABadGateway(string answer)
    {
        await using var target = Answering(answer, out _);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        Assert.StartsWith("HTTP/1.1 502 ", await AskAsync(proxy, $"GET http://api.test:{target.Port}/ HTTP/1.1\r\n{proxy.Authorization()}\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_WithInterimHeads_IsPassedBackWhole()
    {
        await using var target = Answering("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nnot this", out _);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        var answer = await AskAsync(proxy, $"GET http://api.test:{target.Port}/ HTTP/1.1\r\n{proxy.Authorization()}\r\n\r\n");
        Assert.Equal("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n", answer);
    }

    [Fact]
    public async Task WebSocket_Upgraded_BecomesATunnel()
    {
        await using var target = new TcpTarget(async (me, socket) =>
        {
            var asked = await ReadHeadAsync(me, socket);
            Assert.Contains("Upgrade: websocket\r\n", asked, StringComparison.Ordinal);
            Assert.DoesNotContain("Sec-WebSocket-Extensions", asked, StringComparison.Ordinal);
            await me.SendAsync(socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst"u8.ToArray());
            var buffer = new byte[100];
            while (await me.ReceiveAsync(socket, buffer) is > 0 and var read)
            {
                await me.SendAsync(socket, buffer.AsMemory(0, read));
            }
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"GET http://api.test:{target.Port}/ws HTTP/1.1\r\n{proxy.Authorization()}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        var frame = ProxyContentTests.Frame("second");
        await socket.SendAsync(frame);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("first" + Encoding.Latin1.GetString(frame), await socket.ReadAllAsync());
        Assert.Equal((EgressOutcome.Ok, 101), ((await proxy.RowAsync()).Outcome, (await proxy.RowAsync()).Status));
    }

    private static TcpTarget Answering(string answer, out Task<string> seen, int body = 0)
    {
        var got = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        seen = got.Task;
        return new TcpTarget(async (me, socket) =>
        {
            var text = await ReadHeadAsync(me, socket);
            var rest = new byte[body];
            for (var have = 0; have < body;)
            {
                have += await me.ReceiveAsync(socket, rest.AsMemory(have));
            }

            got.TrySetResult(text + Encoding.Latin1.GetString(rest));
            await me.SendAsync(socket, Encoding.Latin1.GetBytes(answer));
        });
    }

    private static async Task<string> ReadHeadAsync(TcpTarget me, Socket socket)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await me.ReceiveAsync(socket, one) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static async Task<string> AskAsync(ProxyHome proxy, string request)
    {
        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync(request);
        return await socket.ReadAllAsync();
    }
}
