using Arw.Core.Access;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Otel;

/// <summary>What an export request carries.</summary>
public enum OtelSignal
{
    /// <summary>Spans.</summary>
    Traces,

    /// <summary>Log records.</summary>
    Logs,
}

/// <summary>How much a home takes from exporters at a time.</summary>
public sealed record OtelLimits
{
    /// <summary>Bytes of requests that may wait to become durable before senders are asked to come back; 64 MiB by default.</summary>
    public long WaitingBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes that the events of one request may have, its program's attributes repeated in each; 32 MiB by default.</summary>
    public long RequestBytes { get; init; } = 32 * 1024 * 1024;
}

/// <summary>What became of a request: all that was not rejected is durable.</summary>
/// <param name="Rejected">Spans or records that were not taken.</param>
/// <param name="Why">Why not; null when all were taken.</param>
public readonly record struct OtelAccepted(int Rejected, string? Why);

/// <summary>Takes export requests: reads, maps, appends, and answers once everything is durable. Spans that come a second time are not written again.</summary>
public sealed class OtelIntake(EventJournal journal, EpisodesModel episodes, StateHost state, OtelLimits limits)
{
    /// <summary>Resource attribute by which a program names its project.</summary>
    public const string ProjectAttribute = "arw.project";

    private long _waiting;

    /// <summary>Bytes of requests that are not durable yet.</summary>
    public long WaitingBytes => Interlocked.Read(ref _waiting);

    /// <summary>Takes a request.</summary>
    /// <param name="signal">What it carries.</param>
    /// <param name="json">Whether it is JSON; else protobuf.</param>
    /// <param name="request">Its bytes, uncompressed.</param>
    /// <param name="principal">Who sends it.</param>
    /// <param name="project">Project for what names none itself; null = the one that the sender is bound to.</param>
    /// <param name="cancel">Gives up waiting before the events are queued.</param>
    public async Task<Result<OtelAccepted>> AcceptAsync(
        OtelSignal signal, bool json, ReadOnlyMemory<byte> request, Principal principal, string? project, CancellationToken cancel)
    {
        // The queue to the disk is kept short by asking senders to wait: what is not acknowledged they send again.
        var waiting = Interlocked.Add(ref _waiting, request.Length);
        if (waiting > limits.WaitingBytes && waiting > request.Length)
        {
            Interlocked.Add(ref _waiting, -request.Length);
            return new Refusal("busy", "More telemetry is waiting to be written than the home takes at a time.", "Send it again in a moment.", 503);
        }

        try
        {
            var read = json ? OtlpJson.Read(request, signal) : OtlpProtobuf.Read(request.Span, signal);
            return read.TryGet(out var groups, out var refusal) ? await AppendAsync(groups, principal, project, cancel) : refusal;
        }
        finally
        {
            Interlocked.Add(ref _waiting, -request.Length);
        }
    }

    private async Task<Result<OtelAccepted>> AppendAsync(List<OtlpGroup> groups, Principal principal, string? project, CancellationToken cancel)
    {
        var admission = new OtelAdmission(journal, episodes, state, principal, project);
        var drafts = new List<EventDraft>();
        Refusal? first = null;
        var rejected = 0;
        long bytes = 0;
        using var writer = new OtelWriter();
        foreach (var group in groups)
        {
            for (var i = 0; i < group.Spans.Count + group.Logs.Count; i++)
            {
                var made = i < group.Spans.Count
                    ? await SpanAsync(group.Spans[i], group, writer, admission, cancel)
                    : await LogAsync(group.Logs[i - group.Spans.Count], group, writer, admission, cancel);
                if (made.TryGet(out var draft, out var refusal))
                {
                    drafts.Add(draft);
                    bytes += draft.Payload.Length;
                }
                else
                {
                    (first, rejected) = (first ?? refusal, rejected + 1);
                }

                if (bytes > limits.RequestBytes)
                {
                    return new Refusal("too_large", $"The events of the request have more than {limits.RequestBytes:N0} bytes, the program's attributes repeated in each.", "Send smaller batches.", 413);
                }
            }
        }

        if (drafts.Count == 0)
        {
            return first is { } all ? all : default(OtelAccepted);
        }

        var appended = await journal.AppendAsync(drafts, null, cancel);
        return appended.Map(_ => new OtelAccepted(rejected, first?.Message));
    }

    private static async ValueTask<Result<EventDraft>> SpanAsync(OtlpSpan span, OtlpGroup group, OtelWriter writer, OtelAdmission admission, CancellationToken cancel)
    {
        if (!IsId(span.TraceId, 32) || !IsId(span.SpanId, 16) || (span.ParentId.Length > 0 && span.ParentId.Length != 16))
        {
            return Refusal.Invalid($"The span \"{Cut(span.Name)}\" has no valid trace, span or parent id.", "Ids are 16 and 8 bytes, not all zero.");
        }

        var corrId = OtelEvents.CorrId(span.TraceId);
        if (!(await admission.AdmitAsync(group, corrId, cancel)).TryGet(out var admitted, out var refusal))
        {
            return refusal;
        }

        // A parent of all zeros is how some senders say that there is none.
        span.ParentId = IsId(span.ParentId, 16) ? span.ParentId : "";
        return new EventDraft(OtelEvents.Span.Name, writer.Span(span, group), admission.Actor)
        {
            Subject = OtelEvents.Subject(span.TraceId, span.SpanId),
            Once = true,
            Project = admitted.Project,
            CorrId = corrId,
            SpanId = span.SpanId,
            ParentId = span.ParentId.Length > 0 ? span.ParentId : null,
            Time = OtelTime.Moment(span.Start),
        };
    }

    private static async ValueTask<Result<EventDraft>> LogAsync(OtlpLog log, OtlpGroup group, OtelWriter writer, OtelAdmission admission, CancellationToken cancel)
    {
        var corrId = IsId(log.TraceId, 32) ? OtelEvents.CorrId(log.TraceId) : null;
        return (await admission.AdmitAsync(group, corrId, cancel)).TryGet(out var admitted, out var refusal)
            ? new EventDraft(OtelEvents.Log.Name, writer.Log(log, group), admission.Actor)
            {
                Project = admitted.Project,
                CorrId = corrId,
                SpanId = corrId is not null && IsId(log.SpanId, 16) ? log.SpanId : null,
                Time = OtelTime.Moment(log.Time == 0 ? log.Observed : log.Time),
            }
            : refusal;
    }

    private static bool IsId(string hex, int length) => hex.Length == length && hex.AsSpan().ContainsAnyExcept('0');

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
