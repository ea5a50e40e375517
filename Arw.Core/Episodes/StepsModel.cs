using System.Text.Json;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Episodes;

/// <summary>A step that an outside source reports of an episode: it has a span, a beginning and an end.</summary>
/// <param name="Id">Its span.</param>
/// <param name="CorrId">Its episode.</param>
/// <param name="Title">What it worked on: a tool, a model, a route.</param>
/// <param name="Actor">Who reported it.</param>
public sealed record StepRow(string Id, string CorrId, string Title, string Actor)
{
    /// <summary>What was done, one word: <c>chat</c>, <c>execute_tool</c>, <c>client</c>.</summary>
    public string Op { get; init; } = "";

    /// <summary>The program that did it; null when it did not say.</summary>
    public string? Source { get; init; }

    /// <summary>The span above it; null for none.</summary>
    public string? ParentId { get; init; }

    /// <summary>Project; null for none.</summary>
    public string? Project { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset End { get; init; }

    /// <summary>True when it ended with an error.</summary>
    public bool Failed { get; init; }

    /// <summary>The error in the source's words; null for none.</summary>
    public string? Error { get; init; }

    /// <summary>Tokens that a model read in it.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens that a model wrote in it.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Its known cost in micro-USD.</summary>
    public long CostMicroUsd { get; init; }

    /// <summary>Subject of its event; null for none.</summary>
    public string? Subject { get; init; }
}

/// <summary>What outside sources did in episodes, step by step: every outside event that has a span and an <c>end</c>. <c>/state/steps</c>. A step that is reported again stays as it was.</summary>
public sealed class StepsModel : TableModel<StepRow>
{
    /// <inheritdoc/>
    public override string Id => "steps";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<StepRow>> Columns { get; } =
    [
        new("time", s => s.Start),
        new("corr_id", s => s.CorrId),
        new("project", s => s.Project),
        new("op", s => s.Op),
        new("failed", s => s.Failed),
    ];

    /// <summary>Key of a step's row.</summary>
    public static string Key(string corrId, string spanId) => $"{corrId}/{spanId}";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<StepRow> rows, JournalEvent e)
    {
        if (e is not { CorrId: { } corrId, SpanId: { } spanId } || !e.Kind.StartsWith("ext.", StringComparison.Ordinal))
        {
            return;
        }

        using var payload = e.ParsePayload();
        var body = payload.RootElement;
        var facts = EpisodeFacts.Of(e, body);
        var key = Key(corrId, spanId);
        if (facts.End is not { } end || rows.Find(key) is not null)
        {
            return;
        }

        rows.Put(key, new StepRow(spanId, corrId, EpisodeFacts.Text(body, "title") ?? e.Kind, e.Actor)
        {
            Op = EpisodeFacts.Text(body, "op") ?? e.Kind,
            Source = EpisodeFacts.Text(body, "source"),
            ParentId = e.ParentId,
            Project = e.Project,
            Start = e.Time,
            End = end > e.Time ? end : e.Time,
            Failed = EpisodeRollup.IsError(e.Kind, body),
            Error = Reason(body),
            InputTokens = facts.InputTokens,
            OutputTokens = facts.OutputTokens,
            CostMicroUsd = facts.CostMicroUsd,
            Subject = e.Subject,
        });
    }

    private static string? Reason(JsonElement body) =>
        EpisodeFacts.Text(body, "error") ?? (body.TryGetProperty("error", out var error) ? EpisodeFacts.Text(error, "message") : null);
}
