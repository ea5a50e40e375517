using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Journal;

/// <summary>
/// What lies between a failed write and the next acknowledgement. After a failure nothing that the process believes about the file counts: the journal is
/// opened anew, its tail is checked against what was acknowledged, what the log file holds is written to the database once more, and a write must succeed.
/// Tried when somebody appends, and once a second when nobody does.
/// </summary>
internal sealed class JournalRecovery : IDisposable
{
    /// <summary>How many of the last acknowledged events are read back and chained again.</summary>
    public const int TailEvents = 256;

    // A journal that has room for one more page only would be back in the same fault with the next event.
    private const int ReserveBytes = 256 * 1024;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private readonly JournalOptions _options;
    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private JournalFault? _standing;
    private long _triedAt;
    private long _count;

    /// <summary>A recovery of the journal at a place.</summary>
    /// <param name="options">Where the journal is.</param>
    /// <param name="connectionString">How to open it.</param>
    /// <param name="time">The clock that paces the tries.</param>
    /// <param name="attempt">Takes the writer's turn and tries; called once a second while a fault stands.</param>
    /// <param name="log">Where faults and their ends are told.</param>
    public JournalRecovery(JournalOptions options, string connectionString, TimeProvider time, Action attempt, ILogger log)
    {
        (_options, _connectionString, _time, _log) = (options, connectionString, time, log);
        _timer = time.CreateTimer(_ => attempt(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The fault that stands; null when the journal acknowledges.</summary>
    public JournalFault? Standing => Volatile.Read(ref _standing);

    /// <summary>Faults since start.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>A write failed: from now on nothing is acknowledged until <see cref="TryReopen"/> has succeeded.</summary>
    public JournalFault Raise(Exception e)
    {
        lock (_gate)
        {
            var fault = JournalFault.Of(e, _standing?.Since ?? _time.GetUtcNow());
            if (_standing?.Code != fault.Code)
            {
                // Told once: a full disk must not fill the log too.
                _log.LogError(e, "The journal stopped acknowledging: {Fault}", fault.Message);
            }

            if (_standing is null)
            {
                _count++;
                _timer.Change(Pace, Pace);
            }

            Volatile.Write(ref _standing, fault);
            return fault;
        }
    }

    /// <summary>Ends the transaction that failed, so that it locks nobody out while the fault stands.</summary>
    public void Abandon(JournalWriter failed)
    {
        try
        {
            failed.TryRollback();
        }
        catch (SqliteException e)
        {
            _log.LogWarning(e, "The failed transaction could not be ended; the next try does it");
        }
    }

    /// <summary>A writer that may go on, or null while it may not. To be called in the writer's turn only.</summary>
    /// <param name="failed">The writer that failed. It is kept open until the new one is: as long as one connection stands, SQLite cannot mistake a transaction that failed for one that was committed. Disposed when a new one is returned.</param>
    public JournalWriter? TryReopen(JournalWriter failed)
    {
        if (_triedAt != 0 && _time.GetElapsedTime(_triedAt) < Pace / 2)
        {
            return null;
        }

        JournalWriter? writer = null;
        try
        {
            failed.TryRollback();
            ProveRoom();
            writer = new JournalWriter(_connectionString);
            writer.VerifyTail(failed.Head, failed.Hash, TailEvents);
            writer.WriteOut();
        }
        catch (Exception e)
        {
            writer?.Dispose();
            _triedAt = _time.GetTimestamp();
            Raise(e);
            return null;
        }

        failed.Dispose();
        End();
        return writer;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void End()
    {
        lock (_gate)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _triedAt = 0;
            if (_standing is { } fault)
            {
                _log.LogWarning("The journal acknowledges again, after {Seconds:N0} s: {Fault}", (_time.GetUtcNow() - fault.Since).TotalSeconds, fault.Message);
            }

            Volatile.Write(ref _standing, null);
        }
    }

    private void ProveRoom()
    {
        var probe = Path.Combine(_options.DataDir, "journal.probe");
        try
        {
            using var file = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1);
            file.Write(new byte[ReserveBytes]);
            DurableFolder.Flush(file.SafeFileHandle, probe);
        }
        finally
        {
            File.Delete(probe);
        }
    }
}
