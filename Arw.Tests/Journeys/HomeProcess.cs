using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Arw.Tests.Egress;
using Arw.Tests.Http;

namespace Arw.Tests.Journeys;

/// <summary>The real program as a process of its own, which can be killed at any instruction.</summary>
internal sealed class HomeProcess : IDisposable
{
    private const string Ready = "Arw.Web is ready at ";

    private readonly Process _process;

    private HomeProcess(Process process, Uri url, NetworkNamespace? network)
    {
        _process = process;
        var handler = new SocketsHttpHandler();
        if (network is not null)
        {
            handler.ConnectCallback = async (to, cancel) =>
            {
                var socket = network.Inside(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                await socket.ConnectAsync(IPAddress.Parse(to.DnsEndPoint.Host), to.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        Client = new HttpClient(handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestHome.OwnerToken);
    }

    public HttpClient Client { get; }

    /// <summary>Starts the home; it serves when this returns.</summary>
    /// <param name="folder">Its data folder.</param>
    /// <param name="environment">Variables beside the usual ones; null for none.</param>
    public static Task<HomeProcess> StartAsync(string folder, IReadOnlyDictionary<string, string>? environment = null) => StartAsync(folder, null, environment);

    /// <summary>Starts the home in a network of its own; null = in this one.</summary>
    public static async Task<HomeProcess> StartAsync(string folder, NetworkNamespace? network, IReadOnlyDictionary<string, string>? environment)
    {
        string[] command = [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "Arw.Web.dll")];
        if (network is not null)
        {
            command = ["ip", "netns", "exec", network.Name, .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ARW_STATE_DIR"] = folder, ["ARW_PORT"] = "0", ["ARW_OTLP_HTTP_PORT"] = "0", ["ARW_OTLP_GRPC_PORT"] = "0", ["ARW_PROXY_PORT"] = "0", ["ARW_DNS_PORT"] = "0", ["ARW_ANCHOR"] = "none", ["ARW_DEMO"] = "false", ["ARW_ADMIN_TOKEN"] = TestHome.OwnerToken, ["ARW_RATE_LIMIT"] = "100000" },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var said = new List<string>();
        process.ErrorDataReceived += (_, line) => said.Add(line.Data ?? "");
        process.BeginErrorReadLine();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                // The rest is read away, so that the process never waits for its reader.
                _ = process.StandardOutput.ReadToEndAsync();
                return new HomeProcess(process, new Uri(line[Ready.Length..]), network);
            }

            said.Add(line);
        }

        throw new InvalidOperationException($"The home did not start: {string.Join('\n', said)}");
    }

    /// <summary>SIGKILL, at once; nothing in the process gets to run any more. Safe to call again.</summary>
    public void Kill() => _process.Kill();

    public Task GoneAsync() => _process.WaitForExitAsync();

    public async Task<(int Status, JsonObject Body)> PostAsync(string path, JsonNode body)
    {
        using var response = await Client.PostAsync(path, TestHome.Json(body));
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    public async Task<JsonObject> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path))!.AsObject();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        Client.Dispose();
        _process.Dispose();
    }
}
