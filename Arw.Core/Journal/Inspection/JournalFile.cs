using Arw.Core.Journal.Archive;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Inspection;

/// <summary>A data folder's journal as others than its home read it: beside a live home or after one, without a lock and without a change.</summary>
public sealed class JournalFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly JournalReader _reader;
    private SegmentSet _archived = SegmentSet.Empty;

    private JournalFile(SqliteConnection connection, JournalOptions options)
    {
        _connection = connection;
        Shelf = new SegmentShelf(options.SegmentsPath, () => _archived = SegmentSet.Read(connection, _archived));
        _reader = new JournalReader(connection.ConnectionString, Shelf);
    }

    /// <summary>The connection that reads it.</summary>
    internal SqliteConnection Connection => _connection;

    /// <summary>Its archived segments.</summary>
    internal SegmentShelf Shelf { get; }

    /// <summary>What is archived now, and what was dropped.</summary>
    public SegmentSet Archived => Shelf.Now;

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
    internal static JournalFile Connect(JournalOptions options) => new(ReadOnlyDatabase.Open(options.JournalPath), options);

    /// <summary>Seq and hash of the last event; 0 and <see cref="ChainHash.Genesis"/> while there is none.</summary>
    public (long Seq, byte[] Hash) Head()
    {
        using var command = Command("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1");
        using var row = command.ExecuteReader();
        if (row.Read())
        {
            return (row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        }

        var archived = Archived;
        return archived.Segments.Count > 0 ? (archived.ArchivedTo, Convert.FromHexString(archived.Segments[^1].HashLast))
            : archived.Cut is { } cut ? (cut.UpTo, Convert.FromHexString(cut.Hash))
            : (0, ChainHash.Genesis);
    }

    /// <summary>Hash of an event; null when there is no such event, or it was dropped.</summary>
    /// <exception cref="SegmentDamagedException">It is in a segment that cannot be read.</exception>
    public byte[]? HashOf(long seq) => HashOf(seq, Archived);

    /// <summary>As the other one, for who asks often and knows what was archived a moment ago.</summary>
    internal byte[]? HashOf(long seq, SegmentSet archived)
    {
        if (archived.Find(seq) is not { } segment)
        {
            // The last event that was dropped is known by the cut.
            return archived.Cut is { } cut && cut.UpTo == seq ? Convert.FromHexString(cut.Hash) : Stored(_connection);
        }

        return segment.Last == seq ? Convert.FromHexString(segment.HashLast) : Shelf.Use(segment, Stored);

        byte[]? Stored(SqliteConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT hash FROM events WHERE seq = $seq";
            command.Parameters.AddWithValue("$seq", seq);
            return command.ExecuteScalar() as byte[];
        }
    }

    /// <summary>Events of one subject, oldest first.</summary>
    internal IReadOnlyList<JournalEvent> OfSubject(string subject) => _reader.OfSubject(subject);

    /// <summary>Matching events with <c>after &lt; seq ≤ upTo</c>, oldest first, at most <paramref name="max"/>.</summary>
    public IReadOnlyList<JournalEvent> Read(long after, EventFilter filter, int max, long upTo = long.MaxValue) => _reader.Read(after, upTo, filter, max);

    /// <summary>The newest matching events up to a seq, oldest first.</summary>
    public IReadOnlyList<JournalEvent> Newest(int max, EventFilter filter, long upTo = long.MaxValue) => _reader.Newest(upTo, filter, max);

    /// <summary>What is in the journal, counted.</summary>
    public JournalStats Stats()
    {
        using var snapshot = _connection.BeginTransaction(deferred: true);
        var archived = Archived;
        var (after, segments) = (archived.ArchivedTo, archived.Segments);
        using var totals = Command("SELECT count(*), min(seq), max(seq), min(recorded), max(recorded), sum(payload_bytes), count(payload_ref) FROM events WHERE seq > $after");
        totals.Parameters.AddWithValue("$after", after);
        using var row = totals.ExecuteReader();
        row.Read();
        return new JournalStats
        {
            Events = row.GetInt64(0) + segments.Sum(s => s.Events()),
            First = segments.Count > 0 ? segments[0].First : row.IsDBNull(1) ? 0 : row.GetInt64(1),
            Head = row.IsDBNull(2) ? after : row.GetInt64(2),
            Since = segments.Count > 0 ? segments[0].Since : row.IsDBNull(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
            Until = row.IsDBNull(4) ? segments.Count > 0 ? segments[^1].Until : null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            PayloadBytes = (row.IsDBNull(5) ? 0 : row.GetInt64(5)) + segments.Sum(s => s.PayloadBytes),
            BlobEvents = row.GetInt64(6) + segments.Sum(s => s.BlobEvents),
            Blobs = Blobs(archived).Count,
            Segments = segments.Count,
            ArchivedEvents = segments.Sum(s => s.Events()),
            SegmentBytes = segments.Sum(s => s.Bytes),
            DroppedTo = archived.DroppedTo,
            Kinds = Tally.Sum([.. segments.SelectMany(s => s.Kinds), .. Tally.Count(_connection, Tally.ByKind, after)]),
            Projects = Tally.Sum([.. segments.SelectMany(s => s.Projects), .. Tally.Count(_connection, Tally.ByProject, after)]),
            Actors = Tally.Sum([.. segments.SelectMany(s => s.Actors), .. Tally.Count(_connection, Tally.ByActor, after)]),
        };
    }

    /// <summary>Digests of all blobs that events refer to.</summary>
    internal HashSet<string> Blobs(SegmentSet archived)
    {
        var blobs = archived.Segments.SelectMany(s => s.Blobs).ToHashSet(StringComparer.Ordinal);
        using var command = Command("SELECT DISTINCT payload_ref FROM events WHERE payload_ref IS NOT NULL AND seq > $after");
        command.Parameters.AddWithValue("$after", archived.ArchivedTo);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            blobs.Add(rows.GetString(0));
        }

        return blobs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        Shelf.Dispose();
        _connection.Dispose();
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
