using Arw.Core.Journal.Anchoring;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Archive;

/// <summary>
/// What of the journal lies outside its database, and how it gets there. Everything that is moved is written durably in its new place before the database
/// says so in one transaction, and is taken from the old place only afterwards: a death at any instruction loses nothing, and leaves at most something that is there twice.
/// </summary>
public sealed partial class JournalArchive : IDisposable
{
    /// <summary>How many of the newest events always stay in the database.</summary>
    public const int KeptEvents = 1024;

    // Everybody who appends waits for such a transaction.
    private const int RowsPerTurn = 500;
    private const int NamesPerTurn = 2000;

    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly EventJournal _journal;
    private readonly SemaphoreSlim _one = new(1, 1);
    private SegmentSet _now = SegmentSet.Empty;
    private HeadKey? _key;

    internal JournalArchive(JournalOptions options, TimeProvider time, EventJournal journal)
    {
        (_options, _time, _journal) = (options, time, journal);
        Shelf = new SegmentShelf(options.SegmentsPath, () => Now);
    }

    /// <summary>What is archived now, and what was dropped. The same instance while nothing changes.</summary>
    public SegmentSet Now => Volatile.Read(ref _now);

    /// <summary>Where rebuilding read models begins; null while nothing was dropped: with the first event.</summary>
    public ModelsCheckpoint? Checkpoint => Now.Cut is { } cut ? new ModelsCheckpoint(_options.DataDir, CheckpointFile.PathOf(_options.CheckpointsPath, cut.UpTo, cut.Checkpoint), cut) : null;

    /// <summary>The segments as readers use them.</summary>
    internal SegmentShelf Shelf { get; }

    /// <summary>How many of the newest events stay; <see cref="KeptEvents"/> but in tests.</summary>
    internal int Keep { get; set; } = KeptEvents;

    /// <summary>Most events in a segment; <see cref="SegmentFile.MostEvents"/> but in tests.</summary>
    internal int SegmentEvents { get; set; } = SegmentFile.MostEvents;

    /// <summary>Told after every step that a death can follow; null but in tests.</summary>
    internal Action<ArchiveStep>? Stepped { get; set; }

    /// <summary>Moves the oldest events out of the database into one segment.</summary>
    /// <param name="upTo">Seq of the last event that may go; less go when a segment is full.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <returns>The segment; null when there is nothing to move.</returns>
    /// <exception cref="IOException">It could not be made durable. Nothing is lost; the next try begins anew.</exception>
    public async Task<SegmentManifest?> ArchiveAsync(long upTo, CancellationToken cancel = default)
    {
        await BeginAsync(cancel);
        try
        {
            var before = Now;
            upTo = Math.Min(upTo, _journal.Head - Keep);
            if (upTo <= before.ArchivedTo)
            {
                return null;
            }

            var (manifest, names) = Write(before, upTo);
            Stepped?.Invoke(ArchiveStep.Written);
            foreach (var some in names.Chunk(NamesPerTurn))
            {
                await TurnAsync(database => SegmentNames.Write(database, some), null, cancel);
            }

            Stepped?.Invoke(ArchiveStep.Named);
            await TurnAsync(database => List(database, manifest), () => Volatile.Write(ref _now, before with { Segments = [.. before.Segments, manifest] }), cancel);
            Stepped?.Invoke(ArchiveStep.Listed);
            await DeleteRowsAsync(cancel);
            return manifest;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Bytes of the database that hold something: its free pages do not count.</summary>
    public long DatabaseBytes()
    {
        using var database = Open();
        return (Scalar(database, "PRAGMA page_count") - Scalar(database, "PRAGMA freelist_count")) * Scalar(database, "PRAGMA page_size");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Shelf.Dispose();
        _key?.Dispose();
        _one.Dispose();
    }

    /// <summary>Reads what the database says.</summary>
    internal void Load()
    {
        using var database = Open();
        Volatile.Write(ref _now, SegmentSet.Read(database, Now));
    }

    private static void List(SqliteConnection database, SegmentManifest manifest) => Run(
        database,
        "INSERT INTO segments (first, last, digest, manifest) VALUES ($first, $last, $digest, $manifest) ON CONFLICT (first) DO UPDATE SET digest = excluded.digest, manifest = excluded.manifest",
        ("$first", manifest.First),
        ("$last", manifest.Last),
        ("$digest", manifest.Digest),
        ("$manifest", ArwJson.ToUtf8(manifest)));

    private static void Run(SqliteConnection database, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection database, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command.ExecuteScalar() as long? ?? 0;
    }

    private (SegmentManifest Manifest, List<ArchivedName> Names) Write(SegmentSet before, long upTo)
    {
        var last = End(before.ArchivedTo, upTo);
        using var image = SegmentFile.New();
        Run(image, "ATTACH $path AS journal", ("$path", _options.JournalPath));
        Run(image, "INSERT INTO main.events SELECT * FROM journal.events WHERE seq > $after AND seq <= $to ORDER BY seq", ("$after", before.ArchivedTo), ("$to", last));
        Run(image, "DETACH journal");
        if (Scalar(image, "SELECT count(*) FROM events") != last - before.ArchivedTo)
        {
            throw new JournalDamagedException($"Events between {before.ArchivedTo + 1} and {last} are missing.");
        }

        var hashBefore = before.Segments.Count > 0 ? before.Segments[^1].HashLast : before.Cut?.Hash ?? Convert.ToHexStringLower(ChainHash.Genesis);
        return (SegmentFile.Write(_options.SegmentsPath, image, hashBefore).Sign(Key()), SegmentNames.Of(image));
    }

    // Where a segment ends that begins after a seq: when it is full, by events or by bytes.
    private long End(long after, long upTo)
    {
        using var database = Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT seq, ifnull(length(payload), 0) FROM events WHERE seq > $after AND seq <= $to ORDER BY seq LIMIT $most";
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$to", upTo);
        command.Parameters.AddWithValue("$most", SegmentEvents);
        using var rows = command.ExecuteReader();
        var (last, bytes) = (after, 0L);
        while (bytes < SegmentFile.FullAt && rows.Read())
        {
            last = rows.GetInt64(0);
            bytes += rows.GetInt64(1);
        }

        return last;
    }

    // Overwritten: a payload that is erased from its segment later must not be found here.
    private async Task DeleteRowsAsync(CancellationToken cancel)
    {
        var to = Now.ArchivedTo;
        while (to > 0)
        {
            long first;
            using (var database = Open())
            {
                first = Scalar(database, "SELECT min(seq) FROM events WHERE seq <= $to", ("$to", to));
            }

            if (first == 0)
            {
                return;
            }

            await TurnAsync(
                database => Run(database, "PRAGMA secure_delete = ON; DELETE FROM events WHERE seq BETWEEN $first AND $last; PRAGMA secure_delete = OFF", ("$first", first), ("$last", Math.Min(to, first + RowsPerTurn - 1))),
                null,
                cancel);
            Stepped?.Invoke(ArchiveStep.Deleted);
        }
    }

    // One at a time, and from what the database says: a write that failed may have become durable all the same.
    private async Task BeginAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            Load();
        }
        catch
        {
            _one.Release();
            throw;
        }
    }

    private async Task TurnAsync(Action<SqliteConnection> work, Action? durable, CancellationToken cancel) => await _journal.AppendAsync([], null, work, durable, cancel);

    private HeadKey Key() => _key ??= HeadKey.FromFolder(_options.DataDir);

    private SqliteConnection Open(SqliteOpenMode mode = SqliteOpenMode.ReadOnly)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _options.JournalPath, Pooling = false, Mode = mode }.ToString());
        database.Open();
        return database;
    }
}

/// <summary>Steps of the archive between which a death must lose nothing.</summary>
internal enum ArchiveStep
{
    /// <summary>The segment's file is durable; nothing refers to it.</summary>
    Written,

    /// <summary>Table <c>archived</c> knows the names in it.</summary>
    Named,

    /// <summary>The segment is part of the journal; its rows are still in the database.</summary>
    Listed,

    /// <summary>Some of its rows are gone from the database.</summary>
    Deleted,

    /// <summary>Events are dropped; their files are still there.</summary>
    Dropped,

    /// <summary>Files that nothing refers to are gone.</summary>
    Tidied,

    /// <summary>A segment without a payload lies beside the one with it.</summary>
    Rewritten,

    /// <summary>The payload is erased; the segment that had it is still there.</summary>
    Erased,
}
