using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Arw.Tests.Http;

namespace Arw.Tests.Journeys;

/// <summary>The real program as a process of its own, which can be killed at any instruction.</summary>
internal sealed class HomeProcess : IDisposable
{
    private const string Ready = "Arw.Web is ready at ";

    private readonly Process _process;

    private HomeProcess(Process process, Uri url)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestHome.OwnerToken);
    }

    public HttpClient Client { get; }

    /// <summary>Starts the home; it serves when this returns.</summary>
    /// <param name="folder">Its data folder.</param>
    /// <param name="environment">Variables beside the usual ones; null for none.</param>
    public static async Task<HomeProcess> StartAsync(string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Arw.Web.dll") },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ARW_STATE_DIR"] = folder, ["ARW_PORT"] = "0", ["ARW_OTLP_HTTP_PORT"] = "0", ["ARW_OTLP_GRPC_PORT"] = "0", ["ARW_PROXY_PORT"] = "0", ["ARW_ANCHOR"] = "none", ["ARW_DEMO"] = "false", ["ARW_ADMIN_TOKEN"] = TestHome.OwnerToken, ["ARW_RATE_LIMIT"] = "100000" },
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
                return new HomeProcess(process, new Uri(line[Ready.Length..]));
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
