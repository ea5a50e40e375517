using Prometheus;

namespace Arw.Web.Streaming;

/// <summary>Figures of the event stream since start.</summary>
internal sealed class StreamMeters
{
    private readonly Gauge _clients;
    private readonly Counter _connections;
    private readonly Counter.Child _sent;
    private readonly Counter _errors;
    private readonly Counter _gaps;

    /// <summary>Meters in the host's registry.</summary>
    public StreamMeters(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        _clients = factory.CreateGauge("arw_events_sse_clients", "Streams open now.");
        _connections = factory.CreateCounter("arw_events_sse_connections_total", "Streams opened, by how they began.", ["mode"]);
        _sent = factory.CreateCounter("arw_events_sse_sent_total", "Events sent; decorated ones are in another envelope.", ["decorated"]).WithLabels("false");
        _errors = factory.CreateCounter("arw_events_sse_errors_total", "Streams that failed, by where: request or stream.", ["stage"]);
        _gaps = factory.CreateCounter("arw_bus_gaps_total", "Ranges that retention had removed before a subscriber came for them.");
        _errors.WithLabels("request");
        _errors.WithLabels("stream");
    }

    public void Opened(string mode)
    {
        _connections.WithLabels(mode).Inc();
        _clients.Inc();
    }

    public void Closed() => _clients.Dec();

    public void Sent(int events) => _sent.Inc(events);

    public void Gap() => _gaps.Inc();

    public void Failed(string stage) => _errors.WithLabels(stage).Inc();
}
