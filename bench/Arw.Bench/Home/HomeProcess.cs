using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Arw.Bench.Home;

/// <summary>A published home as a process of its own.</summary>
internal sealed class HomeProcess : IDisposable
{
    private const string Ready = "Arw.Web is ready at ";
    private readonly Process _process;
    private readonly HttpClient _client;

    private HomeProcess(Process process, Uri url, double seconds)
    {
        (_process, Seconds) = (process, seconds);
        _client = new HttpClient { BaseAddress = url };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BenchHost.Token);
    }

    /// <summary>Where it serves.</summary>
    public Uri Url => _client.BaseAddress!;

    /// <summary>Seconds from the start of the process until <c>/healthz</c> answered 200.</summary>
    public double Seconds { get; }

    /// <summary>Starts a home and waits until it serves.</summary>
    /// <param name="home">Folder of the published home.</param>
    /// <param name="data">Its data folder.</param>
    /// <param name="demo">Whether a new home begins with the demo.</param>
    /// <param name="otlp">Ports for exporters, HTTP and gRPC; 0 = off.</param>
    public static async Task<HomeProcess> StartAsync(string home, string data, bool demo, (int Http, int Grpc) otlp = default)
    {
        var start = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(home, "Arw.Web.dll")])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
            Environment =
            {
                ["ARW_STATE_DIR"] = data,
                ["ARW_ANCHOR"] = "none",
                ["ARW_PORT"] = "0",
                ["ARW_OTLP_HTTP_PORT"] = otlp.Http.ToString(CultureInfo.InvariantCulture),
                ["ARW_OTLP_GRPC_PORT"] = otlp.Grpc.ToString(CultureInfo.InvariantCulture),
                ["ARW_PROXY_PORT"] = "0",
                ["ARW_DNS_PORT"] = "0",
                ["ARW_ADMIN_TOKEN"] = BenchHost.Token,
                ["ARW_DEMO"] = demo ? "true" : "false",
                ["ARW_RATE_LIMIT"] = "1000000",
            },
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                var url = new Uri(line[Ready.Length..]);
                using var client = new HttpClient();
                using var answer = await client.GetAsync(new Uri(url, "/healthz"));
                answer.EnsureSuccessStatusCode();
                var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

                // Nobody reads on: what it prints from here must not fill the pipe.
                _ = process.StandardOutput.ReadToEndAsync();
                return new HomeProcess(process, url, seconds);
            }
        }

        throw new InvalidOperationException("The home did not start.");
    }

    /// <summary>Bytes of memory that the process holds: all, and those of its own data.</summary>
    public (long Resident, long Anonymous) Memory()
    {
        var lines = File.ReadAllLines($"/proc/{_process.Id}/status");
        return (Field("VmRSS:"), Field("RssAnon:"));

        long Field(string name) => 1024 * long.Parse(
            lines.First(l => l.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>A read model's content.</summary>
    public async Task<JsonNode> StateAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(new Uri("/state/" + path, UriKind.Relative)))!;

    /// <summary>The value of one of its metrics without labels.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var lines = (await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n');
        return double.Parse(lines.First(l => l.StartsWith(name + " ", StringComparison.Ordinal))[name.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Sends events and waits until they are durable.</summary>
    public async Task SendAsync(JsonArray events)
    {
        using var body = new StringContent(events.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(new Uri("/events", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until a table has folded everything that is in the journal, whose last event must be one that changes it.</summary>
    public async Task FoldedAsync(string model)
    {
        while ((long)(await StateAsync("bus"))["head"]! is var head && (long)(await StateAsync($"{model}?limit=1"))["version"]! < head)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>A link that signs a browser in, once.</summary>
    public async Task<Uri> SignInLinkAsync()
    {
        using var answer = await _client.PostAsync(new Uri("/signin/links", UriKind.Relative), null);
        return new Uri((string)JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["url"]!);
    }

    /// <summary>Asks it to stop and waits.</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _client.Dispose();
        _process.Dispose();
    }
}
