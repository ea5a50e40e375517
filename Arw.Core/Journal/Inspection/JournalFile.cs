using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Inspection;

/// <summary>A data folder's journal as others than its home read it: beside a live home or after one, without a lock and without a change.</summary>
public sealed class JournalFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly JournalReader _reader;

    private JournalFile(SqliteConnection connection) => (_connection, _reader) = (connection, new JournalReader(connection.ConnectionString));

    /// <summary>The connection that reads it.</summary>
    internal SqliteConnection Connection => _connection;

    /// <summary>Opens a journal.</summary>
    /// <param name="options">Where it is.</param>
    public static Result<JournalFile> Open(JournalOptions options)
    {
        if (!File.Exists(options.JournalPath))
        {
            return new Refusal("no_journal", $"There is no journal in \"{options.DataDir}\".", "Name the data folder with --state-dir, or in ARW_STATE_DIR.", 404);
        }

        try
        {
            var file = Connect(options);
            try
            {
                file.Head();
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (SqliteException e)
        {
            return new Refusal("journal_unreadable", $"The journal \"{options.JournalPath}\" cannot be read: {e.Message}", "\"journal verify\" says what is wrong with it.", 500);
        }
    }

    /// <exception cref="SqliteException">It cannot be opened.</exception>
    internal static JournalFile Connect(JournalOptions options) => new(ReadOnlyDatabase.Open(options.JournalPath));

    /// <summary>Seq and hash of the last event; 0 and <see cref="ChainHash.Genesis"/> while there is none.</summary>
    public (long Seq, byte[] Hash) Head()
    {
        using var command = Command("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1");
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : (0, ChainHash.Genesis);
    }

    /// <summary>Hash of an event; null when there is no such event.</summary>
    public byte[]? HashOf(long seq)
    {
        using var command = Command("SELECT hash FROM events WHERE seq = $seq");
        command.Parameters.AddWithValue("$seq", seq);
        return command.ExecuteScalar() as byte[];
    }

    /// <summary>Matching events with <c>after &lt; seq ≤ upTo</c>, oldest first, at most <paramref name="max"/>.</summary>
    public IReadOnlyList<JournalEvent> Read(long after, EventFilter filter, int max, long upTo = long.MaxValue) => _reader.Read(after, upTo, filter, max);

    /// <summary>The newest matching events up to a seq, oldest first.</summary>
    public IReadOnlyList<JournalEvent> Newest(int max, EventFilter filter, long upTo = long.MaxValue) => _reader.Newest(upTo, filter, max);

    /// <summary>What is in the journal, counted.</summary>
    public JournalStats Stats()
    {
        using var totals = Command("SELECT count(*), min(seq), max(seq), min(recorded), max(recorded), sum(payload_bytes), count(payload_ref), count(DISTINCT payload_ref) FROM events");
        using var row = totals.ExecuteReader();
        row.Read();
        return new JournalStats
        {
            Events = row.GetInt64(0),
            First = row.IsDBNull(1) ? 0 : row.GetInt64(1),
            Head = row.IsDBNull(2) ? 0 : row.GetInt64(2),
            Since = row.IsDBNull(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
            Until = row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            PayloadBytes = row.IsDBNull(5) ? 0 : row.GetInt64(5),
            BlobEvents = row.GetInt64(6),
            Blobs = row.GetInt64(7),
            Kinds = Counted("SELECT kind, count(*), sum(payload_bytes) FROM events GROUP BY kind ORDER BY 2 DESC, 1"),
            Projects = Counted("SELECT ifnull(project, '–'), count(*), sum(payload_bytes) FROM events GROUP BY project ORDER BY 2 DESC, 1"),
            Actors = Counted("SELECT actor, count(*), sum(payload_bytes) FROM events GROUP BY actor ORDER BY 2 DESC, 1"),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _connection.Dispose();
    }

    private List<Tally> Counted(string sql)
    {
        using var command = Command(sql);
        using var rows = command.ExecuteReader();
        var tallies = new List<Tally>();
        while (rows.Read())
        {
            tallies.Add(new Tally(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2)));
        }

        return tallies;
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
