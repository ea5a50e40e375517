using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Memory.Views;

/// <summary>Payload of <c>memory.view.granted</c>.</summary>
/// <param name="Id">Id of the view.</param>
/// <param name="From">The project whose memory is shown.</param>
/// <param name="To">The project that may read it.</param>
public sealed record ViewGranted(string Id, string From, string To)
{
    /// <summary>Kinds that are shown; empty for all.</summary>
    public IReadOnlyList<MemoryKind> Kinds { get; init; } = [];

    /// <summary>Tags, one of which a thing must have to be shown; empty for any.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Why; null when not said.</summary>
    public string? Reason { get; init; }
}

/// <summary>Payload of <c>memory.view.revoked</c>.</summary>
/// <param name="Id">The view.</param>
public sealed record ViewRevoked(string Id);

/// <summary>Payload of <c>memory.view.read</c>.</summary>
/// <param name="View">The view.</param>
/// <param name="From">The project whose memory was read.</param>
/// <param name="Items">How many things were shown.</param>
public sealed record ViewRead(string View, string From, int Items);

/// <summary>An export view: one project may read part of another's memory, and never write to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="From">The project whose memory is shown.</param>
/// <param name="To">The project that may read it.</param>
/// <param name="GrantedBy">Who granted it.</param>
/// <param name="Granted">When.</param>
public sealed record ExportView(string Id, string From, string To, string GrantedBy, DateTimeOffset Granted)
{
    /// <summary>Kinds that are shown; empty for all.</summary>
    public IReadOnlyList<MemoryKind> Kinds { get; init; } = [];

    /// <summary>Tags, one of which a thing must have to be shown; empty for any.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Why; null when not said.</summary>
    public string? Reason { get; init; }

    /// <summary>Who revoked it; null while it is open.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>When; null while it is open.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>How often it was read.</summary>
    public int Reads { get; init; }

    /// <summary>When it was read last; null for never.</summary>
    public DateTimeOffset? LastRead { get; init; }

    /// <summary>What is looked for, within what is shown; null when nothing can be in both.</summary>
    public MemoryFilter? Within(MemoryFilter filter)
    {
        var kinds = Kinds.Count == 0 ? filter.Kinds : filter.Kinds.Count == 0 ? Kinds : [.. filter.Kinds.Intersect(Kinds)];
        return kinds.Count == 0 && Kinds.Count > 0 ? null : filter with { Kinds = kinds, SharedTags = Tags };
    }
}

/// <summary>All export views, in the order of their granting.</summary>
/// <param name="Items">The open ones, and the newest of those that were revoked.</param>
public sealed record ViewsState(ImmutableList<ExportView> Items);

/// <summary>The read model <c>memory_views</c>. An agent sees the views that its projects may read through.</summary>
public sealed class ViewsModel : DocumentModel<ViewsState>
{
    private const int MostRevoked = 100;

    /// <inheritdoc/>
    public override string Id => "memory_views";

    /// <inheritdoc/>
    public override string ProjectMember => "to";

    /// <inheritdoc/>
    protected override ViewsState Empty { get; } = new([]);

    /// <summary>A view that a project may read through now.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="project">Who wants to read.</param>
    /// <returns>The view, or a refusal <c>not_found</c> or <c>view_revoked</c>.</returns>
    public Result<ExportView> Open(string id, string? project)
    {
        // A view for somebody else is not there, so that ids tell nothing.
        if (Current.Items.Find(v => v.Id == id && v.To == project) is not { } view)
        {
            return Refusal.NotFound("export view", id);
        }

        return view.Revoked is null
            ? view
            : new Refusal("view_revoked", $"The export view \"{id}\" of the project \"{view.From}\" was revoked.", "Ask a person to grant it again.", 403);
    }

    /// <inheritdoc/>
    protected override ViewsState Fold(ViewsState state, JournalEvent e)
    {
        if (MemoryEvents.ViewGranted.Is(e))
        {
            var granted = MemoryEvents.ViewGranted.Read(e);
            return new(state.Items.Add(new ExportView(granted.Id, granted.From, granted.To, e.Actor, e.Recorded) { Kinds = granted.Kinds, Tags = granted.Tags, Reason = granted.Reason }));
        }

        return MemoryEvents.ViewRevoked.Is(e) ? Revoke(state, e, MemoryEvents.ViewRevoked.Read(e).Id)
            : MemoryEvents.ViewRead.Is(e) ? Change(state, MemoryEvents.ViewRead.Read(e).View, v => v with { Reads = v.Reads + 1, LastRead = e.Recorded })
            : state;
    }

    private static ViewsState Revoke(ViewsState state, JournalEvent e, string id)
    {
        var after = Change(state, id, v => v.Revoked is null ? v with { RevokedBy = e.Actor, Revoked = e.Recorded } : v);
        return after.Items.Count(v => v.Revoked is not null) > MostRevoked
            ? new(after.Items.Remove(after.Items.Where(v => v.Revoked is not null).MinBy(v => v.Revoked)!))
            : after;
    }

    private static ViewsState Change(ViewsState state, string id, Func<ExportView, ExportView> change)
    {
        var at = state.Items.FindIndex(v => v.Id == id);
        return at < 0 ? state : new(state.Items.SetItem(at, change(state.Items[at])));
    }
}
