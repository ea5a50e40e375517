using System.Collections.Concurrent;
using Prometheus;

namespace Arw.Web.Api;

/// <summary>How often each route was asked and how long it took. Meters: since start, never journaled.</summary>
public sealed class RouteMeters
{
    private readonly ConcurrentDictionary<string, Meter> _meters = new(StringComparer.Ordinal);
    private readonly Histogram _seconds;

    /// <summary>Meters that also feed the host's registry.</summary>
    public RouteMeters(CollectorRegistry registry) => _seconds = Metrics.WithCustomRegistry(registry).CreateHistogram(
        "arw_route_latency_seconds", "Time to answer a request, by route.", ["route"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 14) });

    /// <summary>What was measured, by route.</summary>
    public IReadOnlyList<RouteMeter> Read() =>
        [.. _meters.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => m.Value.Read(m.Key))];

    internal void Note(string route, double milliseconds, bool error)
    {
        _meters.GetOrAdd(route, static _ => new Meter()).Note(milliseconds, error);
        _seconds.WithLabels(route).Observe(milliseconds / 1000);
    }

    /// <summary>Measures a request. Routes that last as long as their client (streams, circuits) are counted by hits only.</summary>
    internal static async Task Measure(HttpContext context, RequestDelegate next)
    {
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && !IsLong(context))
            {
                var meters = context.RequestServices.GetRequiredService<RouteMeters>();
                meters.Note($"{context.Request.Method} /{pattern.TrimStart('/')}", time.GetElapsedTime(started).TotalMilliseconds, context.Response.StatusCode >= 500);
            }
        }
    }

    private static bool IsLong(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest || context.Response.ContentType == "text/event-stream";

    private sealed class Meter
    {
        private const double Alpha = 0.2;
        private readonly Lock _gate = new();
        private readonly double[] _recent = new double[256];
        private long _hits;
        private long _errors;
        private double _ewma;
        private double _max;

        public void Note(double milliseconds, bool error)
        {
            lock (_gate)
            {
                _recent[_hits % _recent.Length] = milliseconds;
                _ewma = _hits == 0 ? milliseconds : (Alpha * milliseconds) + ((1 - Alpha) * _ewma);
                _max = Math.Max(_max, milliseconds);
                _hits++;
                _errors += error ? 1 : 0;
            }
        }

        public RouteMeter Read(string route)
        {
            lock (_gate)
            {
                var recent = _recent.AsSpan(0, (int)Math.Min(_hits, _recent.Length)).ToArray();
                Array.Sort(recent);
                var p95 = recent[(int)Math.Ceiling(recent.Length * 0.95) - 1];
                return new RouteMeter(route, _hits, _errors, Math.Round(_ewma, 3), Math.Round(p95, 3), Math.Round(_max, 3));
            }
        }
    }
}

/// <summary>Figures of one route since start.</summary>
/// <param name="Route">Method and pattern.</param>
/// <param name="Hits">Requests answered.</param>
/// <param name="Errors">Those answered with 500 or more.</param>
/// <param name="EwmaMs">Moving average of the time, milliseconds.</param>
/// <param name="P95Ms">95th percentile of the last 256, milliseconds.</param>
/// <param name="MaxMs">Longest, milliseconds.</param>
public sealed record RouteMeter(string Route, long Hits, long Errors, double EwmaMs, double P95Ms, double MaxMs);
