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

    public static async Task<HomeProcess> StartAsync(string folder, string anchor = "none")
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Arw.Web.dll") },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ARW_STATE_DIR"] = folder, ["ARW_PORT"] = "0", ["ARW_DEMO"] = "false", ["ARW_ANCHOR"] = anchor, ["ARW_ADMIN_TOKEN"] = TestHome.OwnerToken, ["ARW_RATE_LIMIT"] = "100000" },
        };
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
