using System.Collections.Immutable;
using Arw.Core.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Arw.Core.State;

/// <summary>A change of a read model, after it is readable.</summary>
/// <param name="Id">Id of the read model.</param>
/// <param name="From">Its version before.</param>
/// <param name="Version">Its version now.</param>
/// <param name="Keys">Changed keys of a table; null for a document.</param>
public sealed record ModelChange(string Id, long From, long Version, IReadOnlyCollection<string>? Keys);

/// <summary>Folds the journal into every read model, owns their storage and checkpoints, and tells who watches. One folding task; readers never wait for it.</summary>
public sealed partial class StateHost : IAsyncDisposable
{
    private const int CheckpointEvents = 5000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly EventJournal _journal;
    private readonly ILogger<StateHost> _log;
    private readonly TimeProvider _time;
    private readonly FoldedModels _models;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private ImmutableList<Action<ModelChange>> _watchers = [];
    private SortedDictionary<long, TaskCompletionSource> _waiting = [];
    private long _folded;
    private Task _following = Task.CompletedTask;

    /// <summary>A host over the journal and the registered read models. Call <see cref="StartAsync"/> before reading.</summary>
    public StateHost(EventJournal journal, ViewsDatabase database, IEnumerable<ReadModel> models, ILogger<StateHost> log, TimeProvider? time = null)
    {
        (_journal, _log, _time) = (journal, log, time ?? TimeProvider.System);
        _models = new FoldedModels(database, [.. models]);
    }

    /// <summary>All read models, by id.</summary>
    public IReadOnlyDictionary<string, ReadModel> Models => _models.ById;

    /// <summary>Seq up to which everything is folded and readable.</summary>
    public long Folded => Volatile.Read(ref _folded);

    /// <summary>The fault that stopped folding; null when all is well. While it stands nothing with an effect may run: decisions would rest on stale state.
    /// One of the disk (full, read-only) passes by itself; any other stands until a restart.</summary>
    public string? Fault { get; private set; }

    /// <summary>Checkpoints saved since start.</summary>
    public long Checkpoints => _models.Checkpoints;

    /// <summary>Loads checkpoints and folds what is missing, then follows the journal in the background.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        var head = _journal.Head;
        var from = _models.Open(head, seq => _journal.Read(seq - 1, max: 1) is [var found] ? found : null, _journal.Archive.Checkpoint);
        (_loadedTo, _readAt) = (_models.Loaded, head);
        Volatile.Write(ref _folded, from);
        while (from < head)
        {
            var events = _journal.Read(from, max: 1024, upTo: head);
            await FoldAsync(events, cancel);
            from = events[^1].Seq;
        }

        _following = Task.Run(FollowAsync, CancellationToken.None);
    }

    /// <summary>Completes when everything up to a seq is folded and who watches has been told: the way to read one's own writes.</summary>
    public async ValueTask WaitForAsync(long seq, CancellationToken cancel = default)
    {
        Task wait;
        lock (_gate)
        {
            if (Folded >= seq)
            {
                return;
            }

            if (Fault is { } fault)
            {
                throw new StateFaultException(fault);
            }

            if (!_waiting.TryGetValue(seq, out var source))
            {
                _waiting[seq] = source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            wait = source.Task;
        }

        await wait.WaitAsync(cancel);
    }

    /// <summary>Calls back after each change of any read model. The callback must only signal: it runs on the folding task.</summary>
    public IDisposable OnChanged(Action<ModelChange> callback)
    {
        ImmutableInterlocked.Update(ref _watchers, w => w.Add(callback));
        return new Watch(() => ImmutableInterlocked.Update(ref _watchers, w => w.Remove(callback)));
    }

    /// <summary>Calls back after each change of one read model. The callback must only signal: it runs on the folding task.</summary>
    public IDisposable OnChanged(string modelId, Action callback) => OnChanged(change =>
    {
        if (change.Id == modelId)
        {
            callback();
        }
    });

    /// <summary>The whole content of a read model as canonical JSON: equal for equal journals, however it was reached.</summary>
    public string Dump(string modelId) => _models.Dump(modelId);

    /// <summary>Stops following and saves a checkpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        if (Fault is null)
        {
            try
            {
                _models.Checkpoint();
            }
            catch (SqliteException e) when (IsOfTheDisk(e))
            {
                // The next start folds a little more.
                _log.LogError(e, "The read models could not save a checkpoint");
            }
        }

        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var page in _journal.FollowAsync("state", Folded, EventFilter.All, _stop.Token))
            {
                await FoldPatientlyAsync(page.Events);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception e)
        {
            Stop(e);
        }
    }

    // A disk that is full or read-only passes: the batch is then folded as if nothing had been. What is waiting is told at once.
    private async Task FoldPatientlyAsync(IReadOnlyList<JournalEvent> events)
    {
        while (true)
        {
            try
            {
                await FoldAsync(events, _stop.Token);
                if (Fault is not null)
                {
                    _log.LogWarning("The read models follow the journal again");
                    Fault = null;
                }

                return;
            }
            catch (SqliteException e) when (IsOfTheDisk(e))
            {
                Stand(e);
            }

            await Task.Delay(RetryAfter, _time, _stop.Token);
        }
    }

    private static bool IsOfTheDisk(SqliteException e) =>
        e.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN;

    private async Task FoldAsync(IReadOnlyList<JournalEvent> events, CancellationToken cancel)
    {
        var changes = events.Any(Forgets)
            ? await RebuildAsync(events[^1].Seq, cancel)
            : _models.Fold(await HydrateAsync(events, cancel), checkpointEvery: CheckpointEvents);
        foreach (var change in changes)
        {
            foreach (var watcher in _watchers)
            {
                Notify(watcher, change);
            }
        }

        // Only now: who waits for an event may rely on what follows a read model as well, such as what the redactor looks for.
        List<TaskCompletionSource> ready = [];
        lock (_gate)
        {
            Volatile.Write(ref _folded, events[^1].Seq);
            while (_waiting.Count > 0 && _waiting.First() is var (seq, source) && seq <= _folded)
            {
                ready.Add(source);
                _waiting.Remove(seq);
            }
        }

        ready.ForEach(r => r.SetResult());
    }

    private async ValueTask<IReadOnlyList<JournalEvent>> HydrateAsync(IReadOnlyList<JournalEvent> events, CancellationToken cancel)
    {
        if (!events.Any(e => e.PayloadRef is not null))
        {
            return events;
        }

        var hydrated = new List<JournalEvent>(events.Count);
        foreach (var e in events)
        {
            hydrated.Add(await _journal.HydrateAsync(e, cancel));
        }

        return hydrated;
    }

    private void Notify(Action<ModelChange> watcher, ModelChange change)
    {
        try
        {
            watcher(change);
        }
        catch (Exception e)
        {
            _log.LogError(e, "A watcher of read model {Model} failed", change.Id);
        }
    }

    private void Stop(Exception e)
    {
        _log.LogCritical(e, "Folding stopped after event {Seq}", Folded);
        Stand(e);
    }

    private void Stand(Exception e)
    {
        if (Fault is null)
        {
            _log.LogError(e, "The read models cannot follow the journal after event {Seq}", Folded);
        }

        SortedDictionary<long, TaskCompletionSource> waiting;
        lock (_gate)
        {
            Fault = e.Message;
            (waiting, _waiting) = (_waiting, []);
        }

        foreach (var source in waiting.Values)
        {
            source.SetException(new StateFaultException(e.Message));
        }
    }

    private sealed class Watch(Action stop) : IDisposable
    {
        public void Dispose() => stop();
    }
}
