using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal;

/// <summary>Why the journal does not acknowledge: shown on <c>/healthz</c>, on every page and in every refusal until it is over.</summary>
/// <param name="Code">Stable word: <c>disk_full</c>, <c>read_only</c>, <c>sync_failed</c>, <c>damaged</c> or <c>write_failed</c>.</param>
/// <param name="Message">What is wrong, in words that anybody may read: no path, nothing of the events.</param>
/// <param name="Next">What a person can do.</param>
/// <param name="Since">When it began.</param>
/// <param name="Cause">What the machine said: for the log and for people, not for strangers.</param>
public sealed record JournalFault(string Code, string Message, string Next, DateTimeOffset Since, string Cause)
{
    // Linux' numbers, as .NET hands them on in the low word of an exception's HResult.
    private const int InputOutput = 5;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int OverQuota = 122;

    private const string OnItsOwn = "The home goes on by itself as soon as it can write again.";

    /// <summary>The answer to whoever wanted to append meanwhile.</summary>
    public Refusal Refusal => new("journal_fault", $"{Message} Nothing was acknowledged.", Next, 503, new { reason = Code, since = Since });

    /// <summary>What an exception of a write means.</summary>
    public static JournalFault Of(Exception e, DateTimeOffset since) => Kind(e) switch
    {
        "disk_full" => new("disk_full", "The home's disk is full.", $"Free some space. {OnItsOwn}", since, e.Message),
        "read_only" => new("read_only", "The home's disk has become read-only.", $"Look for faults of the disk and make it writable. {OnItsOwn}", since, e.Message),
        "sync_failed" => new("sync_failed", "The home's disk did not confirm a write.", $"Look for faults of the disk. {OnItsOwn}", since, e.Message),
        "damaged" => new("damaged", "The journal on disk is not what was acknowledged.", "Stop the home, keep a copy of its data folder, and restore a backup.", since, e.Message),
        _ => new("write_failed", "The journal cannot be written.", $"See the home's log. {OnItsOwn}", since, e.Message),
    };

    private static string Kind(Exception e) => e switch
    {
        JournalDamagedException or Archive.SegmentDamagedException => "damaged",
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB } => "damaged",
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL } => "disk_full",
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_READONLY } => "read_only",
        SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_IOERR_FSYNC or SQLitePCL.raw.SQLITE_IOERR_DIR_FSYNC } => "sync_failed",
        UnauthorizedAccessException => "read_only",
        IOException => (e.HResult & 0xFFFF) switch
        {
            InputOutput => "sync_failed",
            NoSpace or OverQuota => "disk_full",
            ReadOnlyFileSystem => "read_only",
            _ => "write_failed",
        },
        _ => "write_failed",
    };
}

/// <summary>The journal could not make events durable; nothing of the append was acknowledged.</summary>
public sealed class JournalFaultException : IOException
{
    /// <summary>A fault with what is wrong and its cause.</summary>
    public JournalFaultException(JournalFault fault, Exception inner)
        : base(fault.Message, inner) => Fault = fault;

    /// <summary>A fault that stands already.</summary>
    public JournalFaultException(JournalFault fault)
        : base(fault.Message) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public JournalFault Fault { get; }
}

/// <summary>What is on disk contradicts what was acknowledged.</summary>
internal sealed class JournalDamagedException(string message) : Exception(message);
