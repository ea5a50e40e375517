using Arw.Core.Actions;

namespace Arw.Web.Features.Episodes;

/// <summary>A row of the waterfall: an action with its place in the tree and in time.</summary>
/// <param name="Action">The action.</param>
/// <param name="Depth">Levels below the episode's first action.</param>
/// <param name="Left">Start of the bar, percent of the whole.</param>
/// <param name="Width">Length of the bar, percent of the whole; null for an action that has not begun.</param>
/// <param name="Duration">How long it ran or has been waiting; null for an action that has not begun.</param>
public sealed record WaterfallRow(ActionRow Action, int Depth, double Left, double? Width, TimeSpan? Duration);

/// <summary>An episode's actions laid out in time: parents above their children, children in the order of their making.</summary>
public sealed record Waterfall(IReadOnlyList<WaterfallRow> Rows, DateTimeOffset Start, TimeSpan Span, IReadOnlyList<TimeSpan> Ticks)
{
    private const double LeastWidth = 0.4;
    private const int TickCount = 5;

    /// <summary>Lays actions out.</summary>
    /// <param name="actions">All actions of the episode, in any order.</param>
    /// <param name="now">Where bars of what still runs end.</param>
    /// <param name="errorsFirst">What failed or was refused before everything else, without the tree.</param>
    public static Waterfall Of(IReadOnlyCollection<ActionRow> actions, DateTimeOffset now, bool errorsFirst = false)
    {
        if (actions.Count == 0)
        {
            return new([], now, TimeSpan.Zero, []);
        }

        var start = actions.Min(a => a.Created);
        var end = actions.Max(a => a.Ended ?? now);
        var span = Round(end > start ? end - start : TimeSpan.FromMilliseconds(1));
        var order = errorsFirst
            ? actions.OrderByDescending(a => a.State is ActionState.Failed or ActionState.Refused).ThenBy(a => a.Created).ThenBy(a => a.Id, StringComparer.Ordinal).Select(a => (a, 0))
            : Tree(actions);
        var ticks = Enumerable.Range(0, TickCount + 1).Select(i => span * i / TickCount).ToArray();
        return new([.. order.Select(o => Row(o.Item1, o.Item2, start, span, now))], start, span, ticks);
    }

    private static WaterfallRow Row(ActionRow action, int depth, DateTimeOffset start, TimeSpan span, DateTimeOffset now)
    {
        if (action.State is ActionState.Proposed or ActionState.Queued)
        {
            return new(action, depth, 0, null, null);
        }

        // What waits for a person has no start of its own: its wait is what one wants to see.
        var from = action.Started ?? action.Created;
        var duration = (action.Ended ?? now) - from;
        duration = duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        var left = Math.Clamp((from - start) / span * 100, 0, 100 - LeastWidth);
        return new(action, depth, left, Math.Clamp(duration / span * 100, LeastWidth, 100 - left), duration);
    }

    private static IEnumerable<(ActionRow Action, int Depth)> Tree(IReadOnlyCollection<ActionRow> actions)
    {
        var known = actions.Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        var children = actions.OrderBy(a => a.Created).ThenBy(a => a.Id, StringComparer.Ordinal)
            .ToLookup(a => a.ParentId is { } parent && known.Contains(parent) && parent != a.Id ? parent : "");
        var stack = new Stack<(ActionRow, int)>(children[""].Reverse().Select(a => (a, 0)));
        while (stack.TryPop(out var at))
        {
            yield return at;
            foreach (var child in children[at.Item1.Id].Reverse())
            {
                stack.Push((child, at.Item2 + 1));
            }
        }
    }

    /// <summary>The next span whose fifths are round figures.</summary>
    private static TimeSpan Round(TimeSpan span)
    {
        var fifth = span.TotalMilliseconds / TickCount;
        var power = Math.Pow(10, Math.Floor(Math.Log10(fifth)));
        var step = new[] { 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 }.Select(s => s * power).First(s => s >= fifth * 0.999);
        return TimeSpan.FromMilliseconds(step * TickCount);
    }
}
