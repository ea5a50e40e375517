using System.Globalization;
using Arw.Bench.Append;
using Arw.Bench.Home;
using Arw.Bench.Report;
using Arw.Core.Journal;
using Arw.Core.Otel;

namespace Arw.Bench.Otlp;

/// <summary>Spans a second from one sender that waits for each answer, against a bare append of the same rows and against the Aspire dashboard, in interleaved rounds.</summary>
internal static class OtlpBench
{
    private const int Rounds = 5;
    private const int Spans = 100;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var batches = options.Size(500);
        using var folder = new WorkFolder();
        var (http, grpc) = (Ports.Free(), Ports.Free());
        using var home = await HomeProcess.StartAsync(await PublishedHome.FolderAsync(options), folder.Path, demo: false, (http, grpc));
        using var peer = await AspireDashboard.StartAsync();
        var receivers = new List<(string Name, OtlpSender Sender, List<double> Rates)>
        {
            ("this home, OTLP/HTTP", new OtlpSender(Local(http), grpc: false, BenchHost.Token), []),
            ("this home, OTLP/gRPC", new OtlpSender(Local(grpc), grpc: true, BenchHost.Token), []),
        };
        if (peer is not null)
        {
            receivers.Add(("Aspire dashboard, OTLP/HTTP, in memory", new OtlpSender(peer.Endpoint, grpc: false, null), []));
        }

        var bare = new List<double>();
        var random = new Random(1);
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, sender, rates) in receivers)
            {
                var requests = SpanBatch.Make(batches, Spans, random);
                var rate = batches * Spans / await sender.SendAsync(requests);
                if (name.StartsWith("this", StringComparison.Ordinal))
                {
                    // What is still to be folded would otherwise be paid for by the next receiver.
                    await home.FoldedAsync("steps");
                }

                Note(rates, rate, round);
            }

            using var loop = new BareLoop(Rows(SpanBatch.Make(10, Spans, random)));
            Note(bare, batches * Spans / loop.Run(batches * Spans, Spans), round);
        }

        receivers.ForEach(r => r.Sender.Dispose());
        await home.StopAsync();
        var (append, other) = (Figures.Median(bare), peer is null ? (double?)null : Figures.Median(receivers[^1].Rates));
        return new Table(
            ["receiver", "spans/s", "ratio to bare append", "ratio to the dashboard", "rounds"],
            [
                .. receivers.Select(r => Row(r.Name, r.Rates, append, other)),
                Row("bare append of the same rows, 100 a transaction", bare, append, other),
            ],
            $"{batches} requests of {Spans} spans on one connection, encoded beforehand, each answered before the next is sent; this home answers once they are durable and folds its read models meanwhile. Medians of {Rounds} interleaved rounds."
            + (peer is null ? " The dashboard's package was not to be had." : ""));
    }

    private static void Note(List<double> rates, double rate, int round)
    {
        // The first round warms up.
        if (round > 0)
        {
            rates.Add(rate);
        }
    }

    private static string[] Row(string name, List<double> rates, double bare, double? peer) =>
    [
        name,
        Figures.Number(Figures.Median(rates)),
        $"**{Figures.Ratio(Figures.Median(rates) / bare)}**",
        peer is { } other ? $"**{Figures.Ratio(Figures.Median(rates) / other)}**" : "",
        string.Join(" ", rates.Select(Figures.Number)),
    ];

    // The rows that the home makes of such requests.
    private static List<EventDraft> Rows(byte[][] requests)
    {
        using var writer = new OtelWriter();
        return [.. requests.SelectMany(r => OtlpProtobuf.Read(r, OtelSignal.Traces).Value)
            .SelectMany(g => g.Spans.Select(s => new EventDraft(OtelEvents.Span.Name, writer.Span(s, g), "person:owner")
            {
                Subject = OtelEvents.Subject(s.TraceId, s.SpanId),
                CorrId = OtelEvents.CorrId(s.TraceId),
                SpanId = s.SpanId,
                ParentId = s.ParentId.Length > 0 ? s.ParentId : null,
            }))];
    }

    private static Uri Local(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
