using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Bench.Home;
using Arw.Bench.Otlp;
using Arw.Bench.Report;

namespace Arw.Bench.Proxy;

/// <summary>The egress proxy beside a plain relay in the same process: how much it carries, what it adds to a round trip, and how soon a revoked lease has cut a download.</summary>
internal static class ProxyBench
{
    private const int Pairs = 5;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        using var data = new WorkFolder();
        using var server = new TcpServer();
        using var relay = new Relay(server.Port);
        var port = Ports.Free();
        await using var home = await BenchHost.StartAsync(data.Path, port);
        using var api = new HttpClient { BaseAddress = home.Url };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BenchHost.Token);
        await ActAsync(api, "project.create", new JsonObject { ["id"] = "bench", ["title"] = "Bench" });
        await ActAsync(api, "egress.scope.set", new JsonObject { ["id"] = "server", ["hosts"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(server.Port), ["protocols"] = new JsonArray("tcp") });
        await GrantAsync(api, server.Port);

        Task<Socket> Relayed() => DialAsync(relay.Port);
        Task<Socket> Proxied() => TunnelAsync(port, server.Port);
        var bytes = (long)options.Size(2048) << 20;
        var (down, up) = (new List<(double Relay, double Proxy)>(), new List<(double Relay, double Proxy)>());
        for (var i = 0; i < Pairs; i++)
        {
            down.Add((await DownloadAsync(Relayed, bytes), await DownloadAsync(Proxied, bytes)));
            up.Add((await UploadAsync(Relayed, bytes), await UploadAsync(Proxied, bytes)));
        }

        var trips = options.Size(20_000);
        var direct = await RoundTripsAsync(() => DialAsync(server.Port), trips);
        var relayed = await RoundTripsAsync(Relayed, trips);
        var proxied = await RoundTripsAsync(Proxied, trips);
        var opened = await OpenAsync(Proxied, options.Size(500));
        var cuts = await CutsAsync(api, port, server.Port, options.Size(50));
        return new Table(
            ["what", "plain relay", "proxy", "ratio or added"],
            [
                Throughput("one download", down),
                Throughput("one upload", up),
                Added("round trip of one byte, p50", relayed, proxied, direct, 0.5),
                Added("round trip of one byte, p99", relayed, proxied, direct, 0.99),
                ["opening a tunnel (its ledger row durable first), p50", "", $"{Figures.Number(Figures.Median(opened))} ms", ""],
                ["from asking to revoke until the client's connection is cut, p50", "", $"{Figures.Number(Figures.Median(cuts))} ms", ""],
                ["the same, slowest", "", $"**{Figures.Number(cuts.Max())} ms**", ""],
            ],
            $"Client, server, relay and home share one process and the machine's cores, so only the ratio means something: the median of {Pairs} interleaved pairs of {bytes >> 20} MiB each. Added to a round trip: against a direct connection. A cut is timed at the client, from sending the request that revokes the lease, its durable event included.");
    }

    private static string[] Throughput(string what, List<(double Relay, double Proxy)> pairs) =>
    [
        what,
        $"{Figures.Number(Figures.Median(pairs.Select(p => p.Relay)))} MiB/s",
        $"{Figures.Number(Figures.Median(pairs.Select(p => p.Proxy)))} MiB/s",
        $"**{Figures.Ratio(Figures.Median(pairs.Select(p => p.Proxy / p.Relay)))} ×**",
    ];

    private static string[] Added(string what, List<double> relayed, List<double> proxied, List<double> direct, double share)
    {
        var (r, p, d) = (Figures.Percentile(relayed, share), Figures.Percentile(proxied, share), Figures.Percentile(direct, share));
        return [what, $"{Figures.Number(r * 1000)} µs", $"{Figures.Number(p * 1000)} µs", $"**+{Figures.Number((p - d) * 1000)} µs** (relay +{Figures.Number((r - d) * 1000)})"];
    }

    private static async Task<double> DownloadAsync(Func<Task<Socket>> open, long bytes)
    {
        using var socket = await open();
        await socket.SendAsync(new[] { TcpServer.Download });
        var buffer = new byte[128 * 1024];
        var began = Stopwatch.GetTimestamp();
        for (long got = 0; got < bytes;)
        {
            got += await socket.ReceiveAsync(buffer);
        }

        var took = Stopwatch.GetElapsedTime(began);
        socket.Close(0);
        return (bytes >> 20) / took.TotalSeconds;
    }

    private static async Task<double> UploadAsync(Func<Task<Socket>> open, long bytes)
    {
        using var socket = await open();
        await socket.SendAsync(new[] { TcpServer.Upload });
        var began = Stopwatch.GetTimestamp();
        var sending = SendAsync(socket, bytes);
        var acknowledged = new byte[4096];
        for (long got = 0; got < bytes >> 20;)
        {
            got += await socket.ReceiveAsync(acknowledged);
        }

        var took = Stopwatch.GetElapsedTime(began);
        await sending;
        return (bytes >> 20) / took.TotalSeconds;
    }

    private static async Task SendAsync(Socket socket, long bytes)
    {
        var chunk = new byte[128 * 1024];
        for (long sent = 0; sent < bytes;)
        {
            sent += await socket.SendAsync(chunk);
        }
    }

    private static async Task<List<double>> RoundTripsAsync(Func<Task<Socket>> open, int count)
    {
        using var socket = await open();
        await socket.SendAsync(new[] { TcpServer.Echo });
        var (one, samples) = (new byte[1], new List<double>(count));
        for (var i = -100; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await socket.SendAsync(one);
            await socket.ReceiveAsync(one);
            if (i >= 0)
            {
                samples.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        return samples;
    }

    private static async Task<List<double>> OpenAsync(Func<Task<Socket>> open, int count)
    {
        var samples = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var socket = await open();
            samples.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return samples;
    }

    private static async Task<List<double>> CutsAsync(HttpClient api, int proxy, int server, int count)
    {
        // The lease of the other measurements would carry on: from here on each download has its own.
        foreach (var lease in (await api.GetFromAsync("/state/leases"))["items"]!.AsArray())
        {
            await ActAsync(api, "policy.lease.revoke", new JsonObject { ["id"] = (string?)lease!["id"] });
        }

        var samples = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var lease = await GrantAsync(api, server);
            using var socket = await TunnelAsync(proxy, server);
            await socket.SendAsync(new[] { TcpServer.Download });
            var buffer = new byte[64 * 1024];
            await socket.ReceiveAsync(buffer);
            var reading = UntilCutAsync(socket, buffer);
            var began = Stopwatch.GetTimestamp();
            await ActAsync(api, "policy.lease.revoke", new JsonObject { ["id"] = lease });
            samples.Add(Stopwatch.GetElapsedTime(began, await reading).TotalMilliseconds);
        }

        return samples;
    }

    private static async Task<long> UntilCutAsync(Socket socket, byte[] buffer)
    {
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // That is the cut.
        }

        return Stopwatch.GetTimestamp();
    }

    private static async Task<Socket> DialAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static async Task<Socket> TunnelAsync(int proxy, int server)
    {
        var socket = await DialAsync(proxy);
        var secret = Convert.ToBase64String(Encoding.ASCII.GetBytes($"bench:{BenchHost.Token}"));
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"CONNECT 127.0.0.1:{server} HTTP/1.1\r\nProxy-Authorization: Basic {secret}\r\n\r\n")));
        var (head, one) = (new StringBuilder(), new byte[1]);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(one) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString().StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? socket : throw new InvalidOperationException($"No tunnel: {head}");
    }

    private static async Task<string> GrantAsync(HttpClient api, int server) => (string)(await ActAsync(api, "policy.lease.grant", new JsonObject
    {
        ["capability"] = string.Create(CultureInfo.InvariantCulture, $"net.http *://127.0.0.1:{server}"),
        ["holder"] = "project:bench",
    }))["output"]!["id"]!;

    private static async Task<JsonObject> ActAsync(HttpClient api, string kind, JsonObject input)
    {
        using var content = new StringContent(new JsonObject { ["kind"] = kind, ["input"] = input }.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await api.PostAsync("/actions", content);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!.AsObject();
    }

    private static async Task<JsonObject> GetFromAsync(this HttpClient api, string path) => JsonNode.Parse(await api.GetStringAsync(path))!.AsObject();
}
