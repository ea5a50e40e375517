using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Tests.Egress.Dns;
using Arw.Tests.Egress.Proxy;
using Arw.Tests.Http;
using Arw.Tests.Journeys;
using Xunit.Abstractions;

namespace Arw.Tests.Egress;

/// <summary>The real home as a process in a network where every forbidden address exists and listens: whatever is tried, from inside and through the proxy, only the public one is ever reached.</summary>
public sealed class NamespaceTests(ITestOutputHelper output)
{
    private const int Port = 8080;
    private const int ProxyPort = 8092;
    private const int ResolverPort = 8053;
    private const string Public = "93.184.215.14";
    private const string NameServer = "127.0.0.53";

    private static readonly string[] Forbidden =
    [
        "169.254.169.254/32", "169.254.170.2/32", "169.254.1.1/32", "10.0.0.1/32", "10.1.2.3/32", "172.16.0.1/32", "192.168.0.1/32", "100.64.0.1/32", "100.100.100.200/32", "168.63.129.16/32",
        "198.18.0.1/32", "203.0.113.1/32", "192.0.2.1/32", "fd00::1/128", "fd00:ec2::254/128", "fc00::1/128", "2001:db8::1/128", "2002:7f00:1::1/128", "64:ff9b::a00:1/128",
    ];

    private static readonly string[] Redirects =
    [
        "http://127.0.0.1:8080/", "http://[::1]:8080/", "http://169.254.169.254:8080/latest/meta-data/", "http://10.0.0.1:8080/", "http://192.168.0.1:8080/", "http://100.64.0.1:8080/", "http://[fd00::1]:8080/",
        "http://[::ffff:10.0.0.1]:8080/", "http://[2002:7f00:1::1]:8080/", "http://[64:ff9b::a00:1]:8080/", "http://0x7f.1:8080/", "http://2130706433:8080/", "http://0177.0.0.1:8080/", "http://localhost:8080/",
        "http://inside.test:8080/", "//10.0.0.1:8080/", "http:\\\\10.0.0.1:8080/", "http://user@10.0.0.1:8080/", "file:///etc/passwd", "gopher://10.0.0.1:8080/",
    ];

    [NetworkNamespaceFact]
    public async Task Home_InANetworkOfForbiddenPlaces_ReachesOnlyThePublicOne()
    {
        using var folder = new TempFolder();
        using var network = new NetworkNamespace([.. Forbidden, $"{Public}/32", $"{NameServer}/8"], NameServer);
        await using var names = new RebindingNameServer(
            network.Inside(() =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(NameServer), 53));
                return socket;
            }),
            (name, before) => name switch
            {
                "public.test" => IPAddress.Parse(Public),
                // The classic: harmless when it is judged, forbidden when it would be asked for again.
                "rebind.test" => before % 2 == 0 ? IPAddress.Parse(Public) : IPAddress.Parse("169.254.169.254"),
                "inside.test" or "intranet.test" => IPAddress.Parse("10.1.2.3"),
                "metadata.test" => IPAddress.Parse("169.254.169.254"),
                _ => IPAddress.Loopback,
            });
        await using var targets = new Targets(network);
        using var home = await HomeProcess.StartAsync(folder.Path, network, new Dictionary<string, string> { ["ARW_PROXY_PORT"] = $"{ProxyPort}", ["ARW_DNS_PORT"] = $"{ResolverPort}" });
        await ActAsync(home, "project.create", new JsonObject { ["id"] = "lab", ["title"] = "Lab" });
        await ActAsync(home, "policy.posture.set", new JsonObject { ["posture"] = "relaxed" });

        // Public is reached, by the proxy and from inside: the counters count.
        Assert.EndsWith("ok", await ProxyAsync(network, $"GET http://public.test:{Port}/ HTTP/1.1"), StringComparison.Ordinal);
        Assert.Equal(200, (int?)(await FetchAsync(home, $"http://public.test:{Port}/"))["output"]?["status"]);
        Assert.Equal(2, targets.Of(Public));

        var urls = ForbiddenTargets.Urls(Port);
        var tried = 0;
        await Parallel.ForEachAsync(urls, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (url, _) =>
        {
            var authority = url.Contains("://", StringComparison.Ordinal) ? url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/') : url;
            foreach (var first in (string[])[$"GET {url} HTTP/1.1", $"CONNECT {authority} HTTP/1.1"])
            {
                var answer = await ProxyAsync(network, first);
                Interlocked.Increment(ref tried);
                Assert.False(answer.StartsWith("HTTP/1.1 2", StringComparison.Ordinal), $"{first}: {answer}");
            }
        });

        foreach (var to in Redirects)
        {
            var result = await FetchAsync(home, $"http://public.test:{Port}/to?{Uri.EscapeDataString(to)}");
            Assert.True((string?)result["state"] == "failed", $"{to}: {result.ToJsonString()}");
            // A chain of harmless steps before it changes nothing.
            result = await FetchAsync(home, $"http://public.test:{Port}/to?{Uri.EscapeDataString($"http://public.test:{Port}/to?{Uri.EscapeDataString(to)}")}");
            Assert.True((string?)result["state"] == "failed", $"a chain to {to}: {result.ToJsonString()}");
        }

        for (var i = 0; i < 20; i++)
        {
            await FetchAsync(home, $"http://rebind.test:{Port}/");
            await ProxyAsync(network, $"GET http://rebind.test:{Port}/ HTTP/1.1");
        }

        Assert.True(names.Asked("rebind.test") >= 20, "The name was not asked for each time.");

        // The resolver asks the same name server, which it finds where the system does, and tells of no forbidden address.
        Assert.Equal([IPAddress.Parse(Public)], await ResolveAsync(network, "public.test"));
        foreach (var name in (string[])["inside.test", "intranet.test", "metadata.test", "anything.test", "rebind.test", "rebind.test", "rebind.test"])
        {
            Assert.All(await ResolveAsync(network, name), a => Assert.Equal(IPAddress.Parse(Public), a));
        }
        output.WriteLine($"{tried} requests by {urls.Count} spellings, {Redirects.Length * 2} redirect chains, {names.Asked("rebind.test")} answers of the rebinding name; connections: {targets}");
        Assert.Equal([Public], targets.Reached);
    }

    private static async Task<IReadOnlyList<IPAddress>> ResolveAsync(NetworkNamespace network, string name)
    {
        using var socket = network.Inside(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        await socket.ConnectAsync(IPAddress.Loopback, ResolverPort);
        await socket.SendAsync(DnsWire.Question(name));
        var buffer = new byte[512];
        return DnsWire.Read(buffer[..await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(30))]).Addresses;
    }

    private static async Task<string> ProxyAsync(NetworkNamespace network, string first)
    {
        using var socket = network.Inside(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(IPAddress.Loopback, ProxyPort);
        await socket.SendAsync(Encoding.UTF8.GetBytes($"{first}\r\nProxy-Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"lab:{TestHome.OwnerToken}"))}\r\n\r\n"));
        return first.StartsWith("CONNECT", StringComparison.Ordinal) ? await socket.ReadHeadAsync() : await socket.ReadAllAsync();
    }

    private static async Task<JsonObject> FetchAsync(HomeProcess home, string url)
    {
        var (status, body) = await home.PostAsync("/actions", new JsonObject { ["kind"] = "http.fetch", ["project"] = "lab", ["input"] = new JsonObject { ["url"] = url } });
        Assert.True(status == 202, body.ToJsonString());
        while (true)
        {
            var action = await home.GetAsync($"/actions/{body["id"]}");
            if ((string?)action["state"] is "completed" or "failed" or "refused" or "cancelled")
            {
                return action;
            }
        }
    }

    private static async Task ActAsync(HomeProcess home, string kind, JsonObject input)
    {
        var (status, body) = await home.PostAsync("/actions", new JsonObject { ["kind"] = kind, ["input"] = input });
        Assert.True(status is 200 or 202, body.ToJsonString());
    }

    /// <summary>Listens on every address of the network, and counts by the address that was reached.</summary>
    private sealed class Targets : IAsyncDisposable
    {
        private readonly Socket _listener;
        private readonly ConcurrentDictionary<string, int> _reached = new(StringComparer.Ordinal);
        private readonly Task _accepting;

        public Targets(NetworkNamespace network)
        {
            _listener = network.Inside(() =>
            {
                var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
                socket.Bind(new IPEndPoint(IPAddress.IPv6Any, Port));
                socket.Listen(512);
                return socket;
            });
            _accepting = AcceptAsync();
        }

        public IEnumerable<string> Reached => _reached.Keys;

        public int Of(string address) => _reached.GetValueOrDefault(address);

        public override string ToString() => string.Join(", ", _reached.Select(r => $"{r.Key} {r.Value}"));

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _accepting;
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var socket = await _listener.AcceptAsync();
                    var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
                    _reached.AddOrUpdate((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(), 1, (_, n) => n + 1);
                    _ = AnswerAsync(socket);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task AnswerAsync(Socket socket)
        {
            using (socket)
            {
                var line = (await socket.ReadHeadAsync()).Split(' ');
                var to = line.Length > 1 && line[1].StartsWith("/to?", StringComparison.Ordinal) ? Uri.UnescapeDataString(line[1][4..]) : null;
                await socket.SendTextAsync(to is null
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
                    : $"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        }
    }
}
