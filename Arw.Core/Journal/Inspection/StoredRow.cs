using System.Text;
using SQLitePCL;

namespace Arw.Core.Journal.Inspection;

/// <summary>A row as it lies in the file, without a copy: its spans are valid until the next step. Nothing is converted, so that what is hashed is what is stored.</summary>
internal readonly ref struct StoredRow(sqlite3_stmt statement)
{
    /// <summary>The columns, in the order of the chain's fields, then what belongs to the payload.</summary>
    public const string Columns =
        "seq, recorded, time, kind, subject, actor, project, corr_id, span_id, parent_id, payload, payload_ref, payload_bytes, salt, payload_digest, hash";

    /// <summary>Names of <see cref="Columns"/>.</summary>
    public static readonly string[] Names = Columns.Split(", ");

    // What the home writes: i number, t text, b bytes; capitals may be null.
    private const string Types = "iiitTtTTTTBTiBbb";

    public long Seq => raw.sqlite3_column_int64(statement, 0);

    public long Recorded => raw.sqlite3_column_int64(statement, 1);

    public long Time => raw.sqlite3_column_int64(statement, 2);

    public ReadOnlySpan<byte> Kind => Bytes(3);

    public ReadOnlySpan<byte> Payload => Bytes(10);

    public bool HasPayload => !IsNull(10);

    public bool HasPayloadRef => !IsNull(11);

    public string PayloadRef => Encoding.UTF8.GetString(Bytes(11));

    public long PayloadBytes => raw.sqlite3_column_int64(statement, 12);

    public bool HasSalt => !IsNull(13);

    public ReadOnlySpan<byte> Salt => Bytes(13);

    public ReadOnlySpan<byte> PayloadDigest => Bytes(14);

    public ReadOnlySpan<byte> Hash => Bytes(15);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    /// <summary>The first column that holds a type which the home never writes there; null when none does.</summary>
    public string? Misfit()
    {
        for (var column = 0; column < Names.Length; column++)
        {
            var expected = Types[column];
            var type = raw.sqlite3_column_type(statement, column);
            var fits = char.ToLowerInvariant(expected) switch
            {
                'i' => type == raw.SQLITE_INTEGER,
                't' => type == raw.SQLITE_TEXT,
                _ => type == raw.SQLITE_BLOB,
            };
            if (!fits && !(char.IsUpper(expected) && type == raw.SQLITE_NULL))
            {
                return Names[column];
            }
        }

        return null;
    }

    /// <summary>The hash that the row should have after the given one.</summary>
    public void HashAfter(ReadOnlySpan<byte> previous, ChainHash chain, Span<byte> hash)
    {
        chain.Begin(previous);
        chain.Field(Seq);
        chain.Field(Recorded);
        chain.Field(Time);
        for (var column = 3; column < 10; column++)
        {
            if (IsNull(column))
            {
                chain.Null();
            }
            else
            {
                chain.Field(Bytes(column));
            }
        }

        chain.End(PayloadDigest, hash);
    }
}
