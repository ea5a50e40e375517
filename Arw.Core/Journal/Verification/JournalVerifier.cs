using Arw.Core.Journal.Anchoring;
using Arw.Core.Journal.Inspection;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Verification;

/// <summary>Verifies a data folder's journal: the file by SQLite's own check, the schema, and every event by digest and chain. It only reads, needs no lock, and takes the same memory for any length.</summary>
/// <param name="options">Where the journal is.</param>
public sealed class JournalVerifier(JournalOptions options)
{
    private const int RowsPerReport = 4096;

    /// <summary>Verifies.</summary>
    /// <param name="anchor">The anchor to compare with; null for none.</param>
    /// <param name="progress">Told how far it is, on the calling thread; null for nobody.</param>
    /// <param name="cancel">Gives up.</param>
    public VerifyReport Run(AnchorDemand? anchor = null, Action<VerifyProgress>? progress = null, CancellationToken cancel = default)
    {
        var faults = new FaultList();
        using var blobs = new BlobCheck(new BlobStore(options.BlobsPath), faults);
        var rows = new RowCheck(faults, blobs);
        AnchorReport? anchored = null;
        if (!File.Exists(options.JournalPath))
        {
            faults.Add(FaultKind.Unreadable, null, $"There is no journal \"{options.JournalPath}\".");
        }
        else
        {
            try
            {
                using var connection = ReadOnlyDatabase.Open(options.JournalPath);
                Try(faults, () => CheckStructure(connection, faults, progress), () => "SQLite's own check broke off");
                Try(faults, () => SchemaCheck.Run(connection, faults), () => "Tables and migrations cannot be read");
                Try(faults, () => CheckRows(connection, rows, progress, cancel), () => $"Nothing can be read after event {rows.LastSeq}");
                if (anchor is not null)
                {
                    // Last of all: a live home signs only what is durable, so that whatever stands in the anchor by now is in the journal by now.
                    var check = new AnchorCheck(anchor, HeadKey.IdIn(options.DataDir), faults);
                    Try(faults, () => anchored = check.Run(connection, progress, cancel), () => "The anchor cannot be compared");
                }
            }
            catch (SqliteException e)
            {
                faults.Add(FaultKind.Unreadable, null, $"The journal cannot be opened: {e.Message}");
            }
        }

        return new VerifyReport
        {
            Events = rows.Events,
            Head = rows.LastSeq,
            HeadHash = Convert.ToHexStringLower(rows.LastHash),
            Blobs = blobs.Count,
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
        catch (Exception e) when (e is SqliteException or InvalidCastException or FormatException)
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

    private static void CheckRows(SqliteConnection connection, RowCheck rows, Action<VerifyProgress>? progress, CancellationToken cancel)
    {
        using var last = connection.CreateCommand();
        last.CommandText = "SELECT max(seq) FROM events";
        var head = last.ExecuteScalar() is long seq ? seq : 0;
        progress?.Invoke(new VerifyProgress(VerifyStep.Events, 0, head));
        using var walk = new RowWalk(connection);
        walk.Run(
            long.MinValue,
            head,
            row =>
            {
                rows.Check(row);
                if (progress is not null && rows.Events % RowsPerReport == 0)
                {
                    progress(new VerifyProgress(VerifyStep.Events, rows.Events, head));
                }

                return true;
            },
            cancel);
        progress?.Invoke(new VerifyProgress(VerifyStep.Events, rows.Events, head));
    }
}
