using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Journal;

namespace Arw.Core.Episodes;

/// <summary>What one event says about its episode: the members that the rollup understands in any payload. Tolerant, because outside sources write what they like: what does not fit is not there.</summary>
internal readonly record struct EpisodeFacts
{
    private const string Outside = "ext.";
    private const int LongestTitle = 200;

    // A title without a rank is the name of a step; it stands in until something speaks for the whole.
    private const int StepRank = 100;

    /// <summary><c>input_tokens</c>.</summary>
    public long InputTokens { get; private init; }

    /// <summary><c>output_tokens</c>.</summary>
    public long OutputTokens { get; private init; }

    /// <summary><c>cost_micro_usd</c>, or <c>cost_usd_micros</c> as older clients spell it.</summary>
    public long CostMicroUsd { get; private init; }

    /// <summary><c>cost_unknown</c>.</summary>
    public bool CostUnknown { get; private init; }

    /// <summary><c>end</c> of an outside event: when what began at its time was over; null when it only happened.</summary>
    public DateTimeOffset? End { get; private init; }

    /// <summary><c>episode.title</c> of an outside event, else its own <c>title</c>.</summary>
    public string? Title { get; private init; }

    /// <summary><c>episode.title_rank</c>: the lowest title is the episode's.</summary>
    public int TitleRank { get; private init; }

    /// <summary><c>episode.outcome</c> of an outside event: <c>completed</c>, <c>failed</c> or <c>cancelled</c>; null when it does not say how the episode ended.</summary>
    public ActionState? Outcome { get; private init; }

    /// <summary><c>episode.outcome_rank</c>: the lowest outcome is the episode's.</summary>
    public int OutcomeRank { get; private init; }

    /// <summary>Reads them.</summary>
    public static EpisodeFacts Of(JournalEvent e, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        var facts = new EpisodeFacts
        {
            InputTokens = Amount(body, "input_tokens"),
            OutputTokens = Amount(body, "output_tokens"),
            CostMicroUsd = Amount(body, "cost_micro_usd") + Amount(body, "cost_usd_micros"),
            CostUnknown = body.TryGetProperty("cost_unknown", out var unknown) && unknown.ValueKind == JsonValueKind.True,
        };
        if (!e.Kind.StartsWith(Outside, StringComparison.Ordinal))
        {
            return facts;
        }

        body.TryGetProperty("episode", out var episode);
        return facts with
        {
            End = Moment(body, "end"),
            Title = Text(episode, "title") ?? Text(body, "title"),
            TitleRank = Text(episode, "title") is null ? StepRank : Rank(episode, "title_rank"),
            Outcome = Text(episode, "outcome") switch
            {
                "completed" => ActionState.Completed,
                "failed" => ActionState.Failed,
                "cancelled" => ActionState.Cancelled,
                _ => null,
            },
            OutcomeRank = Rank(episode, "outcome_rank"),
        };
    }

    /// <summary>A text member; null when it is none, or empty.</summary>
    internal static string? Text(JsonElement body, string name)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } text)
        {
            return null;
        }

        return text.Length <= LongestTitle ? text : text[..LongestTitle] + "…";
    }

    private static DateTimeOffset? Moment(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? Primitives.Rfc3339.Truncate(time) : null;

    // Amounts are sums of what happened: nothing takes back what another event counted.
    private static long Amount(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? Math.Clamp(number, 0, 1L << 40) : 0;

    private static int Rank(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? Math.Clamp(number, 0, StepRank) : StepRank;
}

/// <summary>Which event an episode has its title or outcome from. The lowest wins, so that the order in which events arrive does not matter.</summary>
/// <param name="Rank">How much the event speaks for the whole; lowest first. -1 = the home's own word.</param>
/// <param name="Time">Its time.</param>
/// <param name="Key">Its span; breaks ties.</param>
public sealed record EpisodeWord(int Rank, DateTimeOffset Time, string Key)
{
    /// <summary>The home's own word: nothing from outside comes before it.</summary>
    public static EpisodeWord OfHome { get; } = new(-1, DateTimeOffset.UnixEpoch, "");

    /// <summary>Whether this word is to be taken before another; null = there is no other yet.</summary>
    public bool Precedes(EpisodeWord? other) => other is null || Compare(other) < 0;

    private int Compare(EpisodeWord other) =>
        Rank != other.Rank ? Rank.CompareTo(other.Rank)
        : Time != other.Time ? Time.CompareTo(other.Time)
        : string.CompareOrdinal(Key, other.Key);
}
