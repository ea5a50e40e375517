using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Archive;

/// <content>Dropping segments, and removing files that nothing refers to.</content>
public sealed partial class JournalArchive
{
    /// <summary>Drops the oldest segments. The event that says so is written in the same transaction.</summary>
    /// <param name="to">Seq of the last event of a segment: everything up to it goes.</param>
    /// <param name="checkpoint">Digest of the read models folded up to it, which lie in the folder of checkpoints.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="cancel">Gives up before anything is done.</param>
    public async Task DropAsync(long to, string checkpoint, string reason, CancellationToken cancel = default)
    {
        await BeginAsync(cancel);
        try
        {
            var before = Now;
            var last = before.Segments.FirstOrDefault(s => s.Last == to) ?? throw new ArgumentOutOfRangeException(nameof(to), to, "No segment ends there.");
            var cut = CutRecord.Sign(Key(), to, last.HashLast, checkpoint, _time.GetUtcNow());
            if (CheckpointFile.Problem(_options.CheckpointsPath, cut) is { } problem)
            {
                throw new InvalidDataException(problem);
            }

            var said = JournalEvents.Dropped.Draft(new EventsDropped(before.DroppedTo + 1, to, last.HashLast, checkpoint, reason), "system:retention", JournalEvents.RetentionSubject);
            var after = new SegmentSet([.. before.Segments.Where(s => s.First > to)], cut);
            _ = (await _journal.AppendAsync([said], null, database => Cut(database, cut), () => Volatile.Write(ref _now, after), cancel)).Value;
            Stepped?.Invoke(ArchiveStep.Dropped);
            TidySegments();
            TidyCheckpoints();
            Stepped?.Invoke(ArchiveStep.Tidied);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Ends at start what a death interrupted: rows that a segment has too, and files that nothing refers to.</summary>
    public async Task TidyAsync(CancellationToken cancel = default)
    {
        await BeginAsync(cancel);
        try
        {
            await DeleteRowsAsync(cancel);
            TidySegments();
            TidyCheckpoints();
        }
        finally
        {
            _one.Release();
        }
    }

    private static void Cut(SqliteConnection database, CutRecord cut) => Run(
        database, "DELETE FROM segments WHERE last <= $to; INSERT INTO cuts (up_to, record) VALUES ($to, $record)", ("$to", cut.UpTo), ("$record", ArwJson.ToUtf8(cut)));

    private void TidySegments() => Tidy(_options.SegmentsPath, Now.Segments.Select(s => SegmentFile.PathOf(_options.SegmentsPath, s)));

    private void TidyCheckpoints() => Tidy(_options.CheckpointsPath, Checkpoint is { } checkpoint ? [checkpoint.Path] : []);

    // What cannot be removed now is removed by the next one.
    private static void Tidy(string folder, IEnumerable<string> referred)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var stranger in Directory.GetFiles(folder).Except(referred, StringComparer.Ordinal))
        {
            try
            {
                File.Delete(stranger);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
    }
}
