using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Egress;
using Arw.Core.Egress.Dns;
using Arw.Core.Egress.Proxy;
using Arw.Core.State;
using Arw.Tests.Http;
using Arw.Tests.Otel;
using Arw.Web.Features.Egress;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Egress.Proxy;

/// <summary>A whole home with its proxy on a free port, a project and an agent that is bound to it, and a name server of our own: names under .test lead to this machine.</summary>
internal sealed class ProxyHome : IAsyncDisposable
{
    public const string Project = "lab";

    private readonly List<string> _scopes = [];

    private ProxyHome(TestHome home, int port) => (Home, Port) = (home, port);

    public TestHome Home { get; }

    public int Port { get; }

    public string CredentialId { get; private set; } = "";

    public string Secret { get; private set; } = "";

    /// <summary>The proxy's address with the agent's credential, as programs take it from HTTPS_PROXY.</summary>
    public string Address => $"http://{Project}+ep1:{Secret}@127.0.0.1:{Port}";

    public EgressLedger Ledger => Home.Service<EgressLedger>();

    public static async Task<ProxyHome> StartAsync(ProxyLimits? limits = null, Func<string, IPAddress[]>? names = null)
    {
        var (home, port) = await ListenAsync(limits, names);
        var proxy = new ProxyHome(home, port);
        await home.ActAsync("project.create", new JsonObject { ["id"] = Project, ["title"] = "Lab" });
        (proxy.CredentialId, proxy.Secret) = await home.MintAsync("fetcher", PrincipalKind.Agent, [Project]);
        return proxy;
    }

    // A port that was free may be another test's by the time the home listens: then it says so, and another one is tried.
    private static async Task<(TestHome Home, int Port)> ListenAsync(ProxyLimits? limits, Func<string, IPAddress[]>? names)
    {
        while (true)
        {
            var port = OtelHome.FreePort();
            var home = await TestHome.StartAsync(
                services =>
                {
                    services.AddSingleton<HostResolver>((host, _) => Task.FromResult(names?.Invoke(host) ?? [IPAddress.Loopback]));
                    services.AddSingleton<NameLookup>((host, family, _) => Task.FromResult<NameAnswer?>(new(true, [.. (names?.Invoke(host) ?? [IPAddress.Loopback]).Where(a => a.AddressFamily == family)], 60)));
                    services.AddSingleton(limits ?? new ProxyLimits());
                },
                options => options with { ProxyPort = port, RateLimit = 5000 });
            if (home.Service<ProxyListener>().State == ProxyListener.Ok)
            {
                return (home, port);
            }

            await home.DisposeAsync();
        }
    }

    /// <summary>Lets the agent reach a place of this machine: a scope that spells it, and a lease.</summary>
    public async Task<string> AllowAsync(string host, int port, string protocol)
    {
        await ScopeAsync(host, port, protocol);
        return await GrantAsync($"net.http {(protocol == "tcp" ? "*" : protocol)}://{host}:{port}");
    }

    public async Task ScopeAsync(string host, int port, string protocol)
    {
        _scopes.Add(host);
        await Home.ActAsync("egress.scope.set", new JsonObject
        {
            ["id"] = $"s{_scopes.Count}",
            ["hosts"] = new JsonArray(host),
            ["ports"] = new JsonArray(port),
            ["protocols"] = new JsonArray(protocol),
        });
    }

    /// <summary>Grants the agent a lease; answers with its id.</summary>
    public async Task<string> GrantAsync(string capability, string holder = "agent:fetcher", long? bytes = null, string? answers = null)
    {
        var input = new JsonObject { ["capability"] = capability, ["holder"] = holder };
        if (bytes is not null)
        {
            input["limits"] = new JsonObject { ["bytes"] = bytes };
        }

        if (answers is not null)
        {
            input["answers"] = answers;
        }

        return (string)(await Home.ActAsync("policy.lease.grant", input))["output"]!["id"]!;
    }

    public Task RevokeAsync(string lease) => Home.ActAsync("policy.lease.revoke", new JsonObject { ["id"] = lease });

    /// <summary>A plain connection to the proxy.</summary>
    public async Task<Socket> DialAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return socket;
    }

    public string Authorization(string? user = null, string? secret = null) =>
        "Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user ?? $"{Project}+ep1"}:{secret ?? Secret}"));

    /// <summary>Asks for a tunnel; answers with the connection and the head of the answer.</summary>
    public async Task<(Socket Socket, string Head)> ConnectAsync(string authority, string? authorization = null)
    {
        var socket = await DialAsync();
        await socket.SendTextAsync($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{authorization ?? Authorization()}\r\n\r\n");
        return (socket, await socket.ReadHeadAsync());
    }

    /// <summary>A tunnel that must stand.</summary>
    public async Task<Socket> TunnelAsync(string authority)
    {
        var (socket, head) = await ConnectAsync(authority);
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        return socket;
    }

    /// <summary>The newest row once it is as wanted.</summary>
    public async Task<EgressRow> RowAsync(Func<EgressRow, bool>? wanted = null)
    {
        wanted ??= row => row.Outcome != EgressOutcome.Open;
        while (true)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var watch = Home.Service<StateHost>().OnChanged("egress", () => changed.TrySetResult());
            if (Ledger.Rows.Query(new TableQuery { OrderBy = "time" }).FirstOrDefault(wanted) is { } row)
            {
                return row;
            }

            await changed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public ValueTask DisposeAsync() => Home.DisposeAsync();
}

/// <summary>Text over sockets.</summary>
internal static class SocketText
{
    public static async Task SendTextAsync(this Socket socket, string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads up to the empty line, byte by byte, so that what follows stays unread.</summary>
    public static async Task<string> ReadHeadAsync(this Socket socket)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(one) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>Reads to the end; a broken connection throws.</summary>
    public static async Task<string> ReadAllAsync(this Socket socket)
    {
        var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer) is > 0 and var read)
        {
            all.Write(buffer, 0, read);
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }
}
