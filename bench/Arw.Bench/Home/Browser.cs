using System.Diagnostics;
using System.Text.Json.Nodes;
using Arw.Bench.Report;

namespace Arw.Bench.Home;

/// <summary>Chromium with pages of a home open: real circuits.</summary>
internal sealed class Browser : IDisposable
{
    private readonly Process _process;
    private readonly WorkFolder _profile;
    private readonly HttpClient _control;
    private readonly Uri _page;

    private Browser(Process process, WorkFolder profile, Uri control, Uri page)
    {
        (_process, _profile, _page) = (process, profile, page);
        _control = new HttpClient { BaseAddress = control };
    }

    /// <summary>Starts it on a sign-in link, which leads to the first page.</summary>
    public static async Task<Browser> StartAsync(Uri signIn)
    {
        var profile = new WorkFolder();
        var process = Process.Start(new ProcessStartInfo("chromium",
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", signIn.ToString(),
        ])
        { RedirectStandardError = true, UseShellExecute = false })!;
        const string Listening = "DevTools listening on ws://";
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                return new Browser(process, profile, new Uri($"http://{line[Listening.Length..].Split('/')[0]}"), new Uri(signIn, "/"));
            }
        }

        throw new InvalidOperationException("Chromium did not start.");
    }

    /// <summary>Opens one more page.</summary>
    public async Task OpenAsync()
    {
        using var answer = await _control.PutAsync(new Uri($"/json/new?{_page}", UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }

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

    private async Task<int> PagesAsync()
    {
        var targets = JsonNode.Parse(await _control.GetStringAsync(new Uri("/json/list", UriKind.Relative)))!.AsArray();
        return targets.Count(t => (string?)t!["type"] == "page" && ((string)t["title"]!).EndsWith("· Arw", StringComparison.Ordinal));
    }
}
