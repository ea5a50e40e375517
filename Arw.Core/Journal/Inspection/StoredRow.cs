using System.Text;
using SQLitePCL;

namespace Arw.Core.Journal.Inspection;

/// <summary>A row as it lies in the file, without a copy: its spans are valid until the next step. Nothing is converted, so that what is hashed is what is stored. What is asked for several times is fetched once: a call into SQLite costs about as much as hashing thirty bytes.</summary>
internal readonly ref struct StoredRow
{
    /// <summary>The columns, in the order of the chain's fields, then what belongs to the payload.</summary>
    public const string Columns =
        "seq, recorded, time, kind, subject, actor, project, corr_id, span_id, parent_id, payload, payload_ref, payload_bytes, salt, payload_digest, hash";

    /// <summary>Names of <see cref="Columns"/>.</summary>
    public static readonly string[] Names = Columns.Split(", ");

    /// <summary>The first text of the chain's fields, and the column after the last.</summary>
    public const int FirstText = 3, EndOfTexts = 10;

    // What the home writes: i number, t text, b bytes; capitals may be null.
    private const string Types = "iiitTtTTTTBTiBbb";

    private readonly sqlite3_stmt _statement;
    private readonly int _nulls;
    private readonly int _misfit;

    public StoredRow(sqlite3_stmt statement)
    {
        _statement = statement;
        _misfit = -1;
        for (var column = 0; column < Types.Length; column++)
        {
            var type = raw.sqlite3_column_type(statement, column);
            if (type == raw.SQLITE_NULL)
            {
                _nulls |= 1 << column;
            }

            if (_misfit < 0 && !Fits(Types[column], type))
            {
                _misfit = column;
            }
        }

        Seq = raw.sqlite3_column_int64(statement, 0);
        Payload = raw.sqlite3_column_blob(statement, 10);
        PayloadDigest = raw.sqlite3_column_blob(statement, 14);
        Hash = raw.sqlite3_column_blob(statement, 15);
    }

    public long Seq { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public ReadOnlySpan<byte> PayloadDigest { get; }

    public ReadOnlySpan<byte> Hash { get; }

    public long Recorded => raw.sqlite3_column_int64(_statement, 1);

    public long Time => raw.sqlite3_column_int64(_statement, 2);

    public string Kind => Encoding.UTF8.GetString(Bytes(FirstText));

    public string? Project => IsNull(6) ? null : Encoding.UTF8.GetString(Bytes(6));

    public bool HasPayload => !IsNull(10);

    public bool HasPayloadRef => !IsNull(11);

    public string PayloadRef => Encoding.UTF8.GetString(Bytes(11));

    public long PayloadBytes => raw.sqlite3_column_int64(_statement, 12);

    public bool HasSalt => !IsNull(13);

    public ReadOnlySpan<byte> Salt => Bytes(13);

    /// <summary>The first column that holds a type which the home never writes there; null when none does.</summary>
    public string? Misfit => _misfit < 0 ? null : Names[_misfit];

    public bool IsNull(int column) => (_nulls & (1 << column)) != 0;

    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>The hash that the row should have after the given one.</summary>
    public void HashAfter(ReadOnlySpan<byte> previous, ChainHash chain, Span<byte> hash)
    {
        chain.Begin(previous);
        chain.Field(Seq);
        chain.Field(Recorded);
        chain.Field(Time);
        for (var column = FirstText; column < EndOfTexts; column++)
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

    private static bool Fits(char expected, int type) => expected switch
    {
        'i' => type == raw.SQLITE_INTEGER,
        't' => type == raw.SQLITE_TEXT,
        'T' => type == raw.SQLITE_TEXT || type == raw.SQLITE_NULL,
        'b' => type == raw.SQLITE_BLOB,
        _ => type == raw.SQLITE_BLOB || type == raw.SQLITE_NULL,
    };
}
