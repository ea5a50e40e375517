using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Web.Streaming;

/// <summary>Publishes changes of read models as <c>state.read.model.patch</c> frames, each made once and shared by all who watch. Works only while somebody does.</summary>
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

    private void Broadcast(byte[] frame)
    {
        foreach (var subscriber in _subscribers)
        {
            subscriber.Writer.TryWrite(frame);
        }
    }

    private sealed class Publishing : IDisposable
    {
        private readonly StateHost _state;
        private readonly Action<byte[]> _broadcast;
        private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (long Version, JsonNode Content)> _known = new(StringComparer.Ordinal);
        private readonly IDisposable _changes;
        private readonly ITimer _timer;
        private readonly Lock _turn = new();

        public Publishing(StateHost state, TimeProvider time, Action<byte[]> broadcast)
        {
            (_state, _broadcast) = (state, broadcast);
            _changes = state.OnChanged(Note);
            foreach (var document in state.Models.Values.OfType<DocumentModel>())
            {
                _known[document.Id] = document.Read();
            }

            _timer = time.CreateTimer(_ => Publish(), null, Coalesce, Coalesce);
        }

        public void Dispose()
        {
            _timer.Dispose();
            _changes.Dispose();
        }

        private void Note(ModelChange change) => _pending.AddOrUpdate(
            change.Id,
            static (_, c) => new Pending(c.From, c.Version, c.Keys?.ToImmutableHashSet()),
            static (_, p, c) => new Pending(p.From, c.Version, c.Keys is null ? null : p.Keys!.Union(c.Keys)),
            change);

        private void Publish()
        {
            lock (_turn)
            {
                foreach (var id in _pending.Keys)
                {
                    if (_pending.TryRemove(id, out var pending) && Patch(id, pending) is { } patch)
                    {
                        _broadcast(SseFrames.Unnumbered("state.read.model.patch", ArwJson.ToUtf8(patch)));
                    }
                }
            }
        }

        private JsonObject? Patch(string id, Pending pending)
        {
            if (_state.Models[id] is not DocumentModel document)
            {
                var keys = new JsonArray([.. pending.Keys!.Order(StringComparer.Ordinal).Select(k => JsonValue.Create(k))]);
                return new JsonObject { ["id"] = id, ["from"] = pending.From, ["version"] = pending.Version, ["changed"] = keys };
            }

            var before = _known[id];
            var after = document.Read();
            _known[id] = after;
            var patch = JsonDiff.Between(before.Content, after.Content);
            return after.Version == before.Version ? null : new JsonObject { ["id"] = id, ["from"] = before.Version, ["version"] = after.Version, ["patch"] = patch };
        }

        private sealed record Pending(long From, long Version, ImmutableHashSet<string>? Keys);
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
