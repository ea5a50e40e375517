using System.Collections.Immutable;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Files;

/// <summary>Writes that were announced and have not ended yet, by action.</summary>
/// <param name="Open">The announcements.</param>
public sealed record FileWritesState(ImmutableSortedDictionary<string, FileWriteIntended> Open);

/// <summary>The read model <c>file_writes</c>: from it a retried action learns what its earlier attempt was about to do.</summary>
public sealed class FileWritesModel : DocumentModel<FileWritesState>
{
    /// <inheritdoc/>
    public override string Id => "file_writes";

    /// <inheritdoc/>
    protected override FileWritesState Empty { get; } = new(ImmutableSortedDictionary.Create<string, FileWriteIntended>(StringComparer.Ordinal));

    /// <summary>What the action announced and did not finish; null for nothing.</summary>
    public FileWriteIntended? Find(string actionId) => Current.Open.GetValueOrDefault(actionId);

    /// <inheritdoc/>
    protected override FileWritesState Fold(FileWritesState state, JournalEvent e)
    {
        if (FileEvents.Intended.Is(e))
        {
            var intended = FileEvents.Intended.Read(e);
            return new(state.Open.SetItem(intended.Action, intended));
        }

        var ended = FileEvents.Written.Is(e) ? FileEvents.Written.Read(e).Action
            : ActionEvents.Failed.Is(e) ? ActionEvents.Failed.Read(e).Id
            : ActionEvents.Cancelled.Is(e) ? ActionEvents.Cancelled.Read(e).Id
            : null;
        return ended is not null && state.Open.ContainsKey(ended) ? new(state.Open.Remove(ended)) : state;
    }
}
