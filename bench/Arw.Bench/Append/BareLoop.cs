using System.Diagnostics;
using System.Security.Cryptography;
using Arw.Bench.Report;
using Arw.Core.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Arw.Bench.Append;

/// <summary>What the journal is compared with: one prepared INSERT in a loop, on the same table with the same indexes and settings, and nothing else: no intake, no digests, no hand-over between threads.</summary>
internal sealed class BareLoop : IDisposable
{
    private static readonly string[] Columns =
    [
        "seq", "recorded", "time", "kind", "subject", "actor", "project", "corr_id", "span_id", "parent_id",
        "payload", "payload_ref", "payload_bytes", "salt", "payload_digest", "hash",
    ];

    private readonly WorkFolder _folder = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _commit;
    private readonly IReadOnlyList<EventDraft> _rows;
    private long _seq;

    /// <param name="rows">Rows to write over and over; one that stays the same by default, which touches fewer pages of the indexes.</param>
    public BareLoop(IReadOnlyList<EventDraft>? rows = null)
    {
        _rows = rows ?? [];
        var connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.Path, "bare.db"), Pooling = false }.ToString();
        using (var context = new JournalContext(JournalContext.OptionsFor(connectionString)))
        {
            context.Database.Migrate();
        }

        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        using (var pragma = Prepare("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"))
        {
            pragma.ExecuteNonQuery();
        }

        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _insert = Prepare($"INSERT INTO events ({string.Join(", ", Columns)}) VALUES ({string.Join(", ", Columns.Select(c => "$" + c))})");
        Fill();
    }

    /// <summary>Writes groups of a mean size until there are so many events; tells the seconds.</summary>
    public double Run(long events, double meanGroup)
    {
        var start = Stopwatch.GetTimestamp();
        double due = 0;
        for (long written = 0; written < events;)
        {
            due += meanGroup;
            var group = Math.Clamp((long)due - written, 1, events - written);
            Write(group);
            written += group;
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Milliseconds of each of a number of transactions of one row.</summary>
    public double[] Lone(int count)
    {
        var taken = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Write(1);
            taken[i] = Figures.Milliseconds(Stopwatch.GetTimestamp() - start);
        }

        return taken;
    }

    public void Dispose()
    {
        _begin.Dispose();
        _insert.Dispose();
        _commit.Dispose();
        _connection.Dispose();
        _folder.Dispose();
    }

    private void Write(long group)
    {
        _begin.ExecuteNonQuery();
        for (long i = 0; i < group; i++)
        {
            _insert.Parameters[0].Value = ++_seq;
            if (_rows.Count > 0)
            {
                Fill(_rows[(int)(_seq % _rows.Count)]);
            }

            _insert.ExecuteNonQuery();
        }

        _commit.ExecuteNonQuery();
    }

    private void Fill()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        object[] values =
        [
            0L, now, now, SampleRow.Kind, SampleRow.Subject(0), SampleRow.Actor, SampleRow.Project, SampleRow.CorrId(0), DBNull.Value, DBNull.Value,
            SampleRow.Payload, DBNull.Value, (long)SampleRow.Payload.Length, RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32),
        ];
        for (var i = 0; i < Columns.Length; i++)
        {
            _insert.Parameters.Add(new SqliteParameter("$" + Columns[i], values[i]));
        }
    }

    private void Fill(EventDraft row)
    {
        var payload = row.Payload.ToArray();
        foreach (var (at, value) in new (int, object?)[]
        {
            (3, row.Kind), (4, row.Subject), (5, row.Actor), (6, row.Project), (7, row.CorrId), (8, row.SpanId), (9, row.ParentId), (10, payload), (12, (long)payload.Length),
        })
        {
            _insert.Parameters[at].Value = value ?? DBNull.Value;
        }
    }

    private SqliteCommand Prepare(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
