using System.Diagnostics;
using Arw.Core.Episodes;
using Arw.Core.Otel;
using Arw.Core.State;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Arw.Tests.Otel;

/// <summary>The OpenTelemetry SDK's own exporter, unchanged, against a whole home.</summary>
public sealed class OtelExporterTests
{
    private const int Traces = 500;
    private const int SpansPerTrace = 100;
    private const int Spans = Traces * SpansPerTrace;

    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task Export_FiftyThousandSpans_ArriveCompleteAndOnce(OtlpExportProtocol protocol)
    {
        await using var home = await OtelHome.StartAsync();
        var sourceName = $"Arw.Tests.{protocol}";
        using var source = new ActivitySource(sourceName);
        using (var provider = Provider(home, protocol, sourceName))
        {
            for (var trace = 0; trace < Traces; trace++)
            {
                Trace(source);
            }

            Assert.True(provider.ForceFlush(120_000));
        }

        var events = home.Events(OtelEvents.Span.Name);
        Assert.Equal(Spans, events.Count);
        Assert.Equal(Spans, events.Select(e => e.Subject).Distinct(StringComparer.Ordinal).Count());
        Assert.All(events, e => Assert.Equal(("agent:tracer", OtelHome.Project), (e.Actor, e.Project)));

        await home.CaughtUpAsync();
        var episodes = home.Home.Service<EpisodesModel>().Rows.Query(new TableQuery { Limit = Traces + 1, Where = [new("project", Op.Equal, OtelHome.Project)] });
        var traces = episodes.Where(e => e.Id.StartsWith("otel:", StringComparison.Ordinal)).ToList();
        Assert.Equal(Traces, traces.Count);
        Assert.All(traces, e => Assert.Equal(("plan", EpisodeStatus.Completed, SpansPerTrace), (e.Title, e.Status, e.Count)));
        Assert.Equal(Spans, home.Home.Service<StepsModel>().Rows.Count(new TableQuery()));
    }

    internal static TracerProvider Provider(OtelHome home, OtlpExportProtocol protocol, string sourceName) => Sdk.CreateTracerProviderBuilder()
        .AddSource(sourceName)
        .ConfigureResource(r => r.AddService("planner"))
        .AddOtlpExporter(exporter =>
        {
            // More than are made before the exporter's thread comes to send: the SDK drops what its queue does not hold.
            exporter.BatchExportProcessorOptions.MaxQueueSize = 2 * Spans;
            exporter.Protocol = protocol;
            exporter.Endpoint = protocol == OtlpExportProtocol.Grpc
                ? new Uri($"http://127.0.0.1:{home.GrpcPort}")
                : new Uri($"http://127.0.0.1:{home.HttpPort}{(protocol == OtlpExportProtocol.HttpProtobuf ? "/v1/traces" : "")}");
            exporter.Headers = $"x-arw-token={home.Token}";
            exporter.TimeoutMilliseconds = 60_000;
        })
        .Build();

    private static void Trace(ActivitySource source)
    {
        using var root = source.StartActivity("plan", ActivityKind.Server, default(ActivityContext));
        for (var i = 1; i < SpansPerTrace; i++)
        {
            using var step = source.StartActivity($"step {i}", ActivityKind.Internal);
            step!.SetTag("i", i);
        }
    }
}
