using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Access;
using Arw.Core.Episodes;
using Arw.Core.Otel;
using Arw.Core.State;
using Arw.Tests.Actions;
using CsCheck;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace Arw.Tests.Otel;

public sealed partial class OtelPropertyTests
{
    private static readonly Lazy<byte[]> Recorded = new(Record);

    [Fact]
    public void Protobuf_OfArbitraryBytes_NeverThrows() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            _ = OtlpProtobuf.Read(bytes, OtelSignal.Traces);
            _ = OtlpProtobuf.Read(bytes, OtelSignal.Logs);
        }, iter: 20_000);

    [Fact]
    public void Protobuf_OfDamagedRequests_NeverThrows()
    {
        var request = Recorded.Value;
        Assert.Equal(20, OtlpProtobuf.Read(request, OtelSignal.Traces).Value.Sum(g => g.Spans.Count));
        Gen.Select(Gen.Int[0, request.Length - 1].Array[1, 8], Gen.Byte.Array[8], Gen.Int[0, request.Length]).Sample((at, values, length) =>
        {
            var damaged = request[..Math.Max(length, 1)];
            for (var i = 0; i < at.Length; i++)
            {
                damaged[at[i] % damaged.Length] = values[i];
            }

            using var writer = new OtelWriter();
            foreach (var group in OtlpProtobuf.Read(damaged, OtelSignal.Traces).TryGet(out var groups, out _) ? groups : [])
            {
                foreach (var span in group.Spans)
                {
                    // Whatever came out of it can be written, and is JSON.
                    Assert.NotNull(JsonNode.Parse(writer.Span(span, group)));
                }
            }
        }, iter: 5_000);
    }

    [Fact]
    public void Json_OfDamagedRequests_NeverThrows()
    {
        var request = Encoding.UTF8.GetBytes(OtlpSample.Request(OtlpSample.AgentRun()).ToJsonString());
        Gen.Select(Gen.Int[0, request.Length - 1].Array[1, 4], Gen.Byte[0x20, 0x7E].Array[4]).Sample((at, values) =>
        {
            var damaged = request.ToArray();
            for (var i = 0; i < at.Length; i++)
            {
                damaged[at[i]] = values[i];
            }

            _ = OtlpJson.Read(damaged, OtelSignal.Traces);
        }, iter: 5_000);
    }

    [Fact]
    public async Task Spans_InAnyOrderAndRepeated_FoldToTheSameEpisodes()
    {
        var expected = await DumpAsync([Spans()]);
        Assert.Contains("Travel planner", expected, StringComparison.Ordinal);
        await Gen.Int[0, int.MaxValue].SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var repeated = Spans();
                repeated.AddRange(Spans().Where(_ => random.Next(3) == 0));
                var mixed = repeated.OrderBy(_ => random.Next()).ToList();
                Assert.Equal(expected, await DumpAsync(mixed.Chunk(random.Next(1, 8)).Select(c => c.ToList())));
            },
            iter: 12,
            threads: 1);
    }

    // Two traces: an agent's run, and one whose root never comes, with sub-agents that begin at the same moment.
    private static List<JsonObject> Spans()
    {
        const string Other = "ffffffffffffffffffffffffffffffff";
        return
        [
            .. OtlpSample.AgentRun(),
            OtlpSample.Span(21, 20, "invoke_agent B", 10, 30, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "B")).In(Other),
            OtlpSample.Span(22, 20, "invoke_agent A", 10, 60, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "A")).In(Other).Failed("It broke."),
            OtlpSample.Span(23, 22, "GET /x", 20, 50, ("http.request.method", "GET")).In(Other),
        ];
    }

    private static async Task<string> DumpAsync(IEnumerable<List<JsonObject>> requests)
    {
        await using var home = await new KernelFixture().StartAsync(pump: false);
        var intake = new OtelIntake(home.Journal, home.Get<EpisodesModel>(), home.Get<StateHost>(), new OtelLimits());
        foreach (var spans in requests)
        {
            var body = Encoding.UTF8.GetBytes(OtlpSample.Request([.. spans]).ToJsonString());
            Assert.Equal(default, (await intake.AcceptAsync(OtelSignal.Traces, json: true, body, Principal.Owner, null, default)).Value);
        }

        var state = home.Get<StateHost>();
        await state.WaitForAsync(home.Journal.Head);
        // Only where an episode's last event stands in the journal depends on the order.
        return Sequence().Replace(state.Dump("episodes"), "") + state.Dump("steps");
    }

    [GeneratedRegex("\"seq\":[0-9]+,", RegexOptions.None, 1000)]
    private static partial Regex Sequence();

    // What the SDK's exporter sends.
    private static byte[] Record()
    {
        using var tape = new Tape();
        using var source = new ActivitySource("Arw.Tests.Tape");
        using (Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddOtlpExporter(o =>
        {
            o.Protocol = OtlpExportProtocol.HttpProtobuf;
            o.HttpClientFactory = () => new HttpClient(tape, disposeHandler: false);
        }).Build())
        {
            for (var i = 0; i < 20; i++)
            {
                using var activity = source.StartActivity("chat gpt", ActivityKind.Client, default(ActivityContext));
                activity!.SetTag("gen_ai.operation.name", "chat").SetTag("n", i).SetTag("f", 0.5).SetTag("list", new[] { "a", "b" });
                activity.AddException(new InvalidOperationException("It broke.")).SetStatus(ActivityStatusCode.Error, "It broke.");
            }
        }

        return tape.Bytes;
    }

    private sealed class Tape : HttpMessageHandler
    {
        public byte[] Bytes { get; private set; } = [];

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var copy = new MemoryStream();
            request.Content!.CopyTo(copy, null, cancellationToken);
            Bytes = copy.ToArray();
            return new HttpResponseMessage();
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Send(request, cancellationToken));
    }
}
