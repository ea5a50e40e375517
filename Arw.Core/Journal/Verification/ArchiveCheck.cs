using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;

namespace Arw.Core.Journal.Verification;

/// <summary>Checks what the database says of segments and cuts: signed by a key of this home, one following the other, with a checkpoint where events were dropped. What is in the segments is checked with the other events.</summary>
internal static class ArchiveCheck
{
    /// <returns>How many segments there are, and up to where events were dropped.</returns>
    public static (long Segments, long DroppedTo) Run(JournalFile journal, JournalOptions options, string? keyId, FaultList faults)
    {
        var archived = journal.Archived;
        var keys = keyId is null ? JournalKeys.Of(options.DataDir) : [keyId];
        if (archived.Cut is { } cut)
        {
            CheckRow(journal, cut, faults);
            Check(cut, journal, options, keys, faults);
        }

        var (after, hash) = archived.Cut is { } last ? (last.UpTo, last.Hash) : (0, Convert.ToHexStringLower(ChainHash.Genesis));
        foreach (var segment in archived.Segments)
        {
            CheckRow(journal, segment, faults);
            if (!segment.IsSigned() || !keys.Contains(segment.KeyId))
            {
                faults.Add(FaultKind.Segment, segment.First, $"The archived segment with events {segment.First} to {segment.Last} is not signed by a key of this home.");
            }

            if (segment.First != after + 1 || segment.Last < segment.First)
            {
                faults.Add(FaultKind.Missing, after + 1, $"The archived segment with events {segment.First} to {segment.Last} follows event {after}.");
            }
            else if (segment.HashBefore != hash)
            {
                faults.Add(FaultKind.Chain, segment.First, $"The archived segment with events {segment.First} to {segment.Last} does not follow from the event before it.");
            }

            (after, hash) = (segment.Last, segment.HashLast);
        }

        if (SegmentSet.HasTables(journal.Connection))
        {
            new NameCheck(journal, faults).Run();
        }

        return (archived.Segments.Count, archived.DroppedTo);
    }

    private static void Check(CutRecord cut, JournalFile journal, JournalOptions options, IReadOnlyCollection<string> keys, FaultList faults)
    {
        if (!cut.IsSigned() || !keys.Contains(cut.KeyId))
        {
            faults.Add(FaultKind.Cut, 1, $"The events up to {cut.UpTo} are gone, and what says so is not signed by a key of this home.");
        }
        else if (!journal.OfSubject(JournalEvents.RetentionSubject).Where(JournalEvents.Dropped.Is).Select(JournalEvents.Dropped.Read).Any(d => d.To == cut.UpTo && d.Hash == cut.Hash && d.Checkpoint == cut.Checkpoint))
        {
            faults.Add(FaultKind.Cut, 1, $"The events up to {cut.UpTo} are gone, and no event says that retention dropped them.");
        }

        if (CheckpointFile.Problem(options.CheckpointsPath, cut) is { } problem)
        {
            faults.Add(FaultKind.Cut, cut.UpTo, problem);
        }
    }

    private static void CheckRow(JournalFile journal, CutRecord cut, FaultList faults)
    {
        using var command = journal.Connection.CreateCommand();
        command.CommandText = "SELECT max(up_to) FROM cuts";
        if (command.ExecuteScalar() as long? != cut.UpTo)
        {
            faults.Add(FaultKind.Cut, 1, $"The row of the cut after event {cut.UpTo} says something else than what is signed.");
        }
    }

    // The columns by which a segment is found say the same as what is signed.
    private static void CheckRow(JournalFile journal, SegmentManifest segment, FaultList faults)
    {
        using var command = journal.Connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM segments WHERE first = $first AND last = $last AND digest = $digest AND typeof(digest) = 'text')";
        command.Parameters.AddWithValue("$first", segment.First);
        command.Parameters.AddWithValue("$last", segment.Last);
        command.Parameters.AddWithValue("$digest", segment.Digest);
        if (command.ExecuteScalar() is not 1L)
        {
            faults.Add(FaultKind.Segment, segment.First, $"The row of the archived segment with events {segment.First} to {segment.Last} says something else than its manifest.");
        }
    }
}
