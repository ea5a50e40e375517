using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Web.Streaming;

/// <summary>Publishes changes of read models as <c>state.read.model.patch</c> frames, each made once and shared by all who watch. Works only while somebody does.</summary>
/// <remarks>Whoever reads a model meanwhile gets a state that was published, so that the patches lead on from it: a reader skips those up to the version that it has.</remarks>
public sealed class ModelPatches(StateHost state, TimeProvider time)
{
    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(250);
    private readonly Lock _gate = new();
    private ImmutableList<Channel<byte[]>> _subscribers = [];
    private Publishing? _publishing;

    /// <summary>Frames from now on. A subscriber that falls far behind loses the oldest ones and sees it: the next frame's <c>from</c> is not its version.</summary>
    public PatchSubscription Subscribe()
    {
        var channel = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _subscribers = _subscribers.Add(channel);
            _publishing ??= new Publishing(state, time, Broadcast);
        }

        return new PatchSubscription(channel.Reader, () => Unsubscribe(channel));
    }

    /// <summary>A document, or the default page of a table, as it is now: <c>{version, …}</c>. What it tells beyond the last patch is published with it.</summary>
    /// <exception cref="ArgumentException">The model publishes changed keys only.</exception>
    public PublishedState Read(ReadModel model)
    {
        Publishing? publishing;
        lock (_gate)
        {
            publishing = _publishing;
        }

        return publishing?.Read(model.Id) ?? PublishedModel.Of(model)?.State
            ?? throw new ArgumentException($"The read model \"{model.Id}\" is not published as a document.", nameof(model));
    }

    private void Unsubscribe(Channel<byte[]> channel)
    {
        Publishing? ended = null;
        lock (_gate)
        {
            _subscribers = _subscribers.Remove(channel);
            if (_subscribers.IsEmpty)
            {
                (ended, _publishing) = (_publishing, null);
            }
        }

        ended?.Dispose();
    }

    private void Broadcast(JsonObject patch)
    {
        var frame = SseFrames.Unnumbered("state.read.model.patch", ArwJson.ToUtf8(patch));
        foreach (var subscriber in _subscribers)
        {
            subscriber.Writer.TryWrite(frame);
        }
    }

    private sealed class Publishing : IDisposable
    {
        private readonly Action<JsonObject> _broadcast;
        private readonly Dictionary<string, PublishedModel> _models;
        private readonly ConcurrentDictionary<string, ChangedKeys> _changed = new(StringComparer.Ordinal);
        private readonly IDisposable _changes;
        private readonly ITimer _timer;
        private readonly Lock _turn = new();

        public Publishing(StateHost state, TimeProvider time, Action<JsonObject> broadcast)
        {
            _broadcast = broadcast;
            _models = state.Models.Values.Select(PublishedModel.Of).OfType<PublishedModel>().ToDictionary(m => m.Id, StringComparer.Ordinal);
            _changes = state.OnChanged(Note);
            _timer = time.CreateTimer(_ => Publish(), null, Coalesce, Coalesce);
        }

        public PublishedState? Read(string id)
        {
            lock (_turn)
            {
                if (!_models.TryGetValue(id, out var model))
                {
                    return null;
                }

                Publish(model);
                return model.State;
            }
        }

        public void Dispose()
        {
            _timer.Dispose();
            _changes.Dispose();
        }

        private void Note(ModelChange change)
        {
            if (!_models.ContainsKey(change.Id))
            {
                _changed.AddOrUpdate(
                    change.Id,
                    static (_, c) => new ChangedKeys(c.From, c.Version, [.. c.Keys!]),
                    static (_, p, c) => new ChangedKeys(p.From, c.Version, p.Keys.Union(c.Keys!)),
                    change);
            }
        }

        private void Publish()
        {
            lock (_turn)
            {
                foreach (var model in _models.Values)
                {
                    Publish(model);
                }

                foreach (var id in _changed.Keys)
                {
                    if (_changed.TryRemove(id, out var changed))
                    {
                        var keys = new JsonArray([.. changed.Keys.Order(StringComparer.Ordinal).Select(k => JsonValue.Create(k))]);
                        _broadcast(new JsonObject { ["id"] = id, ["from"] = changed.From, ["version"] = changed.Version, ["changed"] = keys });
                    }
                }
            }
        }

        private void Publish(PublishedModel model)
        {
            var from = model.State.Version;
            if (model.Advance() is { } patch)
            {
                _broadcast(new JsonObject { ["id"] = model.Id, ["from"] = from, ["version"] = model.State.Version, ["patch"] = patch });
            }
        }

        private sealed record ChangedKeys(long From, long Version, ImmutableHashSet<string> Keys);
    }
}

/// <summary>Somebody who watches patches.</summary>
public sealed class PatchSubscription : IDisposable
{
    private readonly Action _end;

    internal PatchSubscription(ChannelReader<byte[]> frames, Action end) => (Frames, _end) = (frames, end);

    /// <summary>Whole frames, ready to be sent.</summary>
    public ChannelReader<byte[]> Frames { get; }

    /// <inheritdoc/>
    public void Dispose() => _end();
}
