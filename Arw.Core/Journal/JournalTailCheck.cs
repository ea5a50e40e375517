using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal;

/// <summary>Compares the end of a journal file with what was acknowledged: that it is all there, and that the chain of the last events holds.</summary>
internal static class JournalTailCheck
{
    /// <summary>Reads the last events back.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="seq">Seq of the last acknowledged event; 0 = none.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="events">How many before it are chained again; everything after it always is.</param>
    /// <exception cref="JournalDamagedException">Something that was acknowledged is missing or different.</exception>
    public static void Run(SqliteConnection connection, long seq, byte[] hash, int events)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT seq, recorded, time, kind, subject, actor, project, corr_id, span_id, parent_id, payload, salt, payload_digest, hash FROM events WHERE seq >= $from ORDER BY seq";
        command.Parameters.AddWithValue("$from", Math.Max(0, seq - events));
        using var rows = command.ExecuteReader();
        var chain = new ChainHash();
        EventRow? previous = null;
        var reached = seq == 0;
        while (rows.Read())
        {
            var row = Row(rows);
            if (previous is null ? row.Seq == 1 && !Chained(chain, ChainHash.Genesis, row) : row.Seq != previous.Seq + 1 || !Chained(chain, previous.Hash, row))
            {
                throw new JournalDamagedException($"The chain breaks at event {row.Seq}.");
            }

            if (row.Seq == seq)
            {
                reached = row.Hash.AsSpan().SequenceEqual(hash);
            }

            previous = row;
        }

        if (!reached)
        {
            throw new JournalDamagedException($"Event {seq} was acknowledged, and is not in the file as it was.");
        }
    }

    private static bool Chained(ChainHash chain, byte[] previous, EventRow row) =>
        chain.Next(previous, row).AsSpan().SequenceEqual(row.Hash)
        && (row.Payload is null || row.Salt is null || ChainHash.PayloadDigest(row.Salt, row.Payload).AsSpan().SequenceEqual(row.PayloadDigest));

    private static EventRow Row(SqliteDataReader rows) => new()
    {
        Seq = rows.GetInt64(0),
        Recorded = rows.GetInt64(1),
        Time = rows.GetInt64(2),
        Kind = rows.GetString(3),
        Subject = Text(rows, 4),
        Actor = rows.GetString(5),
        Project = Text(rows, 6),
        CorrId = Text(rows, 7),
        SpanId = Text(rows, 8),
        ParentId = Text(rows, 9),
        Payload = Bytes(rows, 10),
        Salt = Bytes(rows, 11),
        PayloadDigest = Bytes(rows, 12) ?? [],
        Hash = Bytes(rows, 13) ?? [],
    };

    private static string? Text(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    private static byte[]? Bytes(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetFieldValue<byte[]>(column);
}
