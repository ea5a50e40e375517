using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Otel;
using Arw.Core.State;
using Arw.Tests.Http;
using Arw.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Otel;

/// <summary>A home that listens for exporters on free ports, with a project and an agent that is bound to it.</summary>
internal sealed class OtelHome : IAsyncDisposable
{
    public const string Project = "lab";

    private OtelHome(TestHome home, int http, int grpc, string token)
    {
        (Home, HttpPort, GrpcPort, Token) = (home, http, grpc, token);
        Exporter = Client(token);
    }

    public TestHome Home { get; }

    public int HttpPort { get; }

    public int GrpcPort { get; }

    /// <summary>The agent's token.</summary>
    public string Token { get; }

    /// <summary>Sends to the HTTP port with the agent's token.</summary>
    public HttpClient Exporter { get; }

    public EventJournal Journal => Home.Service<EventJournal>();

    public static async Task<OtelHome> StartAsync(OtelLimits? limits = null, Func<ArwOptions, ArwOptions>? change = null)
    {
        var (http, grpc) = (FreePort(), FreePort());
        var home = await TestHome.StartAsync(
            services =>
            {
                if (limits is not null)
                {
                    services.AddSingleton(limits);
                }
            },
            options => (change ?? (o => o))(options with { OtlpHttpPort = http, OtlpGrpcPort = grpc }));
        await home.ActAsync("project.create", new JsonObject { ["id"] = Project, ["title"] = "Lab" });
        return new OtelHome(home, http, grpc, (await home.MintAsync("tracer", PrincipalKind.Agent, [Project])).Secret);
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public HttpClient Client(string? token)
    {
        var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(30) }) { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}") };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    public Task<HttpResponseMessage> SendJsonAsync(JsonNode request, string path = "/v1/traces") => Exporter.PostAsync(new Uri(path, UriKind.Relative), TestHome.Json(request));

    public async Task<EpisodeRow?> EpisodeAsync(string traceId)
    {
        await CaughtUpAsync();
        return Home.Service<EpisodesModel>().Rows.Find(OtelEvents.CorrId(traceId));
    }

    public async Task CaughtUpAsync() => await Home.Service<StateHost>().WaitForAsync(Journal.Head);

    public IReadOnlyList<JournalEvent> Events(string prefix = "ext.otel.") => Journal.Read(0, new EventFilter { Prefixes = [prefix] }, int.MaxValue);

    public async ValueTask DisposeAsync()
    {
        Exporter.Dispose();
        await Home.DisposeAsync();
    }
}
