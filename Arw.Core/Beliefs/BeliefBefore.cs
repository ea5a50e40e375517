namespace Arw.Core.Beliefs;

/// <summary>How a belief stood before a diff touched it: what undoing the diff puts back.</summary>
/// <param name="Diff">The diff.</param>
/// <param name="Row">The belief then; null when there was none.</param>
public sealed record BeliefBefore(string Diff, BeliefRow? Row = null)
{
    // Diffs on top of each other are undone from the newest on; more than this many are not kept.
    private const int MaxKept = 4;

    /// <summary>What to keep while an event of a diff changes a belief; null for an event of no diff, after which nothing is there to be undone.</summary>
    /// <param name="now">The belief before the event; null when there is none.</param>
    /// <param name="diff">The event's diff; null for none.</param>
    public static BeliefBefore? Of(BeliefRow? now, string? diff) =>
        diff is null ? null
        : now?.Before is { } begun && begun.Diff == diff ? begun
        : new(diff, now is null ? null : Shorten(now, MaxKept - 1));

    private static BeliefRow Shorten(BeliefRow row, int left) =>
        row.Before is not { } before ? row
        : left == 0 ? row with { Before = null }
        : row with { Before = before with { Row = before.Row is { } older ? Shorten(older, left - 1) : null } };
}
