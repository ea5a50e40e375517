using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Arw.Core.Journal.Inspection;

/// <summary>Sees one stored row, which must not be kept; false ends the walk.</summary>
internal delegate bool RowVisitor(StoredRow row);

/// <summary>Walks stored rows in order, in constant memory and without objects for them.</summary>
internal sealed class RowWalk : IDisposable
{
    // A read transaction keeps the home's write-ahead log from being folded back: rows never change, so the walk lets go of it often and loses nothing.
    private const int RowsPerTransaction = 16_384;

    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The table cannot be read.</exception>
    public RowWalk(SqliteConnection connection)
    {
        _connection = connection;
        var code = raw.sqlite3_prepare_v2(
            connection.Handle, $"SELECT {StoredRow.Columns} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq", out _statement);
        SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }

    /// <summary>Shows every row with <c>after &lt; seq ≤ upTo</c>.</summary>
    /// <exception cref="SqliteException">The file breaks off.</exception>
    public void Run(long after, long upTo, RowVisitor visit, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var last = Turn(after, upTo, visit, out var more);
            // A damaged tree may hand out rows in any order; going back would never end.
            if (!more || last <= after)
            {
                return;
            }

            after = last;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private long Turn(long after, long upTo, RowVisitor visit, out bool more)
    {
        raw.sqlite3_bind_int64(_statement, 1, after);
        raw.sqlite3_bind_int64(_statement, 2, upTo);
        try
        {
            var last = after;
            for (var rows = 0; rows < RowsPerTransaction; rows++)
            {
                var code = raw.sqlite3_step(_statement);
                if (code != raw.SQLITE_ROW)
                {
                    if (code != raw.SQLITE_DONE)
                    {
                        SqliteException.ThrowExceptionForRC(code, _connection.Handle);
                    }

                    more = false;
                    return last;
                }

                var row = new StoredRow(_statement);
                last = row.Seq;
                if (!visit(row))
                {
                    more = false;
                    return last;
                }
            }

            more = true;
            return last;
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }
}
