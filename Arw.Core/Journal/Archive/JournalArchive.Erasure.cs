using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Archive;

/// <content>Taking payloads out of segments.</content>
public sealed partial class JournalArchive
{
    /// <summary>Writes tombstones; the segments that have the payloads are replaced by ones without them in the same transaction.</summary>
    internal async Task<Result<Appended>> EraseAsync(IReadOnlyList<EventDraft> drafts, IReadOnlyList<Precondition>? preconditions, CancellationToken cancel)
    {
        // Nothing is moved meanwhile: where a payload lies is where it is taken from.
        await BeginAsync(cancel);
        try
        {
            var before = Now;
            var replaced = drafts.Where(d => d.Erases is not null).GroupBy(d => before.Find(d.Erases!.Value)).Where(g => g.Key is not null)
                .Select(g => (Old: g.Key!, New: Rewrite(g.Key!, $"seq IN ({string.Join(',', g.Select(d => d.Erases))})"))).ToList();
            if (replaced.Count == 0)
            {
                return await _journal.AppendAsync(drafts, preconditions, null, null, cancel);
            }

            Stepped?.Invoke(ArchiveStep.Rewritten);
            var answer = await _journal.AppendAsync(drafts, preconditions, database => replaced.ForEach(r => List(database, r.New!)), () => Replace(replaced!), cancel);
            Stepped?.Invoke(ArchiveStep.Erased);
            TidySegments();
            return answer;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Takes the payloads of a project out of database and segments, up to a seq. The event that says so is written before.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="after">Seq after which to look.</param>
    /// <param name="upTo">Seq of the last event concerned.</param>
    /// <param name="keptKinds">Kinds that begin with one of these keep their payload.</param>
    /// <param name="cancel">Stops between two steps.</param>
    public async Task ExpireAsync(string project, long after, long upTo, IReadOnlyList<string> keptKinds, CancellationToken cancel = default)
    {
        await BeginAsync(cancel);
        try
        {
            // Rows that an interrupted archiving left would keep theirs.
            await DeleteRowsAsync(cancel);
            (string, object)[] names = [("$project", project), ("$from", after), ("$to", upTo), .. keptKinds.Select((k, i) => ($"$k{i}", (object)k))];
            var which = $"project = $project AND seq > $from AND seq <= $to AND salt IS NOT NULL{string.Concat(keptKinds.Select((k, i) => $" AND substr(kind, 1, {k.Length}) <> $k{i}"))}";
            foreach (var segment in Now.Segments.Where(s => s.Last > after && s.First <= upTo && s.Projects.Any(p => p.Name == project)))
            {
                if (Rewrite(segment, which, names) is { } without)
                {
                    Stepped?.Invoke(ArchiveStep.Rewritten);
                    await TurnAsync(database => List(database, without), () => Replace([(segment, without)]), cancel);
                    Stepped?.Invoke(ArchiveStep.Erased);
                }
            }

            TidySegments();
            for (var from = Math.Max(after, Now.ArchivedTo); from < upTo; from += RowsPerTurn)
            {
                names[1] = ("$from", from);
                names[2] = ("$to", Math.Min(upTo, from + RowsPerTurn));
                await TurnAsync(database => Run(database, $"PRAGMA secure_delete = ON; UPDATE events SET payload = NULL, payload_ref = NULL, salt = NULL WHERE {which}; PRAGMA secure_delete = OFF", names), null, cancel);
            }

            // The log file still has the pages as they were.
            using var database = Open(SqliteOpenMode.ReadWrite);
            Run(database, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Whether a project has payloads up to a seq that would go.</summary>
    public bool HasPayloads(string project, long after, long upTo, IReadOnlyList<string> keptKinds) => Now.Segments.Any(s => s.Last > after && s.First <= upTo && s.Projects.Any(p => p.Name == project)) || InDatabase(project, after, upTo, keptKinds);

    private bool InDatabase(string project, long after, long upTo, IReadOnlyList<string> keptKinds)
    {
        using var database = Open();
        return Scalar(
            database,
            $"SELECT EXISTS (SELECT 1 FROM events WHERE project = $project AND seq > $from AND seq <= $to AND salt IS NOT NULL{string.Concat(keptKinds.Select((k, i) => $" AND substr(kind, 1, {k.Length}) <> $k{i}"))})",
            [("$project", project), ("$from", Math.Max(after, Now.ArchivedTo)), ("$to", upTo), .. keptKinds.Select((k, i) => ($"$k{i}", (object)k))]) == 1;
    }

    private void Replace(List<(SegmentManifest Old, SegmentManifest New)> replaced)
    {
        var now = Now;
        Volatile.Write(ref _now, now with { Segments = [.. now.Segments.Select(s => replaced.Find(r => r.Old.First == s.First) is { New: { } without } ? without : s)] });
        Shelf.Forget();
    }

    // Null where it has none of them.
    private SegmentManifest? Rewrite(SegmentManifest segment, string which, params (string, object)[] parameters)
    {
        using var image = SegmentFile.Open(_options.SegmentsPath, segment, change: true);
        Run(image, $"PRAGMA secure_delete = ON; UPDATE events SET payload = NULL, payload_ref = NULL, salt = NULL WHERE {which}", parameters);
        return Scalar(image, "SELECT changes()") == 0 ? null : SegmentFile.Write(_options.SegmentsPath, image, segment.HashBefore).Sign(Key());
    }
}
