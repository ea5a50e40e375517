using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Retention;

/// <summary>What retention did and is told to do.</summary>
/// <param name="Items">Projects whose payloads are kept for a limited time, by id.</param>
/// <param name="Dropped">The last time that events were dropped; null for never.</param>
public sealed record RetentionState(ImmutableSortedDictionary<string, ProjectRetention> Items, DroppedRange? Dropped);

/// <summary>How long a project's payloads are kept.</summary>
/// <param name="Project">Its id.</param>
/// <param name="Days">Days; null = for ever.</param>
/// <param name="By">Who said so.</param>
/// <param name="ExpiredTo">Seq up to which they are gone; 0 = none.</param>
public sealed record ProjectRetention(string Project, int? Days, string By, long ExpiredTo);

/// <summary>Events that were dropped.</summary>
/// <param name="From">Seq of the first.</param>
/// <param name="To">Seq of the last.</param>
/// <param name="Time">When.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record DroppedRange(long From, long To, DateTimeOffset Time, string Reason);

/// <summary>The read model <c>retention</c>.</summary>
public sealed class RetentionModel : DocumentModel<RetentionState>
{
    /// <inheritdoc/>
    public override string Id => "retention";

    /// <inheritdoc/>
    protected override RetentionState Empty { get; } = new(ImmutableSortedDictionary.Create<string, ProjectRetention>(StringComparer.Ordinal), null);

    /// <inheritdoc/>
    protected override RetentionState Fold(RetentionState state, JournalEvent e)
    {
        if (RetentionEvents.Set.Is(e))
        {
            var set = RetentionEvents.Set.Read(e);
            return state with { Items = state.Items.SetItem(set.Project, new ProjectRetention(set.Project, set.Days, e.Actor, state.Items.GetValueOrDefault(set.Project)?.ExpiredTo ?? 0)) };
        }

        if (JournalEvents.Expired.Is(e) && JournalEvents.Expired.Read(e) is { Done: true } expired && state.Items.GetValueOrDefault(expired.Project) is { } project)
        {
            return state with { Items = state.Items.SetItem(expired.Project, project with { ExpiredTo = expired.UpTo }) };
        }

        return JournalEvents.Dropped.Is(e) && JournalEvents.Dropped.Read(e) is { } dropped
            ? state with { Dropped = new DroppedRange(dropped.From, dropped.To, e.Time, dropped.Reason) }
            : state;
    }
}
