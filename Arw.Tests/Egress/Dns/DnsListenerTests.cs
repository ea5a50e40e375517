using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Arw.Core.Egress.Dns;
using Arw.Core.State;
using Arw.Tests.Http;
using Arw.Tests.Otel;
using DnsClient;
using DnsClient.Protocol;

namespace Arw.Tests.Egress.Dns;

/// <summary>A whole home with its resolver on a port, asked by real clients, and a real name server behind it that counts.</summary>
public class DnsListenerTests
{
    [Fact]
    public async Task Resolver_AskedByUdpAndTcp_AnswersDecidedNamesOnly()
    {
        await using var home = await ResolverHome.StartAsync((name, _) => IPAddress.Parse("93.184.215.14"));
        await home.ScopeAsync("*.allowed.test");
        foreach (var client in (LookupClient[])[home.Client(tcp: false), home.Client(tcp: true)])
        {
            var answer = await client.QueryAsync("www.allowed.test", QueryType.A);
            Assert.Equal(DnsHeaderResponseCode.NoError, answer.Header.ResponseCode);
            var record = Assert.Single(answer.Answers.OfType<ARecord>());
            Assert.Equal((IPAddress.Parse("93.184.215.14"), 1), (record.Address, record.InitialTimeToLive));
            Assert.Empty((await client.QueryAsync("www.allowed.test", QueryType.AAAA)).Answers);
            Assert.Equal(DnsHeaderResponseCode.Refused, (await client.QueryAsync("www.other.test", QueryType.A)).Header.ResponseCode);
        }

        Assert.Equal((2, 0), (home.Names.Asked("www.allowed.test"), home.Names.Asked("www.other.test")));
        Assert.Equal("no_holder", (await DnsWire.AskAsync(home.Port, DnsWire.Question("www.other.test", extended: true))).Rule);
        var row = await home.RowAsync("www.other.test");
        Assert.Equal((DnsOutcome.Refused, "no_holder", "system:dns"), (row.Lookup.Outcome, row.Lookup.Code, row.Actor));
    }

    [Fact]
    public async Task Resolver_ARebindingName_NeverLeadsInside()
    {
        await using var home = await ResolverHome.StartAsync((_, before) => before % 2 == 0 ? IPAddress.Parse("93.184.215.14") : IPAddress.Parse("169.254.169.254"));
        await home.ScopeAsync("rebind.test");
        var answers = new List<WireAnswer>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await DnsWire.AskAsync(home.Port, DnsWire.Question("rebind.test", extended: true)));
        }

        Assert.Equal(6, home.Names.Asked("rebind.test"));
        Assert.Equal([0, 5, 0, 5, 0, 5], answers.Select(a => a.Code));
        Assert.Equal("address_not_public", answers[1].Rule);
        Assert.DoesNotContain(IPAddress.Parse("169.254.169.254"), answers.SelectMany(a => a.Addresses));
    }

    [Fact]
    public async Task Resolver_UnderRelaxed_AnswersPublicNames()
    {
        await using var home = await ResolverHome.StartAsync((name, _) => name == "inside.test" ? IPAddress.Parse("10.0.0.1") : IPAddress.Parse("93.184.215.14"));
        await home.Home.ActAsync("policy.posture.set", new JsonObject { ["posture"] = "relaxed" });

        Assert.Equal(0, (await DnsWire.AskAsync(home.Port, DnsWire.Question("any.test"))).Code);
        Assert.Equal(5, (await DnsWire.AskAsync(home.Port, DnsWire.Question("inside.test"))).Code);
        Assert.Equal("dns_over_https", (await DnsWire.AskAsync(home.Port, DnsWire.Question("dns.google", extended: true))).Rule);
        Assert.Equal(0, home.Names.Asked("dns.google"));
    }

    [Fact]
    public async Task Resolver_WhatCannotBeRead_IsAnsweredSoOrNotAtAll()
    {
        await using var home = await ResolverHome.StartAsync((_, _) => null);
        byte[] looped = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1];
        Assert.Equal(1, (await DnsWire.AskAsync(home.Port, looped)).Code);

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, home.Port);
        await tcp.GetStream().WriteAsync(new byte[] { 0xff, 0xff, 0, 0 });
        Assert.Equal(0, await tcp.GetStream().ReadAsync(new byte[16]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));

        // It goes on for others.
        Assert.Equal(5, (await DnsWire.AskAsync(home.Port, DnsWire.Question("x.test"))).Code);
    }

    [Fact]
    public async Task Resolver_OneConnection_AsksSeveralQuestions()
    {
        await using var home = await ResolverHome.StartAsync((_, _) => IPAddress.Parse("93.184.215.14"));
        await home.ScopeAsync("*.allowed.test");
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, home.Port);
        var stream = tcp.GetStream();
        byte[] both = [.. Framed(DnsWire.Question("a.allowed.test", id: 1)), .. Framed(DnsWire.Question("b.other.test", id: 2))];
        foreach (var b in both)
        {
            await stream.WriteAsync(new[] { b });
        }

        var codes = new List<int>();
        for (var i = 0; i < 2; i++)
        {
            var length = new byte[2];
            await stream.ReadExactlyAsync(length);
            var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(answer);
            codes.Add(DnsWire.Read(answer).Code);
        }

        Assert.Equal([0, 5], codes);
    }

    [Fact]
    public async Task Resolver_APortThatIsTaken_IsSaidAndLeftOut()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var home = await TestHome.StartAsync(change: o => o with { DnsPort = ((IPEndPoint)other.LocalEndpoint).Port });
        Assert.Equal("port_busy", (string?)JsonNode.Parse(await home.Stranger.GetStringAsync("/healthz"))!["parts"]!["dns_guard"]);
    }

    [Fact]
    public async Task Stop_WhatWasAddedUp_IsWritten()
    {
        await using var home = await ResolverHome.StartAsync((_, _) => IPAddress.Parse("93.184.215.14"));
        for (var i = 0; i < 3; i++)
        {
            await DnsWire.AskAsync(home.Port, DnsWire.Question("x.test"));
        }

        await home.Home.Service<DnsListener>().StopAsync(default);
        Assert.Equal(3, (await home.RowAsync("x.test", r => r.Lookup.Count == 3)).Lookup.Count);
    }

    private static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    private sealed class ResolverHome : IAsyncDisposable
    {
        private ResolverHome(TestHome home, RebindingNameServer names, int port) => (Home, Names, Port) = (home, names, port);

        public TestHome Home { get; }

        public RebindingNameServer Names { get; }

        public int Port { get; }

        public static async Task<ResolverHome> StartAsync(Func<string, int, IPAddress?> answer)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = OtelHome.FreePort();
            var home = await TestHome.StartAsync(change: o => o with { DnsPort = port, DnsUpstream = [(IPEndPoint)socket.LocalEndPoint!] });
            return new ResolverHome(home, new RebindingNameServer(socket, answer), port);
        }

        public LookupClient Client(bool tcp) => new(new LookupClientOptions(new NameServer(IPAddress.Loopback, Port)) { UseCache = false, UseTcpOnly = tcp, Retries = 0, Timeout = TimeSpan.FromSeconds(30) });

        public Task ScopeAsync(string host) => Home.ActAsync("egress.scope.set", new JsonObject { ["id"] = "s", ["hosts"] = new JsonArray(host) });

        public async Task<DnsRow> RowAsync(string name, Func<DnsRow, bool>? wanted = null)
        {
            while (true)
            {
                var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var watch = Home.Service<StateHost>().OnChanged("dns", () => changed.TrySetResult());
                var rows = Home.Service<DnsLookups>().Rows.Query(new TableQuery { Where = [new("name", Op.Equal, name)] });
                if (rows.FirstOrDefault(wanted ?? (_ => true)) is { } row)
                {
                    return row;
                }

                await changed.Task.WaitAsync(TimeSpan.FromSeconds(30));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Home.DisposeAsync();
            await Names.DisposeAsync();
        }
    }
}
