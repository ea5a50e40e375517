using System.Collections.Concurrent;
using System.Text;
using Arw.Core.Journal.Archive;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal;

/// <summary>Reads pages of events in order, from archived segments and from the database, on read-only connections of its own, so that readers never wait for the writer.</summary>
internal sealed class JournalReader(string connectionString, SegmentShelf shelf) : IDisposable
{
    private const string Columns = "seq, recorded, time, kind, subject, actor, project, corr_id, span_id, parent_id, payload, payload_ref, payload_bytes";
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _disposed;

    /// <summary>Matching events with <c>after &lt; seq ≤ upTo</c>, oldest first, at most <paramref name="max"/>.</summary>
    /// <exception cref="SegmentDamagedException">Some of them are in a segment that cannot be read.</exception>
    public List<JournalEvent> Read(long after, long upTo, EventFilter filter, int max) => Steady(set =>
    {
        var events = new List<JournalEvent>();
        foreach (var segment in Segments(set, filter, after, upTo))
        {
            if (events.Count < max)
            {
                events.AddRange(shelf.Use(segment, image => Query(image, filter, Between, "ASC", max - events.Count, ("$after", after), ("$to", upTo))));
            }
        }

        return events.Count == max && max > 0 ? events : Join(events, Using(c => Query(c, filter, Between, "ASC", max - events.Count, ("$after", Math.Max(after, set.ArchivedTo)), ("$to", upTo))));
    });

    /// <summary>The newest matching events up to a seq, oldest first.</summary>
    /// <exception cref="SegmentDamagedException">Some of them are in a segment that cannot be read.</exception>
    public List<JournalEvent> Newest(long upTo, EventFilter filter, int max) => Steady(set =>
    {
        var events = Using(c => Query(c, filter, Between, "DESC", max, ("$after", set.ArchivedTo), ("$to", upTo)));
        if (events.Count < max)
        {
            foreach (var segment in Segments(set, filter, 0, upTo).Reverse())
            {
                if (events.Count < max)
                {
                    events.AddRange(shelf.Use(segment, image => Query(image, filter, Between, "DESC", max - events.Count, ("$after", 0L), ("$to", upTo))));
                }
            }
        }

        events.Reverse();
        return events;
    });

    /// <summary>Events of one subject, oldest first.</summary>
    /// <exception cref="SegmentDamagedException">Some of them are in a segment that cannot be read.</exception>
    public List<JournalEvent> OfSubject(string subject) => Steady(set =>
    {
        var events = new List<JournalEvent>();
        foreach (var segment in Named(set, ArchivedName.Subject, subject))
        {
            events.AddRange(shelf.Use(segment, image => Query(image, EventFilter.All, "subject = $subject", "ASC", int.MaxValue, ("$subject", subject))));
        }

        return Join(events, Using(c => Query(c, EventFilter.All, "subject = $subject AND seq > $after", "ASC", int.MaxValue, ("$subject", subject), ("$after", set.ArchivedTo))));
    });

    /// <summary>Seq of the last event of a subject up to a seq; 0 when there is none.</summary>
    public long LastOf(string subject, long upTo) => Steady(_ => Using(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce((SELECT max(seq) FROM events WHERE subject = $subject AND seq <= $to), (SELECT last FROM archived WHERE field = 0 AND name = $subject), 0)";
        command.Parameters.AddWithValue("$subject", subject);
        command.Parameters.AddWithValue("$to", upTo);
        return (long)command.ExecuteScalar()!;
    }));

    /// <summary>Whether an event after a seq has its payload in that blob. Looks at all of them.</summary>
    public bool RefersTo(string digest, long after = 0) => Steady(set => set.Segments.Any(s => s.Last > after && s.Blobs.Contains(digest)) || Using(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM events WHERE payload_ref = $digest AND seq > $after)";
        command.Parameters.AddWithValue("$digest", digest);
        command.Parameters.AddWithValue("$after", after);
        return command.ExecuteScalar() is 1L;
    }));

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private const string Between = "seq > $after AND seq <= $to";

    // The first part where the second is empty, and the other way round, as they are: most reads have only one.
    private static List<JournalEvent> Join(List<JournalEvent> first, List<JournalEvent> second)
    {
        if (first.Count == 0)
        {
            return second;
        }

        first.AddRange(second);
        return first;
    }

    private static void Restrict(StringBuilder sql, SqliteCommand command, EventFilter filter)
    {
        if (filter.CorrId is { } corrId)
        {
            sql.Append(" AND corr_id = $corr");
            command.Parameters.AddWithValue("$corr", corrId);
        }

        if (filter.Project is { } project)
        {
            sql.Append(" AND project = $project");
            command.Parameters.AddWithValue("$project", project);
        }

        if (filter.VisibleProjects is { } visible)
        {
            var names = visible.Select((p, i) =>
            {
                command.Parameters.AddWithValue($"$v{i}", p);
                return $"$v{i}";
            }).ToList();
            sql.Append(" AND project IN (").AppendJoin(',', names).Append(')');
        }

        if (filter.Prefixes.Count > 0)
        {
            // substr, not LIKE: kinds are case-sensitive and "_" is no wildcard.
            var tests = filter.Prefixes.Select((p, i) =>
            {
                command.Parameters.AddWithValue($"$k{i}", p);
                return $"substr(kind, 1, {p.Length}) = $k{i}";
            }).ToList();
            sql.Append(" AND (").AppendJoin(" OR ", tests).Append(')');
        }
    }

    private static JournalEvent ToEvent(SqliteDataReader row) => new()
    {
        Seq = row.GetInt64(0),
        Recorded = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
        Kind = row.GetString(3),
        Subject = Text(row, 4),
        Actor = row.GetString(5),
        Project = Text(row, 6),
        CorrId = Text(row, 7),
        SpanId = Text(row, 8),
        ParentId = Text(row, 9),
        Payload = row.IsDBNull(10) ? default(ReadOnlyMemory<byte>) : row.GetFieldValue<byte[]>(10),
        PayloadRef = row.IsDBNull(11) ? null : new PayloadRef(row.GetString(11), row.GetInt64(12)),
        Erased = row.IsDBNull(10) && row.IsDBNull(11),
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    // Rows leave the database only after the segment that has them is known: what was read is whole when nothing was archived meanwhile.
    private T Steady<T>(Func<SegmentSet, T> read)
    {
        while (true)
        {
            var set = shelf.Now;
            T answer;
            try
            {
                answer = read(set);
            }
            catch (SegmentDamagedException) when (!ReferenceEquals(set, shelf.Now))
            {
                // Replaced or dropped meanwhile.
                continue;
            }

            if (ReferenceEquals(set, shelf.Now))
            {
                return answer;
            }
        }
    }

    private IEnumerable<SegmentManifest> Segments(SegmentSet set, EventFilter filter, long after, long upTo) => set.Segments.Count == 0 || after >= set.ArchivedTo
        ? []
        : (filter.CorrId is { } corrId ? Named(set, ArchivedName.CorrId, corrId) : set.Segments).Where(s => s.Last > after && s.First <= upTo && s.MayMatch(filter));

    private IReadOnlyList<SegmentManifest> Named(SegmentSet set, long field, string name)
    {
        if (set.Segments.Count == 0)
        {
            return [];
        }

        var (first, last) = Using(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT first, last FROM archived WHERE field = $field AND name = $name";
            command.Parameters.AddWithValue("$field", field);
            command.Parameters.AddWithValue("$name", name);
            using var row = command.ExecuteReader();
            return row.Read() ? (row.GetInt64(0), row.GetInt64(1)) : (0, 0);
        });
        return [.. set.Segments.Where(s => s.Last >= first && s.First <= last)];
    }

    private static List<JournalEvent> Query(SqliteConnection connection, EventFilter filter, string range, string order, int max, params (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        var sql = new StringBuilder($"SELECT {Columns} FROM events WHERE {range}");
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        Restrict(sql, command, filter);
        sql.Append(System.Globalization.CultureInfo.InvariantCulture, $" ORDER BY seq {order} LIMIT {max}");
#pragma warning disable CA2100 // the text is built from constants; values are parameters
        command.CommandText = sql.ToString();
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var events = new List<JournalEvent>();
        while (rows.Read())
        {
            events.Add(ToEvent(rows));
        }

        return events;
    }

    private T Using<T>(Func<SqliteConnection, T> query)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var connection))
        {
            connection = new SqliteConnection(connectionString);
            connection.Open();
        }

        try
        {
            return query(connection);
        }
        finally
        {
            if (_disposed)
            {
                connection.Dispose();
            }
            else
            {
                _idle.Add(connection);
            }
        }
    }
}
