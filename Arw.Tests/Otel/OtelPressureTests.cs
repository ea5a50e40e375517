using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Otel;
using Arw.Tests.Http;
using Arw.Web.Features.Otel;
using Arw.Web.Hosting;
using Microsoft.Data.Sqlite;

namespace Arw.Tests.Otel;

/// <summary>What a sender is told when the home cannot take more, over both protocols, and what the ports do.</summary>
public sealed class OtelPressureTests
{
    [Fact]
    public async Task Senders_WhileNothingCanBeWritten_AreAskedToComeBackAndNothingAcknowledgedIsLost()
    {
        await using var home = await OtelHome.StartAsync(new OtelLimits { WaitingBytes = 1000 });
        using var other = new SqliteConnection($"Data Source={home.Home.Service<Core.Journal.JournalOptions>().JournalPath};Pooling=False");
        other.Open();
        using var transaction = other.BeginTransaction(deferred: false);

        // The first waits for the disk; what comes meanwhile is more than may wait.
        var first = home.SendJsonAsync(Large(1));
        while (home.Home.Service<OtelIntake>().WaitingBytes == 0)
        {
            await Task.Yield();
        }

        using var busy = await home.SendJsonAsync(Large(2));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (busy.StatusCode, busy.Headers.RetryAfter?.Delta));
        Assert.Equal(14, (int)JsonNode.Parse(await busy.Content.ReadAsStringAsync())!["code"]!);

        var (status, trailers) = await GrpcAsync(home, home.Token, Frame(Protobuf(2000)));
        Assert.Equal((HttpStatusCode.OK, "14"), (status, trailers["grpc-status"]));
        var details = Encoding.Latin1.GetString(Convert.FromBase64String(Padded(trailers["grpc-status-details-bin"])));
        Assert.Contains("type.googleapis.com/google.rpc.RetryInfo", details, StringComparison.Ordinal);

        Assert.False(first.IsCompleted);
        transaction.Rollback();
        using var taken = await first;
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var again = await home.SendJsonAsync(Large(2));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal([OtlpSample.Id(1), OtlpSample.Id(2)], home.Events().Select(e => e.SpanId));
    }

    [Fact]
    public async Task Rate_AboveTheLimit_IsRefusedWithATimeInBothProtocols()
    {
        await using var home = await OtelHome.StartAsync(change: o => o with { RateLimit = 1 });
        HttpResponseMessage answer;
        do
        {
            answer = await home.SendJsonAsync(OtlpSample.Request());
        }
        while (answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);

        var (_, trailers) = await GrpcAsync(home, home.Token, Frame([]));
        Assert.Equal("8", trailers["grpc-status"]);
        Assert.Contains("RetryInfo", Encoding.Latin1.GetString(Convert.FromBase64String(Padded(trailers["grpc-status-details-bin"]))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grpc_WhatCannotBeTaken_EndsWithItsStatus()
    {
        await using var home = await OtelHome.StartAsync();
        async Task<string> StatusAsync(string token, byte[] body, string path = OtelPaths.TracesService) => (await GrpcAsync(home, token, body, path)).Trailers["grpc-status"];

        Assert.Equal("0", await StatusAsync(home.Token, Frame([])));
        Assert.Equal("16", await StatusAsync("arw_agent_nobody", Frame([])));
        Assert.Equal("3", await StatusAsync(home.Token, Frame("no protobuf"u8.ToArray())));
        Assert.Equal("3", await StatusAsync(home.Token, [0, 0, 0, 0, 9, 1]));
        Assert.Equal("8", await StatusAsync(home.Token, Frame(new byte[5_000_000])));
        Assert.Equal("12", await StatusAsync(home.Token, Frame([]), "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"));
        Assert.Empty(home.Events());
    }

    [Fact]
    public async Task Ports_OfTheIntake_ServeNothingElse()
    {
        await using var home = await OtelHome.StartAsync();
        using var page = await home.Exporter.GetAsync(new Uri("/healthz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        var health = JsonNode.Parse(await home.Home.Stranger.GetStringAsync(new Uri("/healthz", UriKind.Relative)))!["parts"]!;
        Assert.Equal(("ok", "ok"), ((string?)health["otlp_http"], (string?)health["otlp_grpc"]));

        // The home's own port takes exports too, so that a proxy needs to know one address only.
        using var agent = home.Home.Client(home.Token);
        using var taken = await agent.PostAsync(new Uri("/v1/traces", UriKind.Relative), TestHome.Json(OtlpSample.Request(OtlpSample.AgentRun())));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact]
    public async Task Port_ThatIsBusy_DoesNotKeepTheHomeFromStarting()
    {
        using var squatter = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        squatter.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        squatter.Listen();
        var port = ((IPEndPoint)squatter.LocalEndPoint!).Port;
        await using var home = await TestHome.StartAsync(change: o => o with { OtlpHttpPort = port });
        var health = JsonNode.Parse(await home.Stranger.GetStringAsync(new Uri("/healthz", UriKind.Relative)))!;
        Assert.Equal(("ok", "port_busy", "off"), ((string?)health["status"], (string?)health["parts"]!["otlp_http"], (string?)health["parts"]!["otlp_grpc"]));
    }

    [Fact]
    public void Options_OfTheIntake_AreChecked()
    {
        Assert.Contains("ARW_OTLP_HTTP_PORT", Problems(new ArwOptions { OtlpHttpPort = 8090 }), StringComparison.Ordinal);
        Assert.Contains("ARW_OTLP_GRPC_PORT", Problems(new ArwOptions { Port = 4317 }), StringComparison.Ordinal);
        Assert.Contains("ARW_OTLP_BIND", Problems(new ArwOptions { OtlpBind = IPAddress.Any }), StringComparison.Ordinal);
        Assert.Empty(Problems(new ArwOptions()));

        static string Problems(ArwOptions options) => string.Join('\n', OptionsReader.Problems(options));
    }

    private static JsonObject Large(int id) => OtlpSample.Request(OtlpSample.Span(id, null, new string('x', 900), 0, 1));

    // One resource with an unknown field of that many bytes.
    private static byte[] Protobuf(int size) => [0x9A, 0x06, (byte)((size & 0x7F) | 0x80), (byte)(size >> 7), .. new byte[size]];

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static string Padded(string base64) => base64.PadRight((base64.Length + 3) / 4 * 4, '=');

    private static async Task<(HttpStatusCode Status, Dictionary<string, string> Trailers)> GrpcAsync(OtelHome home, string token, byte[] body, string path = OtelPaths.TracesService)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{home.GrpcPort}{path}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TE.ParseAdd("trailers");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var answer = await client.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        return (answer.StatusCode, answer.TrailingHeaders.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }
}
