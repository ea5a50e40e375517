using Arw.Core.Journal.Anchoring;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Verification;

/// <summary>Verifies a data folder's journal: the file by SQLite's own check, the schema, and every event by digest and chain. It only reads, needs no lock, and takes the same memory for any length. Events are checked on up to four processors.</summary>
/// <param name="options">Where the journal is.</param>
public sealed class JournalVerifier(JournalOptions options)
{
    /// <summary>Events that are checked in one go by one processor.</summary>
    internal int RowsPerPart { get; init; } = 32_768;

    /// <summary>Whose signatures count for segments and cuts: the key in the data folder and those in <c>journal.keys</c> beside it, unless this names one.</summary>
    public string? KeyId { get; init; }

    /// <summary>Verifies.</summary>
    /// <param name="anchor">The anchor to compare with; null for none.</param>
    /// <param name="progress">Told how far it is, on the calling thread; null for nobody.</param>
    /// <param name="cancel">Gives up.</param>
    public VerifyReport Run(AnchorDemand? anchor = null, Action<VerifyProgress>? progress = null, CancellationToken cancel = default)
    {
        while (true)
        {
            var dropped = DroppedTo();
            var report = Look(anchor, progress, cancel);
            if (report.Holds || DroppedTo() == dropped)
            {
                return report;
            }

            // Beside a live home: retention dropped meanwhile what was still to be looked at.
        }
    }

    private long DroppedTo()
    {
        try
        {
            using var journal = JournalFile.Connect(options);
            return journal.Archived.DroppedTo;
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException)
        {
            return 0;
        }
    }

    private VerifyReport Look(AnchorDemand? anchor, Action<VerifyProgress>? progress, CancellationToken cancel)
    {
        var faults = new FaultList();
        var (events, blobs, head, hash, segments, dropped) = (0L, 0L, 0L, ChainHash.Genesis, 0L, 0L);
        AnchorReport? anchored = null;
        if (!File.Exists(options.JournalPath))
        {
            faults.Add(FaultKind.Unreadable, null, $"There is no journal \"{options.JournalPath}\".");
        }
        else
        {
            try
            {
                using var journal = JournalFile.Connect(options);
                var connection = journal.Connection;
                Try(faults, () => CheckStructure(connection, faults, progress), () => "SQLite's own check broke off");
                Try(faults, () => SchemaCheck.Run(connection, faults), () => "Tables and migrations cannot be read");
                Try(faults, () => (segments, dropped) = ArchiveCheck.Run(journal, options, KeyId, faults), () => "What is archived cannot be read");
                using (var rows = new PartedCheck(journal, options, RowsPerPart, faults))
                {
                    Try(faults, () => rows.Run(progress, cancel), () => $"Nothing can be read after event {rows.LastSeq}");
                    (events, blobs, head, hash) = (rows.Events, rows.Blobs, rows.LastSeq, rows.LastHash);
                }

                if (anchor is not null)
                {
                    // Last of all: a live home signs only what is durable, so that whatever stands in the anchor by now is in the journal by now.
                    var check = new AnchorCheck(anchor, HeadKey.IdIn(options.DataDir), faults);
                    Try(faults, () => anchored = check.Run(journal, progress, cancel), () => "The anchor cannot be compared");
                }
            }
            catch (SqliteException e)
            {
                faults.Add(FaultKind.Unreadable, null, $"The journal cannot be opened: {e.Message}");
            }
        }

        return new VerifyReport
        {
            Events = events,
            Head = head,
            HeadHash = Convert.ToHexStringLower(hash),
            Blobs = blobs,
            Segments = segments,
            DroppedTo = dropped,
            Faults = faults.Items,
            FaultCount = faults.Count,
            FirstBadSeq = faults.FirstSeq,
            Anchor = anchored,
        };
    }

    // A part that cannot be read is a finding; the other parts are still looked at.
    private static void Try(FaultList faults, Action check, Func<string> what)
    {
        try
        {
            check();
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or FormatException or SegmentDamagedException)
        {
            faults.Add(FaultKind.Unreadable, null, $"{what()}: {e.Message}");
        }
    }

    private static void CheckStructure(SqliteConnection connection, FaultList faults, Action<VerifyProgress>? progress)
    {
        progress?.Invoke(new VerifyProgress(VerifyStep.Structure, 0, 0));
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(100)";
        using var lines = command.ExecuteReader();
        while (lines.Read())
        {
            if (lines.GetString(0) is var line and not "ok")
            {
                faults.Add(FaultKind.Structure, null, $"SQLite: {line.ReplaceLineEndings(" ")}");
            }
        }
    }
}
