using System.Text.Json;
using Prometheus;

namespace Arw.Web.Hosting.Protection;

/// <summary>Counts what the content security policy stopped in browsers. A meter: anybody can send a report, so none is journaled.</summary>
public sealed class CspReports
{
    private const int Kept = 50;
    private const int MaxBytes = 64 * 1024;
    private readonly Queue<string> _recent = new();
    private readonly Counter _counter;

    /// <summary>A counter in the host's registry.</summary>
    public CspReports(CollectorRegistry registry) =>
        _counter = Metrics.WithCustomRegistry(registry).CreateCounter("arw_csp_reports_total", "Reports of the content security policy.");

    /// <summary>Reports since start.</summary>
    public long Count => (long)_counter.Value;

    /// <summary>The newest reports as the browsers sent them, oldest first, at most fifty.</summary>
    public IReadOnlyList<string> Recent
    {
        get
        {
            lock (_recent)
            {
                return [.. _recent];
            }
        }
    }

    /// <summary>Maps the route that takes reports.</summary>
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(SecurityHeaders.ReportPath, async (HttpContext context, CspReports reports, ILogger<CspReports> log) =>
            {
                var buffer = new byte[MaxBytes];
                var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
                if (!IsJson(buffer.AsMemory(0, length)))
                {
                    return Results.BadRequest();
                }

                var report = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
                reports.Add(report);
                log.LogWarning("A browser reports a violation of the content security policy: {Report}", report.ReplaceLineEndings(" "));
                return Results.NoContent();
            })
            .AllowAnonymous()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithSummary("Takes a browser's report of what the content security policy stopped.")
            .WithTags("home");

    private void Add(string report)
    {
        _counter.Inc();
        lock (_recent)
        {
            _recent.Enqueue(report);
            if (_recent.Count > Kept)
            {
                _recent.Dequeue();
            }
        }
    }

    private static bool IsJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
