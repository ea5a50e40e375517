using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Journal;

namespace Arw.Core.Episodes;

/// <summary>How one event changes an episode's figures and status.</summary>
internal static class EpisodeRollup
{
    private static readonly string[] ErrorWords = [".error", ".failed", ".denied", ".refused", ".panic"];

    public static EpisodeRow Add(EpisodeRow row, JournalEvent e)
    {
        using var payload = e.ParsePayload();
        var body = payload.RootElement;
        var facts = EpisodeFacts.Of(e, body);
        row = Words(Lives(row, e), e, facts) with
        {
            Start = e.Time < row.Start ? e.Time : row.Start,
            Last = Latest(Latest(row.Last, e.Time), facts.End ?? e.Time),
            Count = row.Count + 1,
            Errors = row.Errors + (IsError(e.Kind, body) ? 1 : 0),
            LastKind = e.Kind,
            Seq = e.Seq,
            Project = row.Project ?? e.Project,
            Actors = row.Actors.Count < 16 && !row.Actors.Contains(e.Actor) ? row.Actors.Add(e.Actor) : row.Actors,
            Kinds = row.Kinds.Count < 64 && !row.Kinds.Contains(e.Kind) ? row.Kinds.Add(e.Kind) : row.Kinds,
            InputTokens = row.InputTokens + facts.InputTokens,
            OutputTokens = row.OutputTokens + facts.OutputTokens,
            CostUsdMicros = row.CostUsdMicros + facts.CostMicroUsd,
            CostUnknown = row.CostUnknown || facts.CostUnknown,
            BytesOut = row.BytesOut + (e.Kind == "egress.closed" ? Number(body, "bytes_out") : 0),
            BytesIn = row.BytesIn + (e.Kind == "egress.closed" ? Number(body, "bytes_in") : 0),
        };
        var status = StatusOf(row);
        return row with
        {
            Status = status,
            DurationMs = (long)(row.Last - row.Start).TotalMilliseconds,
            End = status is EpisodeStatus.Running or EpisodeStatus.Waiting or EpisodeStatus.Observed ? null : row.Last,
        };
    }

    /// <summary>An event that tells of an error: by its kind, or by what its payload says.</summary>
    public static bool IsError(string kind, JsonElement body)
    {
        if (ErrorWords.Any(w => kind.Contains(w, StringComparison.Ordinal)))
        {
            return true;
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        return (body.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String && status.GetString() is "error" or "failed" or "denied" or "panic")
            || (body.TryGetProperty("level", out var level) && level.ValueKind == JsonValueKind.String && level.GetString() == "error")
            || (body.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.False)
            || (body.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null)
            || (body.TryGetProperty("err", out var err) && err.ValueKind != JsonValueKind.Null);
    }

    // What outside events say of the whole; the home's own actions decide where there are any.
    private static EpisodeRow Words(EpisodeRow row, JournalEvent e, in EpisodeFacts facts)
    {
        if (facts.Title is { } title && new EpisodeWord(facts.TitleRank, e.Time, e.SpanId ?? "") is var naming && naming.Precedes(row.TitleFrom))
        {
            row = row with { Title = title, TitleFrom = naming };
        }

        return facts.Outcome is { } outcome && new EpisodeWord(facts.OutcomeRank, e.Time, e.SpanId ?? "") is var ending && ending.Precedes(row.OutcomeFrom)
            ? row with { Outcome = outcome, OutcomeFrom = ending }
            : row;
    }

    private static DateTimeOffset Latest(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static EpisodeRow Lives(EpisodeRow row, JournalEvent e)
    {
        if (!e.Kind.StartsWith("actions.", StringComparison.Ordinal) || e.Subject is null)
        {
            return row;
        }

        var id = e.Subject["action:".Length..];
        ActionState? now = e.Kind switch
        {
            _ when ActionEvents.Submitted.Is(e) => ActionState.Proposed,
            _ when ActionEvents.Waiting.Is(e) => ActionState.Waiting,
            _ when ActionEvents.Queued.Is(e) || ActionEvents.Released.Is(e) => ActionState.Queued,
            _ when ActionEvents.Running.Is(e) => ActionState.Running,
            _ => null,
        };
        if (now is { } state)
        {
            return row with { Live = row.Live.SetItem(id, state) };
        }

        ActionState? end = e.Kind switch
        {
            _ when ActionEvents.Completed.Is(e) => ActionState.Completed,
            _ when ActionEvents.Failed.Is(e) => ActionState.Failed,
            _ when ActionEvents.Refused.Is(e) => ActionState.Refused,
            _ when ActionEvents.Cancelled.Is(e) => ActionState.Cancelled,
            _ => null,
        };
        return end is null
            ? row
            : row with { Live = row.Live.Remove(id), Ended = e.ParentId is null ? end : row.Ended };
    }

    private static EpisodeStatus StatusOf(EpisodeRow row)
    {
        if (row.Live.Values.Any(s => s == ActionState.Waiting))
        {
            return EpisodeStatus.Waiting;
        }

        if (row.Live.Count > 0)
        {
            return EpisodeStatus.Running;
        }

        return (row.Ended ?? row.Outcome) switch
        {
            null => EpisodeStatus.Observed,
            ActionState.Completed => EpisodeStatus.Completed,
            ActionState.Refused => EpisodeStatus.Refused,
            ActionState.Cancelled => EpisodeStatus.Cancelled,
            _ => EpisodeStatus.Failed,
        };
    }

    private static long Number(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;
}
