using Arw.Core.Journal.Archive;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal;

/// <summary>The one connection that writes: prepared statements on the connection that EF Core migrated. Used by one thread at a time.</summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly EventInsert _insert;
    private readonly SqliteCommand _lastOfSubject;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _lastArchived;
    private readonly ChainHash _chain = new();
    private bool _archived;

    /// <summary>Opens, migrates and reads where the journal ends.</summary>
    public JournalWriter(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        Pragma("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;");
        JournalSchema.Ensure(_connection);
        _insert = new EventInsert(_connection);
        _lastOfSubject = Prepare("SELECT max(seq) FROM events WHERE subject = $subject", "subject");
        _lastArchived = Prepare("SELECT last FROM archived WHERE field = 0 AND name = $subject", "subject");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        (Head, Hash) = Last();
        _archived = HasArchived();
    }

    /// <summary>Seq of the last durable event.</summary>
    public long Head { get; private set; }

    /// <summary>Hash of the last durable event.</summary>
    public byte[] Hash { get; private set; }

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit(long head, byte[] hash)
    {
        _commit.ExecuteNonQuery();
        (Head, Hash) = (head, hash);
    }

    /// <summary>Takes payload and salt out of a row, in this transaction; what they lay in is overwritten.</summary>
    public void Erase(long seq)
    {
        using var command = Prepare("PRAGMA secure_delete = ON; UPDATE events SET payload = NULL, payload_ref = NULL, salt = NULL WHERE seq = $seq; PRAGMA secure_delete = OFF", "seq");
        command.Parameters[0].Value = seq;
        command.ExecuteNonQuery();
    }

    /// <summary>Ends a transaction that failed, where SQLite has not done so already.</summary>
    public void TryRollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
        {
            _rollback.ExecuteNonQuery();
        }
    }

    /// <inheritdoc cref="JournalTailCheck.Run"/>
    public void VerifyTail(long seq, byte[] hash, int events) => JournalTailCheck.Run(_connection, seq, hash, events);

    /// <summary>Writes what the log file holds to the database, and then a page to the log: each anew, because a kernel may forget what it failed to sync, yet say yes the next time.</summary>
    public void WriteOut() => Pragma("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version = 0;");

    /// <summary>Seq of the subject's last event, this transaction's included; 0 = none.</summary>
    public long LastSeqOf(string subject)
    {
        _lastOfSubject.Parameters[0].Value = subject;
        if (_lastOfSubject.ExecuteScalar() is long seq)
        {
            return seq;
        }

        if (!_archived)
        {
            return 0;
        }

        _lastArchived.Parameters[0].Value = subject;
        return _lastArchived.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>Does more in this transaction.</summary>
    public void Also(Action<SqliteConnection> work)
    {
        work(_connection);
        _archived = HasArchived();
    }

    /// <summary>Chains and inserts a row.</summary>
    public void Insert(EventRow row, ReadOnlySpan<byte> previous)
    {
        row.Hash = _chain.Next(previous, row);
        _insert.Run(row);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insert.Dispose();
        foreach (var command in new[] { _lastOfSubject, _lastArchived, _begin, _commit, _rollback })
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private bool HasArchived()
    {
        using var command = Prepare("SELECT EXISTS (SELECT 1 FROM archived)");
        return command.ExecuteScalar() is 1L;
    }

    private (long Head, byte[] Hash) Last()
    {
        using var command = Prepare("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1");
        using var row = command.ExecuteReader();
        if (row.Read())
        {
            return (row.GetInt64(0), (byte[])row[1]);
        }

        // The newest events stay here; but where none did, the numbers must go on all the same.
        var archived = SegmentSet.Read(_connection, SegmentSet.Empty);
        return archived.Segments.Count > 0 ? (archived.ArchivedTo, Convert.FromHexString(archived.Segments[^1].HashLast))
            : archived.Cut is { } cut ? (cut.UpTo, Convert.FromHexString(cut.Hash))
            : (0, ChainHash.Genesis);
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter("$" + name, null));
        }

        return command;
    }

    private void Pragma(string sql)
    {
        using var command = Prepare(sql);
        command.ExecuteNonQuery();
    }
}
