using System.Globalization;
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
            Check(cut, journal, options, keys, faults);
        }

        var (after, hash) = archived.Cut is { } last ? (last.UpTo, last.Hash) : (0, Convert.ToHexStringLower(ChainHash.Genesis));
        foreach (var segment in archived.Segments)
        {
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
            CheckNames(journal, archived, faults);
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

    // An append is held to these where its subject has no event left in the database.
    private static void CheckNames(JournalFile journal, SegmentSet archived, FaultList faults)
    {
        using var command = journal.Connection.CreateCommand();
        command.CommandText = "SELECT first, last FROM archived WHERE field = $field AND name = $name";
        command.Parameters.AddWithValue("$field", 0L);
        command.Parameters.AddWithValue("$name", "");
        foreach (var segment in archived.Segments)
        {
            try
            {
                foreach (var name in journal.Shelf.Use(segment, SegmentNames.Of))
                {
                    command.Parameters["$field"].Value = name.Field;
                    command.Parameters["$name"].Value = name.Name;
                    using var row = command.ExecuteReader();
                    if (!row.Read() || row.GetInt64(0) > name.First || row.GetInt64(1) < name.Last)
                    {
                        faults.Add(FaultKind.Segment, name.First, string.Create(CultureInfo.InvariantCulture, $"\"{name.Name}\" occurs in archived event {name.First}, and the database does not say so."));
                    }
                }
            }
            catch (SegmentDamagedException)
            {
                // Said where its events are checked.
            }
        }

        command.CommandText = "SELECT name, last FROM archived WHERE last > $to OR first < 1 OR first > last OR field NOT IN (0, 1) OR typeof(name) <> 'text' LIMIT 1";
        command.Parameters.AddWithValue("$to", Math.Max(archived.ArchivedTo, journal.Head().Seq));
        using var beyond = command.ExecuteReader();
        if (beyond.Read())
        {
            faults.Add(FaultKind.Segment, null, "The table of archived names holds something that no home writes there.");
        }
    }
}
