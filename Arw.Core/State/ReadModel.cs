using System.Text.Json.Nodes;
using Arw.Core.Journal;

namespace Arw.Core.State;

/// <summary>State folded from events. Registered once by its pack; the state host owns its storage, checkpoints and publication.</summary>
public abstract class ReadModel
{
    /// <summary>Id, the name under <c>/state</c>: <c>episodes</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Raised when the fold or the stored shape changes: the host then rebuilds it from the journal. 1 by default.</summary>
    public virtual int SchemaVersion => 1;

    /// <summary>Seq of the last event that changed it; 0 before any. Read without locks.</summary>
    public virtual long Version { get; internal set; }
}

/// <summary>A small read model, kept in memory and published as snapshot and JSON patches.</summary>
public abstract class DocumentModel : ReadModel
{
    /// <summary>Member of each entry of <c>items</c> that names its project: agents then read the entries of their projects. Null (the default) = the model is for people only.</summary>
    public virtual string? ProjectMember => null;

    /// <summary>The current content as JSON, without <c>version</c>.</summary>
    public abstract JsonNode Snapshot();

    /// <summary>The current content with the version that it has, taken together.</summary>
    public abstract (long Version, JsonNode Content) Read();

    internal abstract bool Apply(JournalEvent e);

    internal abstract void Reset();

    /// <summary>Begins to fold from nothing, aside: readers keep the present state.</summary>
    internal abstract void BeginAside();

    /// <summary>Begins to fold from a stored state, aside.</summary>
    internal abstract void BeginAside(ReadOnlySpan<byte> state, long version);

    internal abstract void ApplyAside(JournalEvent e);

    /// <summary>What was folded aside becomes the present state.</summary>
    internal abstract void PublishAside();

    internal abstract byte[] Save();

    internal abstract void Load(ReadOnlySpan<byte> state);
}

/// <inheritdoc cref="DocumentModel"/>
/// <typeparam name="TState">An immutable record that serialises with <see cref="Primitives.ArwJson"/>; replaced as a whole by each fold, so readers need no lock.</typeparam>
public abstract class DocumentModel<TState> : DocumentModel
    where TState : class
{
    // State and version are replaced as one, so that no reader pairs one with the other's neighbour.
    private volatile Published? _published;
    private Published? _aside;

    /// <summary>The state now: an immutable value.</summary>
    public TState Current => Now.State;

    /// <inheritdoc/>
    public override long Version
    {
        get => Now.Version;
        internal set => _published = new Published(Current, value);
    }

    /// <summary>The state before any event.</summary>
    protected abstract TState Empty { get; }

    private Published Now => _published ??= new Published(Empty, 0);

    /// <summary>The next state: pure, no clock, no I/O. Returns the same instance when the event changes nothing.</summary>
    protected abstract TState Fold(TState state, JournalEvent e);

    /// <summary>What readers see; the state itself by default.</summary>
    protected virtual JsonNode Project(TState state) =>
        System.Text.Json.JsonSerializer.SerializeToNode(state, Primitives.ArwJson.Options)!;

    /// <inheritdoc/>
    public sealed override JsonNode Snapshot() => Project(Current);

    /// <inheritdoc/>
    public sealed override (long Version, JsonNode Content) Read()
    {
        var now = Now;
        return (now.Version, Project(now.State));
    }

    internal sealed override bool Apply(JournalEvent e)
    {
        var before = Now;
        var after = Next(before, e);
        if (ReferenceEquals(before, after))
        {
            return false;
        }

        _published = after;
        return true;
    }

    internal sealed override void BeginAside() => _aside = new Published(Empty, 0);

    internal sealed override void BeginAside(ReadOnlySpan<byte> state, long version) => _aside = new Published(Primitives.ArwJson.FromUtf8<TState>(state), version);

    internal sealed override void ApplyAside(JournalEvent e) => _aside = Next(_aside!, e);

    internal sealed override void PublishAside() => (_published, _aside) = (_aside, null);

    internal sealed override void Reset() => _published = new Published(Empty, 0);

    internal sealed override byte[] Save() => Primitives.ArwJson.ToUtf8(Current);

    internal sealed override void Load(ReadOnlySpan<byte> state) =>
        _published = new Published(Primitives.ArwJson.FromUtf8<TState>(state), Version);

    // An erasure may take anything away that an event before it gave: whoever has an older version reads anew.
    private Published Next(Published before, JournalEvent e)
    {
        var after = Fold(before.State, e);
        return ReferenceEquals(before.State, after) && !JournalEvents.Erased.Is(e) ? before : new Published(after, e.Seq);
    }

    private sealed record Published(TState State, long Version);
}
