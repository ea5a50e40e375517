using Arw.Core.Journal.Archive;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Arw.Core.Journal.Inspection;

/// <summary>Sees one stored row, which must not be kept; false ends the walk.</summary>
internal delegate bool RowVisitor(StoredRow row);

/// <summary>Walks stored rows in order, those of archived segments too, in constant memory and without objects for them.</summary>
internal sealed class RowWalk : IDisposable
{
    // A read transaction keeps the home's write-ahead log from being folded back: rows never change, so the walk lets go of it often and loses nothing.
    private const int RowsPerTransaction = 16_384;
    private const string Sql = $"SELECT {StoredRow.Columns} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq";

    private readonly SqliteConnection _connection;
    private readonly SegmentShelf _shelf;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The table cannot be read.</exception>
    public RowWalk(JournalFile journal)
    {
        (_connection, _shelf) = (journal.Connection, journal.Shelf);
        _statement = Prepare(_connection);
    }

    /// <summary>Shows every row with <c>after &lt; seq ≤ upTo</c>.</summary>
    /// <exception cref="SqliteException">The file breaks off.</exception>
    /// <exception cref="SegmentDamagedException">A segment cannot be read.</exception>
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

    private static sqlite3_stmt Prepare(SqliteConnection connection)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, Sql, out var statement), connection.Handle);
        return statement;
    }

    // One transaction sees where the archive ends and the rows after it: a live home may be moving it.
    private long Turn(long after, long upTo, RowVisitor visit, out bool more)
    {
        SegmentManifest segment;
        using (_connection.BeginTransaction(deferred: true))
        {
            var archived = _shelf.Now;
            if (archived.ArchivedTo == 0 || after >= archived.ArchivedTo)
            {
                return Step(_connection, _statement, after, upTo, visit, RowsPerTransaction, out more);
            }

            if (archived.Find(Math.Max(after, archived.DroppedTo) + 1) is not { } found)
            {
                return Step(_connection, _statement, archived.ArchivedTo, upTo, visit, RowsPerTransaction, out more);
            }

            segment = found;
        }

        long last;
        bool ended;
        try
        {
            (last, ended) = _shelf.Use(segment, image =>
            {
                using var statement = Prepare(image);
                var seq = Step(image, statement, after, upTo, visit, int.MaxValue, out var stopped);
                return (seq, !stopped);
            });
        }
        catch (SegmentDamagedException) when (_shelf.Now.Find(segment.First)?.Digest != segment.Digest)
        {
            // A live home replaced or dropped it before it was opened.
            return Turn(after, upTo, visit, out more);
        }

        more = ended && segment.Last < upTo;
        return ended ? segment.Last : last;
    }

    // More is true where it ended because of the limit; with none, where the visitor ended it.
    private static long Step(SqliteConnection connection, sqlite3_stmt statement, long after, long upTo, RowVisitor visit, int most, out bool more)
    {
        raw.sqlite3_bind_int64(statement, 1, after);
        raw.sqlite3_bind_int64(statement, 2, upTo);
        try
        {
            var last = after;
            for (var rows = 0; rows < most; rows++)
            {
                var code = raw.sqlite3_step(statement);
                if (code != raw.SQLITE_ROW)
                {
                    if (code != raw.SQLITE_DONE)
                    {
                        SqliteException.ThrowExceptionForRC(code, connection.Handle);
                    }

                    more = false;
                    return last;
                }

                var row = new StoredRow(statement);
                last = row.Seq;
                if (!visit(row))
                {
                    more = most == int.MaxValue;
                    return last;
                }
            }

            more = true;
            return last;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }
}
