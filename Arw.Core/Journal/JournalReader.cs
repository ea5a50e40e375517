using System.Collections.Concurrent;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal;

/// <summary>Reads pages of events in order, on read-only connections of its own, so that readers never wait for the writer.</summary>
internal sealed class JournalReader(string connectionString) : IDisposable
{
    private const string Columns = "seq, recorded, time, kind, subject, actor, project, corr_id, span_id, parent_id, payload, payload_ref, payload_bytes";
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _disposed;

    /// <summary>Matching events with <c>after &lt; seq ≤ upTo</c>, oldest first, at most <paramref name="max"/>.</summary>
    public List<JournalEvent> Read(long after, long upTo, EventFilter filter, int max) => Query(filter, "seq > $after AND seq <= $to", "ASC", max, ("$after", after), ("$to", upTo));

    /// <summary>The newest matching events up to a seq, oldest first.</summary>
    public List<JournalEvent> Newest(long upTo, EventFilter filter, int max)
    {
        var events = Query(filter, "seq <= $to", "DESC", max, ("$to", upTo));
        events.Reverse();
        return events;
    }

    /// <summary>Events of one subject, oldest first.</summary>
    public List<JournalEvent> OfSubject(string subject) => Query(EventFilter.All, "subject = $subject", "ASC", int.MaxValue, ("$subject", subject));

    /// <summary>Whether an event has its payload in that blob. Looks at the whole journal.</summary>
    public bool RefersTo(string digest) => Using(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM events WHERE payload_ref = $digest)";
        command.Parameters.AddWithValue("$digest", digest);
        return command.ExecuteScalar() is 1L;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
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

    private List<JournalEvent> Query(EventFilter filter, string range, string order, int max, params (string Name, object Value)[] parameters) => Using(connection =>
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
    });

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
