using Arw.Core.Journal;
using Arw.Core.Journal.Verification;

namespace Arw.Tests.Journal.Verification;

public sealed class JournalVerifierTests
{
    [Fact]
    public async Task Verify_UntouchedJournal_HoldsAndIsLeftAsItIs()
    {
        using var journal = await RecordedJournal.MakeAsync(100);
        var before = await File.ReadAllBytesAsync(journal.Options.JournalPath);
        var steps = new List<VerifyProgress>();

        var report = new JournalVerifier(journal.Options).Run(progress: steps.Add);

        Assert.True(report.Holds, string.Join('\n', report.Faults));
        Assert.Equal((100, 100, 5), (report.Events, report.Head, report.Blobs));
        Assert.Equal(64, report.HeadHash.Length);
        Assert.Equal(new VerifyProgress(VerifyStep.Events, 100, 100), steps[^1]);
        Assert.Equal(before, await File.ReadAllBytesAsync(journal.Options.JournalPath));
    }

    [Theory]
    [InlineData("UPDATE events SET actor = 'person:owner' WHERE seq = 42", FaultKind.Chain, 42)]
    [InlineData("UPDATE events SET project = NULL WHERE seq = 42", FaultKind.Chain, 42)]
    [InlineData("UPDATE events SET recorded = recorded + 1 WHERE seq = 42", FaultKind.Chain, 42)]
    [InlineData("UPDATE events SET hash = zeroblob(32) WHERE seq = 42", FaultKind.Chain, 42)]
    [InlineData("UPDATE events SET payload = CAST('{}' AS BLOB) WHERE seq = 42", FaultKind.Payload, 42)]
    [InlineData("UPDATE events SET payload_bytes = 7 WHERE seq = 42", FaultKind.Payload, 42)]
    [InlineData("UPDATE events SET salt = randomblob(16) WHERE seq = 42", FaultKind.Payload, 42)]
    [InlineData("UPDATE events SET payload = NULL, salt = NULL WHERE seq = 42", FaultKind.Payload, 42)]
    [InlineData("UPDATE events SET payload_digest = zeroblob(32) WHERE seq = 42", FaultKind.Payload, 42)]
    [InlineData("UPDATE events SET kind = CAST(kind AS BLOB) WHERE seq = 42", FaultKind.Row, 42)]
    [InlineData("UPDATE events SET payload_ref = replace(payload_ref, 'sha256:', 'sha256:../') WHERE seq = 40", FaultKind.Blob, 40)]
    [InlineData("UPDATE events SET payload_ref = (SELECT payload_ref FROM events WHERE seq = 20) WHERE seq = 40", FaultKind.Blob, 40)]
    [InlineData("DELETE FROM events WHERE seq = 42", FaultKind.Missing, 42)]
    [InlineData("DELETE FROM events WHERE seq BETWEEN 1 AND 9", FaultKind.Missing, 1)]
    [InlineData("UPDATE events SET seq = -1 WHERE seq = 42; UPDATE events SET seq = 42 WHERE seq = 43; UPDATE events SET seq = 43 WHERE seq = -1", FaultKind.Chain, 42)]
    [InlineData("UPDATE events SET seq = 0 WHERE seq = 100", FaultKind.Order, 0)]
    public async Task Verify_EditedRow_NamesItsSeqFirst(string edit, FaultKind kind, long seq)
    {
        using var journal = await RecordedJournal.MakeAsync(100);
        journal.Edit(edit);

        var report = journal.Verify();

        Assert.Equal(seq, report.FirstBadSeq);
        Assert.Equal(kind, report.Faults[0].Kind);
        Assert.Contains($"{seq}", report.Faults[0].Message, StringComparison.Ordinal);
        foreach (var rows in new[] { 1, 7, 42 })
        {
            var parted = new JournalVerifier(journal.Options) { RowsPerPart = rows }.Run();
            Assert.Equal(report.Faults, parted.Faults);
            Assert.Equal((report.Events, report.Head, report.HeadHash, report.Blobs), (parted.Events, parted.Head, parted.HeadHash, parted.Blobs));
        }
    }

    [Fact]
    public async Task Verify_OneEditedRow_IsOneFault()
    {
        using var journal = await RecordedJournal.MakeAsync(100);
        journal.Edit("UPDATE events SET actor = 'person:owner' WHERE seq IN (7, 42)");
        Assert.Equal([7L, 42L], journal.Verify().Faults.Select(f => f.Seq!.Value));
    }

    [Fact]
    public async Task Verify_EveryRowEdited_CountsAllAndKeepsAHundred()
    {
        using var journal = await RecordedJournal.MakeAsync(150);
        journal.Edit("UPDATE events SET actor = 'person:owner'");
        var report = journal.Verify();
        Assert.Equal((150, 100), (report.FaultCount, report.Faults.Count));
    }

    [Fact]
    public async Task Verify_BlobDamagedOrGone_NamesItsEvents()
    {
        using var journal = await RecordedJournal.MakeAsync(40);
        var files = journal.BlobFiles();
        Assert.Equal(2, files.Length);
        var bytes = await File.ReadAllBytesAsync(files[0]);
        bytes[1000] ^= 1;
        await File.WriteAllBytesAsync(files[0], bytes);
        File.Delete(files[1]);

        var faults = journal.Verify().Faults;

        Assert.Equal([FaultKind.Blob, FaultKind.Blob], faults.Select(f => f.Kind));
        Assert.Contains(faults, f => f.Message.Contains("damaged", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Message.Contains("missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DROP INDEX events_subject")]
    [InlineData("CREATE TRIGGER later AFTER INSERT ON events BEGIN DELETE FROM events; END")]
    [InlineData("ALTER TABLE events ADD COLUMN more TEXT")]
    [InlineData("UPDATE __EFMigrationsHistory SET MigrationId = '20270101000000_Later' WHERE MigrationId = (SELECT max(MigrationId) FROM __EFMigrationsHistory)")]
    [InlineData("DELETE FROM __EFMigrationsHistory")]
    [InlineData("DROP TABLE events")]
    public async Task Verify_ChangedSchema_IsAFault(string edit)
    {
        using var journal = await RecordedJournal.MakeAsync(10);
        journal.Edit(edit);
        Assert.Contains(journal.Verify().Faults, f => f.Kind == FaultKind.Schema);
    }

    [Theory]
    [InlineData("no database at all, but a text that is longer than the hundred bytes that the header of an SQLite file takes, of course")]
    [InlineData("")]
    public async Task Verify_NoJournal_SaysSo(string content)
    {
        using var folder = new TempFolder();
        var options = new JournalOptions { DataDir = folder.Path };
        Assert.Equal(FaultKind.Unreadable, Assert.Single(new JournalVerifier(options).Run().Faults).Kind);
        await File.WriteAllTextAsync(options.JournalPath, content);
        Assert.False(new JournalVerifier(options).Run().Holds);
    }

    [Fact]
    public async Task Verify_BesideALiveJournal_SeesADurablePrefixAndHoldsNothingBack()
    {
        await using var f = new JournalFixture();
        await f.FillAsync(50);
        var writing = f.FillAsync(200);
        var report = new JournalVerifier(f.Options).Run();
        await writing;

        Assert.True(report.Holds, string.Join('\n', report.Faults));
        Assert.InRange(report.Events, 50, 250);
        Assert.Equal(250, new JournalVerifier(f.Options).Run().Events);
    }

    [Fact]
    public async Task Verify_AfterACrash_ReadsTheWriteAheadLog()
    {
        await using var f = new JournalFixture();
        await f.FillAsync(50);
        using var crashed = new TempFolder();
        foreach (var file in new[] { "journal.db", "journal.db-wal" })
        {
            File.Copy(Path.Combine(f.Options.DataDir, file), crashed.File(file));
        }

        Directory.CreateSymbolicLink(crashed.File("blobs"), f.Options.BlobsPath);
        var report = new JournalVerifier(new JournalOptions { DataDir = crashed.Path }).Run();
        Assert.True(report.Holds, string.Join('\n', report.Faults));
        Assert.Equal(50, report.Events);
    }
}
