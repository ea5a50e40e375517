using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Arw.Core.Journal;

/// <summary>The one prepared INSERT of the hot path, bound as UTF-8 and bytes without a parameter object between.</summary>
internal sealed class EventInsert : IDisposable
{
    private const string Sql = """
        INSERT INTO events (seq, recorded, time, kind, subject, actor, project, corr_id, span_id, parent_id, payload, payload_ref, payload_bytes, salt, payload_digest, hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _text = new byte[512];

    /// <summary>Prepares it.</summary>
    /// <param name="connection">An open connection; it must outlive this.</param>
    public EventInsert(SqliteConnection connection)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, Sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Inserts a row.</summary>
    /// <exception cref="SqliteException">It could not be written.</exception>
    public void Run(EventRow row)
    {
        raw.sqlite3_bind_int64(_statement, 1, row.Seq);
        raw.sqlite3_bind_int64(_statement, 2, row.Recorded);
        raw.sqlite3_bind_int64(_statement, 3, row.Time);
        Text(4, row.Kind);
        Text(5, row.Subject);
        Text(6, row.Actor);
        Text(7, row.Project);
        Text(8, row.CorrId);
        Text(9, row.SpanId);
        Text(10, row.ParentId);
        Blob(11, row.Payload);
        Text(12, row.PayloadRef);
        raw.sqlite3_bind_int64(_statement, 13, row.PayloadBytes);
        Blob(14, row.Salt);
        Blob(15, row.PayloadDigest);
        Blob(16, row.Hash);
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        Check(result);
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Text(int index, string? value)
    {
        if (value is null or "")
        {
            Check(value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, value));
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }

        Check(raw.sqlite3_bind_text(_statement, index, _text.AsSpan(0, Encoding.UTF8.GetBytes(value, _text))));
    }

    private void Blob(int index, byte[]? value) =>
        Check(value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_blob(_statement, index, value));

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
        {
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result, raw.sqlite3_extended_errcode(_database));
        }
    }
}
