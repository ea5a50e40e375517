using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Egress.Proxy;
using Arw.Core.Redaction;
using Arw.Web.Features.Egress;

namespace Arw.Tests.Egress.Proxy;

/// <summary>What programs send through the proxy in clear text is looked at before it leaves: canaries never do, classified data by a lease of its own.</summary>
public sealed class ProxyContentTests
{
    private const string Mail = "anna.bell@example.org";

    [Theory]
    [InlineData("body")]
    [InlineData("url")]
    [InlineData("header")]
    [InlineData("authorization")]
    [InlineData("chunks")]
    [InlineData("extension")]
    [InlineData("trailer")]
    [InlineData("form")]
    public async Task Request_WithACanary_IsRefusedWithAnAlarmAndNothingLeaves(string where)
    {
        await using var target = Answering(out _);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");
        var canary = await PlantAsync(proxy, where == "form" ? "database_url" : "api_key");

        var answer = await AskAsync(proxy, Request(proxy, target.Port, where, canary));

        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"canary\"", answer, StringComparison.Ordinal);
        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Denied, "canary", 0), (row.Outcome, row.ReasonCode, target.Connections));
        Assert.Empty(EgressRules.AllowExactly(row));
        var seen = Assert.Single(proxy.Home.Service<RedactionModel>().Current.Canaries);
        Assert.Equal(1, seen.Seen);
    }

    [Theory]
    [InlineData("body")]
    [InlineData("url")]
    [InlineData("header")]
    [InlineData("chunks")]
    [InlineData("form")]
    public async Task Request_WithPersonData_NeedsALeaseThatTheRowGrantsForExactlyThis(string where)
    {
        await using var target = Answering(out var seen);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");
        var request = Request(proxy, target.Port, where, Mail);

        Assert.Contains("\"code\":\"needs_lease\"", await AskAsync(proxy, request), StringComparison.Ordinal);
        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Denied, 0), (row.Outcome, target.Connections));
        Assert.StartsWith($"data.send:person http://api.test:{target.Port}/", Assert.Single(row.Missing), StringComparison.Ordinal);

        foreach (var rule in EgressRules.AllowExactly(row))
        {
            await proxy.Home.ActAsync(rule.Kind, rule.Input);
        }

        Assert.StartsWith("HTTP/1.1 204 ", await AskAsync(proxy, request), StringComparison.Ordinal);
        Assert.Single(seen);

        // Another place of the same host, and other data at the same place, still need their own.
        Assert.Contains("needs_lease", await AskAsync(proxy, Request(proxy, target.Port, "body", Mail, "/elsewhere")), StringComparison.Ordinal);
        Assert.Contains("needs_lease", await AskAsync(proxy, Request(proxy, target.Port, where, "4111 1111 1111 1111")), StringComparison.Ordinal);
        Assert.Single(seen);
    }

    [Fact]
    public async Task Request_WithSeveralClasses_NamesAllThatIsMissingAtOnce()
    {
        await using var target = Answering(out var seen);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");
        var request = Request(proxy, target.Port, "body", $"{Mail}, 4111 1111 1111 1111");

        await AskAsync(proxy, request);
        var row = await proxy.RowAsync();
        Assert.Equal(["data.send:financial", "data.send:person"], row.Missing.Select(m => m.Split(' ')[0]));
        foreach (var rule in EgressRules.AllowExactly(row))
        {
            await proxy.Home.ActAsync(rule.Kind, rule.Input);
        }

        Assert.StartsWith("HTTP/1.1 204 ", await AskAsync(proxy, request), StringComparison.Ordinal);
        Assert.Single(seen);
    }

    [Fact]
    public async Task Request_ThatShowsItsServerWhoAsks_IsLetOut()
    {
        await using var target = Answering(out var seen);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        var answer = await AskAsync(proxy, Request(proxy, target.Port, "authorization", "ghp_1A2b3C4d5E6f7G8h9I0jK1l2M3n4O5p6Q7r8"));

        Assert.StartsWith("HTTP/1.1 204 ", answer, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer ghp_", Assert.Single(seen), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_ThatComesToACanary_IsCutBeforeItAndTheClientIsTold(bool slow)
    {
        await using var target = Answering(out var seen);
        await using var proxy = await ProxyHome.StartAsync(new ProxyLimits { HoldBytes = 4096, Hold = TimeSpan.FromMilliseconds(slow ? 1 : 60_000) });
        await proxy.AllowAsync("api.test", target.Port, "http");
        var canary = await PlantAsync(proxy, "github_token");

        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"POST http://api.test:{target.Port}/in HTTP/1.1\r\n{proxy.Authorization()}\r\nTransfer-Encoding: chunked\r\n\r\n");
        var plain = string.Concat(Enumerable.Repeat("nothing to see here. ", 500));
        for (var i = 0; i < 20; i++)
        {
            await socket.SendTextAsync($"{plain.Length:x}\r\n{plain}\r\n");
        }

        await UntilAsync(() => target.Received > 100_000);
        // The seam is in the middle of it, and so is the framing.
        await socket.SendTextAsync($"{20:x}\r\n{canary[..20]}\r\n");
        await socket.SendTextAsync($"{canary.Length - 20:x}\r\n{canary[20..]}\r\n0\r\n\r\n");

        var answer = await socket.ReadAllAsync();
        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"canary\"", answer, StringComparison.Ordinal);
        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Aborted, "canary"), (row.Outcome, row.ReasonCode));
        Assert.True(row.BytesOut >= target.Received);
        Assert.DoesNotContain(canary[20..], string.Concat(seen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ThatComesToPersonData_IsCutAndTheRowAllowsExactlyThis()
    {
        await using var target = Answering(out var seen);
        await using var proxy = await ProxyHome.StartAsync(new ProxyLimits { HoldBytes = 4096 });
        await proxy.AllowAsync("api.test", target.Port, "http");
        var body = string.Concat(Enumerable.Repeat("nothing to see here. ", 50_000)) + $"write to {Mail} soon";
        var request = $"POST http://api.test:{target.Port}/in HTTP/1.1\r\n{proxy.Authorization()}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

        Assert.Contains("needs_lease", await AskAsync(proxy, request), StringComparison.Ordinal);
        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Aborted, "needs_lease"), (row.Outcome, row.ReasonCode));
        Assert.DoesNotContain(Mail, string.Concat(seen), StringComparison.Ordinal);

        foreach (var rule in EgressRules.AllowExactly(row))
        {
            await proxy.Home.ActAsync(rule.Kind, rule.Input);
        }

        Assert.StartsWith("HTTP/1.1 204 ", await AskAsync(proxy, request), StringComparison.Ordinal);
        Assert.Contains(seen, s => s.EndsWith($"write to {Mail} soon", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Body_OfAClientThatWaitsForAnAnswer_IsPassedOnAfterAMoment()
    {
        var half = new TaskCompletionSource();
        await using var target = new TcpTarget(async (me, socket) =>
        {
            var buffer = new byte[4096];
            while (await me.ReceiveAsync(socket, buffer) is > 0 and var read)
            {
                if (Encoding.Latin1.GetString(buffer, 0, read).Contains("half", StringComparison.Ordinal))
                {
                    half.TrySetResult();
                }

                if (Encoding.Latin1.GetString(buffer, 0, read).Contains("rest", StringComparison.Ordinal))
                {
                    await me.SendAsync(socket, "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
                    return;
                }
            }
        });
        await using var proxy = await ProxyHome.StartAsync(new ProxyLimits { Hold = TimeSpan.FromMilliseconds(50) });
        await proxy.AllowAsync("api.test", target.Port, "http");

        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"POST http://api.test:{target.Port}/in HTTP/1.1\r\n{proxy.Authorization()}\r\nContent-Length: 8\r\n\r\nhalf");
        await half.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await socket.SendTextAsync("rest");
        Assert.StartsWith("HTTP/1.1 204 ", await socket.ReadAllAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatIsAskedForFirst_IsAskedForByTheProxy()
    {
        await using var target = Answering(out var seen);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"POST http://api.test:{target.Port}/in HTTP/1.1\r\n{proxy.Authorization()}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await socket.ReadHeadAsync());
        await socket.SendTextAsync("body");

        Assert.StartsWith("HTTP/1.1 204 ", await socket.ReadAllAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("Expect", Assert.Single(seen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatIsCompressed_IsLetOutAndTheRowSaysSo()
    {
        await using var target = Answering(out var seen);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");
        var zipped = new MemoryStream();
        await using (var zip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            await zip.WriteAsync(Encoding.ASCII.GetBytes(Mail));
        }

        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"POST http://api.test:{target.Port}/in HTTP/1.1\r\n{proxy.Authorization()}\r\nContent-Encoding: gzip\r\nContent-Length: {zipped.Length}\r\n\r\n");
        await socket.SendAsync(zipped.ToArray());

        Assert.StartsWith("HTTP/1.1 204 ", await socket.ReadAllAsync(), StringComparison.Ordinal);
        Assert.Single(seen);
        Assert.Equal(UnseenContent.Compressed, (await proxy.RowAsync()).Unseen);
    }

    [Theory]
    [InlineData("canary", "canary")]
    [InlineData(Mail, "needs_lease")]
    public async Task Tunnel_OfClearText_IsCutAtWhatMayNotLeave(string what, string code)
    {
        await using var target = Answering(out var seen);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "tcp");
        var secret = what == "canary" ? await PlantAsync(proxy, "api_key") : what;

        using (var socket = await proxy.TunnelAsync($"api.test:{target.Port}"))
        {
            await socket.SendTextAsync("POST /in HTTP/1.1\r\nAuthorization: Bearer ghp_1A2b3C4d5E6f7G8h9I0jK1l2M3n4O5p6Q7r8\r\nContent-Length: 300\r\n\r\n");
            await UntilAsync(() => target.Received > 50);
            await socket.SendTextAsync($"this is {secret}.");
            await Assert.ThrowsAsync<SocketException>(() => socket.ReadAllAsync());
        }

        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Aborted, code, null), (row.Outcome, row.ReasonCode, row.Unseen));
        Assert.DoesNotContain(secret, string.Concat(seen), StringComparison.Ordinal);
        Assert.Equal(code == "canary" ? 0 : 1, EgressRules.AllowExactly(row).Count);
    }

    [Fact]
    public async Task Tunnel_OfOtherBytes_IsLookedThroughForCanariesOnlyAndSaysSo()
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "tcp");
        var canary = await PlantAsync(proxy, "github_token");

        using (var socket = await proxy.TunnelAsync($"api.test:{target.Port}"))
        {
            await socket.SendTextAsync($"\u0001{Mail}");
            socket.Shutdown(SocketShutdown.Send);
            Assert.Equal($"\u0001{Mail}", await socket.ReadAllAsync());
        }

        Assert.Equal((EgressOutcome.Ok, UnseenContent.Binary), ((await proxy.RowAsync()).Outcome, (await proxy.RowAsync()).Unseen));
        using var second = await proxy.TunnelAsync($"api.test:{target.Port}");
        await second.SendTextAsync($"\u0001{canary}");
        await Assert.ThrowsAsync<SocketException>(() => second.ReadAllAsync());
        Assert.Equal("canary", (await proxy.RowAsync(r => r.Outcome == EgressOutcome.Aborted)).ReasonCode);
    }

    [Theory]
    [InlineData("\r\nPOST /in HTTP/1.1\r\n\r\n")]
    [InlineData("\n GET / HTTP/1.1\r\n\r\n")]
    [InlineData("post /in HTTP/1.1\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    public async Task Tunnel_OfClearText_IsLookedAtHoweverItBegins(string beginning)
    {
        await using var target = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "tcp");

        using (var socket = await proxy.TunnelAsync($"api.test:{target.Port}"))
        {
            await socket.SendTextAsync(beginning);
            await UntilAsync(() => target.Received == beginning.Length);
            await socket.SendTextAsync($"POST /in HTTP/1.1\r\n\r\nthis is {Mail}.");
            await Assert.ThrowsAsync<SocketException>(() => socket.ReadAllAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Assert.Equal((EgressOutcome.Aborted, "needs_lease", beginning.Length), ((await proxy.RowAsync()).Outcome, (await proxy.RowAsync()).ReasonCode, target.Received));
    }

    [Fact]
    public async Task Bodies_ThatAreHeldAtOnce_TakeNoMoreRoomThanThereIs()
    {
        await using var target = Answering(out _);
        await using var proxy = await ProxyHome.StartAsync(new ProxyLimits { LargeHolds = 1, Hold = TimeSpan.FromHours(1) });
        await proxy.AllowAsync("api.test", target.Port, "http");

        // Half of a body each, and nobody sends the rest: one is held, the others are looked at as they pass.
        var half = new string('a', 100_000);
        var sockets = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            sockets.Add(await proxy.DialAsync());
            await sockets[i].SendTextAsync($"POST http://api.test:{target.Port}/in HTTP/1.1\r\n{proxy.Authorization()}\r\nContent-Length: 200000\r\n\r\n{half}");
        }

        await UntilAsync(() => target.Received >= 2 * half.Length);
        Assert.Equal(2, target.Connections);

        sockets.ForEach(s => s.Dispose());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WebSocket_MessagesInClearText_AreLookedAtUnderTheirMask(int frames)
    {
        await using var target = new TcpTarget(async (me, socket) =>
        {
            await ReadHeadAsync(me, socket);
            await me.SendAsync(socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"u8.ToArray());
            var buffer = new byte[4096];
            while (await me.ReceiveAsync(socket, buffer) is > 0 and var read)
            {
                await me.SendAsync(socket, buffer.AsMemory(0, read));
            }
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");
        var canary = await PlantAsync(proxy, "api_key");

        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"GET http://api.test:{target.Port}/ws HTTP/1.1\r\n{proxy.Authorization()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        foreach (var harmless in (string[])["hello", new string('a', 300), new string('b', 70_000)])
        {
            await socket.SendAsync(Frame(harmless));
            var back = new byte[Frame(harmless).Length];
            for (var have = 0; have < back.Length;)
            {
                have += await socket.ReceiveAsync(back.AsMemory(have));
            }

            Assert.Equal(Frame(harmless), back);
        }

        var before = target.Received;
        await socket.SendAsync(frames == 1 ? Frame(canary) : [.. Frame(canary[..10], final: false), .. Frame(canary[10..], opcode: 0)]);
        await Assert.ThrowsAsync<SocketException>(() => socket.ReadAllAsync());
        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Aborted, "canary"), (row.Outcome, row.ReasonCode));
        Assert.True(target.Received - before < Frame(canary).Length);
    }

    /// <summary>A frame as a WebSocket client sends it.</summary>
    internal static byte[] Frame(string text, bool final = true, byte opcode = 1)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        byte[] length = payload.Length < 126 ? [(byte)(0x80 | payload.Length)]
            : payload.Length <= ushort.MaxValue ? [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length]
            : [0x80 | 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length];
        byte[] mask = [0x3f, 0x91, 0x07, 0xd2];
        return [(byte)((final ? 0x80 : 0) | opcode), .. length, .. mask, .. payload.Select((b, i) => (byte)(b ^ mask[i & 3]))];
    }

    private static string Request(ProxyHome proxy, int port, string where, string secret, string path = "/in")
    {
        var (url, fields, body) = where switch
        {
            "url" => ($"{path}?q={Uri.EscapeDataString(secret)}", "", ""),
            "header" => (path, $"X-Note: {secret}\r\n", ""),
            "authorization" => (path, $"Authorization: Bearer {secret}\r\n", ""),
            "chunks" => (path, "Transfer-Encoding: chunked\r\n", $"{5:x}\r\n{secret[..5]}\r\n{secret.Length - 5:x}\r\n{secret[5..]}\r\n0\r\n\r\n"),
            "extension" => (path, "Transfer-Encoding: chunked\r\n", $"5;x={secret}\r\nhello\r\n0\r\n\r\n"),
            "trailer" => (path, "Transfer-Encoding: chunked\r\n", $"5\r\nhello\r\n0\r\nX-Note: {secret}\r\n\r\n"),
            "form" => (path, "Content-Type: application/x-www-form-urlencoded\r\n", $"a=b&c={Uri.EscapeDataString(secret)}&d=e"),
            _ => (path, "", $"{{\"said\":\"{secret}\"}}"),
        };
        var length = body.Length > 0 && !fields.StartsWith("Transfer", StringComparison.Ordinal) ? $"Content-Length: {body.Length}\r\n" : "";
        return $"POST http://api.test:{port}{url} HTTP/1.1\r\n{proxy.Authorization()}\r\n{fields}{length}\r\n{body}";
    }

    private static async Task<string> PlantAsync(ProxyHome proxy, string form) =>
        (string)(await proxy.Home.ActAsync("redaction.canary.plant", new JsonObject { ["label"] = "here", ["form"] = form }))["output"]!["value"]!;

    private static async Task<string> AskAsync(ProxyHome proxy, string request)
    {
        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync(request);
        return await socket.ReadAllAsync();
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached())
        {
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    // Reads a request as its head says how long it is, keeps what it got however it ended, and answers.
    private static TcpTarget Answering(out ConcurrentQueue<string> seen)
    {
        var got = new ConcurrentQueue<string>();
        seen = got;
        return new TcpTarget(async (me, socket) =>
        {
            var text = new StringBuilder();
            var whole = false;
            try
            {
                text.Append(await ReadHeadAsync(me, socket));
                var head = text.ToString();
                var chunked = head.Contains("chunked", StringComparison.Ordinal);
                var wanted = head.Split("Content-Length: ") is [_, var rest] ? int.Parse(rest.Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
                var buffer = new byte[64 * 1024];
                while (chunked ? !text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) || !text.ToString().Contains("\r\n0\r\n", StringComparison.Ordinal) : text.Length - head.Length < wanted)
                {
                    if (await me.ReceiveAsync(socket, buffer) is not (> 0 and var read))
                    {
                        return;
                    }

                    text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }

                whole = true;
            }
            finally
            {
                got.Enqueue(text.ToString());
            }

            if (whole)
            {
                await me.SendAsync(socket, "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
            }
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
}
