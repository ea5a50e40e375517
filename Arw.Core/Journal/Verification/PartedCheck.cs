using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Verification;

/// <summary>Checks all events on several processors. An event is held to the stored hash of the one before it, so that the journal can be cut into parts which are checked side by side and reported in order.</summary>
/// <param name="journal">Cuts the parts: each segment is one.</param>
/// <param name="options">Where the journal is.</param>
/// <param name="rowsPerPart">Events in a part.</param>
/// <param name="faults">Where what is wrong is noted.</param>
internal sealed class PartedCheck(JournalFile journal, JournalOptions options, int rowsPerPart, FaultList faults) : IDisposable
{
    private const int MostWorkers = 4;
    private readonly List<Worker> _workers = [];

    public long Events { get; private set; }

    public long Blobs { get; private set; }

    public long LastSeq { get; private set; }

    public byte[] LastHash { get; private set; } = ChainHash.Genesis;

    /// <exception cref="SqliteException">The file breaks off.</exception>
    public void Run(Action<VerifyProgress>? progress, CancellationToken cancel)
    {
        var head = journal.Head().Seq;
        progress?.Invoke(new VerifyProgress(VerifyStep.Events, 0, head));
        foreach (var parts in Parts(head).Chunk(Math.Clamp(Environment.ProcessorCount, 1, MostWorkers)))
        {
            while (_workers.Count < parts.Length)
            {
                _workers.Add(new Worker(options));
            }

            var checks = new RowCheck[parts.Length];
            Parallel.For(0, parts.Length, new ParallelOptions { CancellationToken = cancel }, i => checks[i] = _workers[i].Check(parts[i], cancel));
            foreach (var check in checks)
            {
                Merge(check);
            }

            progress?.Invoke(new VerifyProgress(VerifyStep.Events, Events, head));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }
    }

    private void Merge(RowCheck check)
    {
        Events += check.Events;
        Blobs += check.Blobs;
        faults.AddAll(check.Faults);
        if (check.Events > 0)
        {
            LastSeq = check.LastSeq;
            LastHash = check.LastHash.ToArray();
        }
    }

    private IEnumerable<Part> Parts(long head)
    {
        var archived = journal.Archived;
        var (after, hash) = archived.Cut is { } cut ? (cut.UpTo, Hash(cut.Hash)) : (0, ChainHash.Genesis);
        foreach (var segment in archived.Segments)
        {
            yield return new Part(after, segment.Last, hash) { Segment = segment };
            (after, hash) = (segment.Last, Hash(segment.HashLast));
        }

        foreach (var part in Rows(archived.ArchivedTo == 0 ? long.MinValue : after, head, hash))
        {
            yield return part;
        }
    }

    private static byte[]? Hash(string hex)
    {
        var hash = new byte[32];
        return Convert.FromHexString(hex, hash, out _, out var written) == System.Buffers.OperationStatus.Done && written == 32 ? hash : null;
    }

    // By rows and not by numbers: a damaged number may claim that there are billions of them.
    private IEnumerable<Part> Rows(long after, long head, byte[]? before)
    {
        using var end = journal.Connection.CreateCommand();
        end.CommandText = "SELECT seq, hash FROM events WHERE seq > $after ORDER BY seq LIMIT 1 OFFSET $rows";
        var from = end.Parameters.AddWithValue("$after", long.MinValue);
        end.Parameters.AddWithValue("$rows", rowsPerPart - 1);
        var part = new Part(after, head, before);
        while (true)
        {
            from.Value = part.After;
            long seq;
            byte[]? hash;
            using (var row = end.ExecuteReader())
            {
                // A damaged tree may hand out rows in any order; going back would never end.
                if (!row.Read() || row.GetInt64(0) >= head || row.GetInt64(0) <= part.After)
                {
                    break;
                }

                (seq, hash) = (row.GetInt64(0), row.GetValue(1) as byte[]);
            }

            yield return part with { UpTo = seq };
            part = new Part(seq, head, hash);
        }

        yield return part;
    }

    private sealed record Part(long After, long UpTo, byte[]? HashBefore)
    {
        public SegmentManifest? Segment { get; init; }
    }

    private sealed class Worker : IDisposable
    {
        private readonly BlobStore _blobs;
        private readonly JournalFile _journal;
        private readonly RowWalk _walk;
        private readonly Tombstones _tombstones;

        public Worker(JournalOptions options)
        {
            _blobs = new BlobStore(options.BlobsPath);
            _journal = JournalFile.Connect(options);
            _walk = new RowWalk(_journal);
            _tombstones = new Tombstones(_journal);
        }

        public RowCheck Check(Part part, CancellationToken cancel)
        {
            var faults = new FaultList();
            using var blobs = new BlobCheck(_blobs, faults);
            var check = new RowCheck(faults, blobs, _tombstones, Math.Max(part.After, 0), part.HashBefore);
            try
            {
                _walk.Run(
                    part.After,
                    part.UpTo,
                    row =>
                    {
                        check.Check(row);
                        return true;
                    },
                    cancel);
                if (part.Segment is { } segment && (check.LastSeq != segment.Last || !check.LastHash.SequenceEqual(Hash(segment.HashLast))))
                {
                    faults.Add(FaultKind.Segment, segment.First, $"The archived segment with events {segment.First} to {segment.Last} does not end as its manifest says.");
                }
            }
            catch (SegmentDamagedException e)
            {
                faults.Add(FaultKind.Segment, e.Segment.First, e.Message);
            }
            catch (SqliteException e)
            {
                faults.Add(FaultKind.Unreadable, null, $"Nothing can be read from event {check.LastSeq} to {part.UpTo}: {e.Message}");
            }

            return check;
        }

        public void Dispose()
        {
            _walk.Dispose();
            _journal.Dispose();
        }
    }
}
