using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Bench.Report;

namespace Arw.Bench.Home;

/// <summary>Chromium with pages of a home open: real circuits.</summary>
internal sealed class Browser : IDisposable
{
    private readonly Process _process;
    private readonly WorkFolder _profile;
    private readonly HttpClient _control;
    private readonly Uri _browser;
    private readonly Uri _page;

    private Browser(Process process, WorkFolder profile, Uri browser, Uri page)
    {
        (_process, _profile, _browser, _page) = (process, profile, browser, page);
        _control = new HttpClient { BaseAddress = new UriBuilder(Uri.UriSchemeHttp, browser.Host, browser.Port).Uri };
    }

    /// <summary>Starts it on a sign-in link, which leads to the first page.</summary>
    public static async Task<Browser> StartAsync(Uri signIn)
    {
        var profile = new WorkFolder();
        var process = Process.Start(new ProcessStartInfo("chromium",
        [
            "--disable-renderer-backgrounding", "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", signIn.ToString(),
        ])
        { RedirectStandardError = true, UseShellExecute = false })!;
        const string Listening = "DevTools listening on ";
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                return new Browser(process, profile, new Uri(line[Listening.Length..]), new Uri(signIn, "/"));
            }
        }

        throw new InvalidOperationException("Chromium did not start.");
    }

    /// <summary>Opens one more page.</summary>
    /// <param name="path">Which; the first page by default.</param>
    /// <param name="drawn">In a window of its own; else it is a tab behind another, a circuit like any but drawn by nobody.</param>
    public Task OpenAsync(string path = "", bool drawn = false) =>
        CallAsync(_browser, "Target.createTarget", new JsonObject { ["url"] = new Uri(_page, path).ToString(), ["newWindow"] = drawn, ["background"] = !drawn });

    /// <summary>Waits until so many pages are there.</summary>
    public async Task LoadedAsync(int pages)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(0.2), TimeProvider.System);
        while (await PagesAsync() < pages && await tick.WaitForNextTickAsync())
        {
            // A page has its title once the home has answered.
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _control.Dispose();
        _profile.Dispose();
    }

    /// <summary>What an expression is worth on each page.</summary>
    /// <param name="expression">JavaScript.</param>
    /// <param name="path">Only on pages of this path; null for all.</param>
    public async Task<IReadOnlyList<(string Path, string Value)>> EvaluateAsync(string expression, string? path = null)
    {
        var values = new List<(string, string)>();
        foreach (var page in (await TargetsAsync()).Where(t => path is null || new Uri((string)t["url"]!).AbsolutePath == path).OrderBy(t => (string)t["url"]!, StringComparer.Ordinal))
        {
            values.Add((new Uri((string)page["url"]!).AbsolutePath, await EvaluateAsync(new Uri((string)page["webSocketDebuggerUrl"]!), expression)));
        }

        return values;
    }

    private static async Task<string> EvaluateAsync(Uri page, string expression) =>
        (await CallAsync(page, "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true }))?["result"]?["value"]?.ToString() ?? "";

    private static async Task<JsonNode?> CallAsync(Uri target, string method, JsonObject parameters)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(target, CancellationToken.None);
        var call = new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = parameters };
        await socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[1024 * 1024];
        var length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            length += part.Count;
        }
        while (!part.EndOfMessage);

        return JsonNode.Parse(buffer.AsSpan(0, length))!["result"];
    }

    private async Task<int> PagesAsync() => (await TargetsAsync()).Count(t => ((string)t["title"]!).EndsWith("· Arw", StringComparison.Ordinal));

    private async Task<IReadOnlyList<JsonNode>> TargetsAsync() =>
        [.. JsonNode.Parse(await _control.GetStringAsync(new Uri("/json/list", UriKind.Relative)))!.AsArray().Select(t => t!).Where(t => (string?)t["type"] == "page")];
}
