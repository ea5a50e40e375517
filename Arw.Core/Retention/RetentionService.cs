using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Retention;

/// <summary>How retention stands in this process: a meter, never journaled.</summary>
/// <param name="State"><c>off</c>, <c>ok</c> or <c>failing</c>.</param>
/// <param name="Last">When the last turn ended; null for none yet.</param>
/// <param name="Report">What it did; null for none yet.</param>
/// <param name="Problem">What is wrong, in words; null when nothing is.</param>
public sealed record RetentionStatus(string State, DateTimeOffset? Last, RetentionReport? Report, string? Problem);

/// <summary>Takes retention's turns while the home runs. Whatever goes wrong is a status, and is tried again.</summary>
public sealed class RetentionService(RetentionTurn turn, RetentionModel model, RetentionOptions options, TimeProvider time, ILogger<RetentionService> log) : BackgroundService
{
    private RetentionStatus? _status;

    /// <summary>How it stands now.</summary>
    public RetentionStatus Status => Volatile.Read(ref _status) ?? new(Wanted ? "ok" : "off", null, null, null);

    private bool Wanted => options.Any || model.Current.Items.Values.Any(p => p.Days is not null);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first a little after the start, which has enough to do.
        for (var wait = TimeSpan.FromMinutes(1); ; wait = options.Every)
        {
            await Task.Delay(wait, time, stoppingToken);
            if (!Wanted)
            {
                continue;
            }

            try
            {
                var report = await turn.RunAsync(null, stoppingToken);
                Volatile.Write(ref _status, new("ok", time.GetUtcNow(), report, null));
                if (report.Segments > 0 || report.Dropped > 0 || report.Expired.Count > 0)
                {
                    log.LogInformation("Retention wrote {Segments} segments, dropped {Dropped} events, erased older payloads of {Projects} projects", report.Segments, report.Dropped, report.Expired.Count);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "Retention could not end its turn; it is tried again");
                Volatile.Write(ref _status, new("failing", time.GetUtcNow(), null, e.Message));
            }
        }
    }
}
