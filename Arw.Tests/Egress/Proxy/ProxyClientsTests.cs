using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Arw.Core.Egress;

namespace Arw.Tests.Egress.Proxy;

/// <summary>Programs that know nothing of the home, with its proxy set as programs take it: curl, a fetch in Node.js, and .NET's HttpClient.</summary>
public sealed class ProxyClientsTests(NodeFetch node) : IClassFixture<NodeFetch>
{
    [Theory]
    [InlineData("curl")]
    [InlineData("node")]
    [InlineData("dotnet")]
    public async Task Client_Permitted_GetsItsAnswerAndTheLedgerHasTheBytesOfTheSocket(string client)
    {
        if (Skips(client))
        {
            return;
        }

        using var tls = new TlsTarget("api.test");
        await using var target = tls.Serve(s => AnswerAsync(s, 100_000));
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "https");

        Assert.Equal((true, "200 100000"), await RunAsync(client, proxy, $"https://api.test:{target.Port}/", tls));

        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Ok, "agent:fetcher", "ep1"), (row.Outcome, row.Actor, row.CorrId));
        Assert.Equal((target.Received, target.Sent), (row.BytesOut, row.BytesIn));
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("dotnet")]
    public async Task Client_WithPlainHttp_GetsItsAnswer(string client)
    {
        using var tls = new TlsTarget("api.test");
        await using var target = await LoopbackServer.StartAsync(c => c.Response.Body.WriteAsync(new byte[5000]).AsTask());
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");

        Assert.Equal((true, "200 5000"), await RunAsync(client, proxy, $"http://api.test:{target.Port}/", tls));
        Assert.Equal((EgressOutcome.Ok, "GET", 200), ((await proxy.RowAsync()).Outcome, (await proxy.RowAsync()).Method, (await proxy.RowAsync()).Status));
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("node")]
    [InlineData("dotnet")]
    public async Task Client_Denied_FailsAndNothingIsReached(string client)
    {
        if (Skips(client))
        {
            return;
        }

        using var tls = new TlsTarget("api.test");
        await using var target = tls.Serve(s => AnswerAsync(s, 10));
        await using var proxy = await ProxyHome.StartAsync();

        Assert.False((await RunAsync(client, proxy, $"https://api.test:{target.Port}/", tls)).Ok);

        Assert.Equal("needs_lease", (await proxy.RowAsync()).ReasonCode);
        Assert.Equal(0, target.Connections);
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("node")]
    [InlineData("dotnet")]
    public async Task Client_RevokedWhileItDownloads_IsCut(string client)
    {
        if (Skips(client))
        {
            return;
        }

        var enough = new TaskCompletionSource();
        using var tls = new TlsTarget("api.test");
        await using var target = tls.Serve(async stream =>
        {
            await HeadAsync(stream);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"u8.ToArray());
            for (var sent = 0; ; sent++)
            {
                await stream.WriteAsync(new byte[10_000]);
                if (sent == 100)
                {
                    enough.SetResult();
                }
            }
        });
        await using var proxy = await ProxyHome.StartAsync();
        var lease = await proxy.AllowAsync("api.test", target.Port, "https");

        var running = RunAsync(client, proxy, $"https://api.test:{target.Port}/", tls);
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await proxy.RevokeAsync(lease);

        Assert.False((await running).Ok);
        Assert.Equal((EgressOutcome.Aborted, "permission_withdrawn"), ((await proxy.RowAsync()).Outcome, (await proxy.RowAsync()).ReasonCode));
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("node")]
    [InlineData("dotnet")]
    public async Task Client_ThatAsksForAnotherServerInsideTheTunnel_IsCutBeforeAByteIsSent(string client)
    {
        if (Skips(client))
        {
            return;
        }

        using var tls = new TlsTarget("evil.test");
        await using var target = tls.Serve(s => AnswerAsync(s, 10));
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "https");

        Assert.False((await RunAsync(client, proxy, $"https://api.test:{target.Port}/", tls, "evil.test")).Ok);

        Assert.Equal("server_name_mismatch", (await proxy.RowAsync()).ReasonCode);
        Assert.Equal(0, target.Received);
    }

    // Without npm or its registry there is no program to try; where everything must be there, that is a fault.
    private bool Skips(string client)
    {
        if (client != "node" || node.Missing is not { } missing)
        {
            return false;
        }

        Assert.False(Disks.Needed.Everywhere, missing);
        Console.Error.WriteLine($"A fetch in Node.js through the proxy was not tried: {missing}");
        return true;
    }

    private Task<(bool Ok, string Output)> RunAsync(string client, ProxyHome proxy, string url, TlsTarget tls, string? serverName = null) => client switch
    {
        "curl" => CurlAsync(proxy, url, tls, serverName),
        "node" => node.RunAsync("node", ["fetch.mjs", proxy.Address, url, tls.PemFile, .. serverName is null ? Array.Empty<string>() : [serverName]]),
        _ => DotnetAsync(proxy, url, tls, serverName),
    };

    private static Task<(bool Ok, string Output)> CurlAsync(ProxyHome proxy, string url, TlsTarget tls, string? serverName)
    {
        string[] arguments = ["-sS", "-x", proxy.Address, "--cacert", tls.PemFile, "-o", "/dev/null", "-w", "%{http_code} %{size_download}"];
        if (serverName is null)
        {
            return NodeFetch.RunAsync(Path.GetTempPath(), "curl", [.. arguments, url]);
        }

        // curl then asks the proxy for one host and TLS for the other.
        var to = new Uri(url);
        return NodeFetch.RunAsync(
            Path.GetTempPath(), "curl", [.. arguments, "--connect-to", $"{serverName}:{to.Port}:{to.Host}:{to.Port}", $"https://{serverName}:{to.Port}/"]);
    }

    private static async Task<(bool Ok, string Output)> DotnetAsync(ProxyHome proxy, string url, TlsTarget tls, string? serverName)
    {
        using var handler = new SocketsHttpHandler
        {
            Proxy = new WebProxy($"http://127.0.0.1:{proxy.Port}") { Credentials = new NetworkCredential($"{ProxyHome.Project}+ep1", proxy.Secret) },
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { tls.Certificate }, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        using var http = new HttpClient(handler);
        // HttpClient asks the proxy for the address's host, and TLS for the one in the Host field.
        http.DefaultRequestHeaders.Host = serverName;
        try
        {
            using var answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
            await using var body = await answer.Content.ReadAsStreamAsync();
            var (buffer, sum) = (new byte[64 * 1024], 0L);
            while (await body.ReadAsync(buffer) is > 0 and var read)
            {
                sum += read;
            }

            return (true, string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {sum}"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (false, e.Message);
        }
    }

    private static async Task AnswerAsync(SslStream stream, int length)
    {
        await HeadAsync(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(new byte[length]);
        await stream.ShutdownAsync();
        while (await stream.ReadAsync(new byte[100]) > 0)
        {
        }
    }

    private static async Task HeadAsync(SslStream stream)
    {
        var (head, one) = (new StringBuilder(), new byte[1]);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) == 1)
        {
            head.Append((char)one[0]);
        }
    }
}

/// <summary>A folder with the script and the package of Node.js that speaks to proxies, installed by npm and unchanged.</summary>
public sealed class NodeFetch : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    /// <summary>Why there is nothing to run; null when there is.</summary>
    public string? Missing { get; private set; }

    public async Task InitializeAsync()
    {
        foreach (var file in (string[])["package.json", "package-lock.json", "fetch.mjs"])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Egress", "Proxy", "Node", file), _folder.File(file));
        }

        try
        {
            var (ok, said) = await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
            Missing = ok ? null : $"npm could not install undici: {said}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Missing = $"npm is not installed: {e.Message}";
        }
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Runs a program in the folder.</summary>
    public Task<(bool Ok, string Output)> RunAsync(string program, string[] arguments) => RunAsync(_folder.Path, program, arguments);

    internal static async Task<(bool Ok, string Output)> RunAsync(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode == 0, (said[0] + said[1]).Trim());
    }
}
