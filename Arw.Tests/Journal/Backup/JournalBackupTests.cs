using Arw.Core.Journal;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Backup;
using Arw.Core.Journal.Verification;
using Arw.Core.State;
using Arw.Tests.Journal.Archive;
using Arw.Tests.Journal.Verification;
using Arw.Tests.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Arw.Tests.Journal.Backup;

public sealed class JournalBackupTests : IDisposable
{
    private readonly TempFolder _work = new();

    [Fact]
    public async Task Backup_OfALiveJournal_RestoresEverythingWithSegmentsAndCheckpoint()
    {
        await using var f = await MadeAsync();
        var all = ArchivedJournal.All(f.Journal);
        var note = new JournalBackup(f.Options, f.Time).Run(_work.File("backup")).Value;
        Assert.Equal((f.Journal.Head, 2L), (note.Head, note.Segments));
        Assert.False(Directory.Exists(_work.File("backup.partial")));
        Assert.False(File.Exists(Path.Combine(_work.File("backup"), "journal.key")));
        ArchivedJournal.AssertHolds(new JournalVerifier(f.Options with { DataDir = _work.File("backup") }).Run());
        Assert.Equal(note, BackupNote.Read(Path.Combine(f.Options.DataDir, BackupNote.LastFileName)));

        var there = new JournalOptions { DataDir = _work.File("home") };
        Directory.CreateDirectory(there.DataDir);
        var restored = new JournalRestore(there, f.Time).Run(_work.File("backup"), replace: false).Value;
        Assert.Equal(note, restored.Note);
        ArchivedJournal.AssertHolds(new JournalVerifier(there).Run());
        await using var journal = new EventJournal(there, f.Time, new Redactor(), new BlobStore(there.BlobsPath), NullLogger<EventJournal>.Instance);
        Assert.Equal(all, ArchivedJournal.All(journal));
        using var views = new ViewsDatabase(there.ViewsPath);
        await using var host = new StateHost(journal, views, [new StateHostTests.CountModel()], NullLogger<StateHost>.Instance);
        await host.StartAsync(default);
        Assert.Null(host.Fault);

        // The restored home has a key of its own and goes on archiving: both keys count.
        ArchivedJournal.Loosen(journal);
        Assert.NotNull(await journal.Archive.ArchiveAsync(long.MaxValue));
        ArchivedJournal.AssertHolds(new JournalVerifier(there).Run());
        Assert.Equal(2, journal.Archive.Now.Segments.Select(s => s.KeyId).Distinct().Count());
    }

    [Fact]
    public async Task Backup_WhileSegmentsAreRewritten_IsOfOneMomentAllTheSame()
    {
        await using var f = await MadeAsync();
        var erased = false;
        var backup = new JournalBackup(f.Options, f.Time)
        {
            Copying = () =>
            {
                if (!erased)
                {
                    erased = true;
                    f.Journal.AppendAsync([JournalEvents.Erased.Draft(new(20, "ext.test.tock", "Gone."), "person:owner", JournalEvents.Subject(20)) with { Erases = 20 }]).AsTask().GetAwaiter().GetResult();
                }
            },
        };

        Assert.Equal(f.Journal.Head + 1, backup.Run(_work.File("backup")).Value.Head);
    }

    [Fact]
    public async Task Restore_OverAJournal_IsRefusedUnlessToldAndThenMovesItAside()
    {
        await using var f = await MadeAsync();
        Assert.True(new JournalBackup(f.Options, f.Time).Run(_work.File("backup")).Ok);
        using var other = await RecordedJournal.MakeAsync(30);
        var old = await ArchivedJournal.AfterDeathAsync(other.Options);
        var restore = new JournalRestore(other.Options, f.Time);

        Assert.Equal("conflict", restore.Run(_work.File("backup"), replace: false).Refusal?.Code);
        var (_, aside) = restore.Run(_work.File("backup"), replace: true).Value;

        Assert.Equal(ArchivedJournal.All(f.Journal), await ArchivedJournal.AfterDeathAsync(other.Options));
        Assert.Equal(old, await ArchivedJournal.AfterDeathAsync(other.Options with { DataDir = aside! }));
    }

    [Fact]
    public async Task Restore_OfADamagedBackup_IsRefusedAndLeavesEverythingAsItWas()
    {
        await using var f = await MadeAsync();
        Assert.True(new JournalBackup(f.Options, f.Time).Run(_work.File("backup")).Ok);
        var segment = Directory.GetFiles(Path.Combine(_work.File("backup"), "segments"))[0];
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[^9] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        var there = new JournalOptions { DataDir = _work.File("home") };
        Directory.CreateDirectory(there.DataDir);

        Assert.Equal("backup_damaged", new JournalRestore(there, f.Time).Run(_work.File("backup"), replace: true).Refusal?.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(there.DataDir));
        Assert.Equal("no_backup", new JournalRestore(there, f.Time).Run(_work.File("none"), replace: true).Refusal?.Code);
    }

    [Fact]
    public async Task Backup_OfAJournalThatDoesNotHold_OrIntoAFolderInUse_LeavesNothing()
    {
        await using var f = await MadeAsync();
        Directory.CreateDirectory(_work.File("full"));
        await File.WriteAllTextAsync(Path.Combine(_work.File("full"), "x"), "mine");
        Assert.Equal("conflict", new JournalBackup(f.Options, f.Time).Run(_work.File("full")).Refusal?.Code);

        File.Delete(SegmentFile.PathOf(f.Options.SegmentsPath, f.Journal.Archive.Now.Segments[0]));
        Assert.False(new JournalBackup(f.Options, f.Time).Run(_work.File("backup")).Ok);
        Assert.False(Directory.Exists(_work.File("backup")) || Directory.Exists(_work.File("backup.partial")));
    }

    public void Dispose() => _work.Dispose();

    // Dropped, archived and in the database, with large payloads in each.
    private static async Task<JournalFixture> MadeAsync()
    {
        var f = await ArchivedJournal.MakeAsync(90);
        for (var n = 0; n < 3; n++)
        {
            await f.Journal.Archive.ArchiveAsync(long.MaxValue);
        }

        var checkpoint = await new CheckpointBuilder(f.Journal, () => [new StateHostTests.CountModel()]).BuildAsync(16, f.Options.CheckpointsPath);
        await f.Journal.Archive.DropAsync(16, checkpoint, "To test it.");
        return f;
    }
}
