using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Arw.Core.State;

/// <summary>The disposable cache beside the journal: one writing connection, reading ones on demand. Deleting the file costs a rebuild, nothing else.</summary>
public sealed class ViewsDatabase : IDisposable
{
    private readonly string _readerConnection;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private volatile bool _disposed;

    /// <summary>Opens or creates the cache.</summary>
    /// <param name="path">File path.</param>
    public ViewsDatabase(string path)
    {
        Writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _readerConnection = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString();
        Writer.Open();
        Execute("""
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=NORMAL;
            PRAGMA temp_store=MEMORY;
            CREATE TABLE IF NOT EXISTS models (id TEXT PRIMARY KEY, schema TEXT NOT NULL, folded INTEGER NOT NULL, version INTEGER NOT NULL, state BLOB) WITHOUT ROWID;
            """);
    }

    /// <summary>The writing connection: used by the state host's one folding task only.</summary>
    internal SqliteConnection Writer { get; }

    /// <summary>Runs statements on the writing connection.</summary>
    internal void Execute(string sql)
    {
        using var command = Writer.CreateCommand();
#pragma warning disable CA2100 // names come from registered models, values are parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Ends a transaction that failed, where SQLite has not done so already.</summary>
    internal void TryRollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(Writer.Handle!) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>Runs a query on a reading connection, which sees the last committed batch.</summary>
    internal T Read<T>(Func<SqliteConnection, T> query)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_readers.TryTake(out var connection))
        {
            connection = new SqliteConnection(_readerConnection);
            connection.Open();
        }

        try
        {
            return query(connection);
        }
        finally
        {
            _readers.Add(connection);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Writer.Dispose();
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }
}
