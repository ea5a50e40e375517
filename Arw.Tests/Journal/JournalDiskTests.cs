using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Tests.Disks;
using Microsoft.Data.Sqlite;
using static Arw.Tests.Journal.JournalFixture;

namespace Arw.Tests.Journal;

/// <summary>What the journal does on a disk that fills up, tears or lies.</summary>
public sealed class JournalDiskTests
{
    private static readonly string Filler = new('x', 8_000);

    [SmallDiskFact]
    public async Task Append_OnAFullDisk_IsRefusedAndGoesOnByItselfWhenThereIsSpace()
    {
        using var disk = new SmallDisk(4);
        var acknowledged = new List<long>();
        await using (var f = new JournalFixture(o => o with { DataDir = disk.Path }))
        {
            acknowledged.Add((await f.Journal.AppendAsync(Draft())).LastSeq);
            disk.Fill();
            var fault = await FillUntilRefusedAsync(f, acknowledged);
            Assert.Equal(("disk_full", 503, "journal_fault"), (fault.Fault.Code, fault.Fault.Refusal.Status, fault.Fault.Refusal.Code));

            // A second at a time, and still no space: the fault stands, and everything acknowledged can be read.
            f.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("disk_full", f.Journal.Fault?.Code);
            Assert.Equal(acknowledged, f.Journal.Read(0).Select(e => e.Seq));

            // Nobody appends: the journal itself finds that there is space again.
            disk.Free();
            f.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(f.Journal.Fault);
            acknowledged.Add((await f.Journal.AppendAsync(Draft())).LastSeq);
        }

        Assert.Equal(acknowledged, ChainCheck.Read(disk.Path).Select(r => r.Seq));
    }

    [SmallDiskFact]
    public async Task Append_OfABlobOnAFullDisk_LeavesNoEventAndNoFile()
    {
        using var disk = new SmallDisk(4);
        await using var f = new JournalFixture(o => o with { DataDir = disk.Path });
        await f.Journal.AppendAsync(Draft());
        disk.Fill();

        var fault = await Assert.ThrowsAsync<JournalFaultException>(async () => await f.Journal.AppendAsync(Draft(payload: $"\"{new string('b', 100_000)}\"")));

        Assert.Equal("disk_full", fault.Fault.Code);
        Assert.Equal(1, f.Journal.Head);
        Assert.Empty(Directory.Exists(f.Options.BlobsPath) ? Directory.EnumerateFiles(f.Options.BlobsPath, "*", SearchOption.AllDirectories) : []);
        disk.Free();
        f.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(f.Journal.Fault);
        Assert.Equal(2, (await f.Journal.AppendAsync(Draft(payload: $"\"{new string('b', 100_000)}\""))).LastSeq);
    }

    [SmallDiskFact]
    public async Task Open_OnAReadOnlyDisk_FailsAndLosesNothing()
    {
        using var disk = new SmallDisk(4);
        await using (var f = new JournalFixture(o => o with { DataDir = disk.Path }))
        {
            await f.Journal.AppendAsync([Draft(), Draft(), Draft()]);
        }

        disk.Remount(writable: false);
        Assert.ThrowsAny<SqliteException>(() => new JournalFixture(o => o with { DataDir = disk.Path }));
        disk.Remount(writable: true);
        await using var again = new JournalFixture(o => o with { DataDir = disk.Path });

        Assert.Equal(4, (await again.Journal.AppendAsync(Draft())).LastSeq);
    }

    [Fact]
    public async Task Open_AfterATornTail_HasEverythingAcknowledgedAndAWholeChain()
    {
        await using var f = new JournalFixture();
        await f.ReopenAsync(); // the log holds events only from here on
        for (var i = 0; i < 20; i++)
        {
            await f.Journal.AppendAsync(Draft(payload: $$"""{"n":{{i}}}"""));
        }

        // What a power cut leaves of a transaction whose sync had not ended is any part of what lies between the two lengths.
        var (durable, wal) = (new FileInfo(f.Options.JournalPath + "-wal").Length, f.Options.JournalPath + "-wal");
        await f.Journal.AppendAsync([.. Enumerable.Range(0, 30).Select(_ => Draft(payload: $"\"{Filler}\""))]);
        var (database, log) = (ReadShared(f.Options.JournalPath), ReadShared(wal));
        var random = new Random(20261125);
        for (var round = 0; round < 60; round++)
        {
            await AssertSurvivesAsync(database, Tear(log, durable, random), least: 20);
        }
    }

    [Fact]
    public async Task Open_WithADamagedLog_HasAWholeChainOfWhatIsLeft()
    {
        await using var f = new JournalFixture();
        await f.ReopenAsync(); // the log holds events only from here on
        for (var i = 0; i < 20; i++)
        {
            await f.Journal.AppendAsync(Draft(payload: $$"""{"n":{{i}}}"""));
        }

        var (database, log) = (ReadShared(f.Options.JournalPath), ReadShared(f.Options.JournalPath + "-wal"));
        var random = new Random(20261126);
        for (var round = 0; round < 40; round++)
        {
            await AssertSurvivesAsync(database, Tear(log, 0, random), least: 0);
        }
    }

    [Fact]
    public async Task Put_OverADamagedBlob_ReplacesIt()
    {
        using var folder = new TempFolder();
        var blobs = new BlobStore(folder.Path);
        var digest = await blobs.PutAsync("a payload"u8.ToArray(), default);
        var file = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(file, "b payload");
        await Assert.ThrowsAsync<InvalidDataException>(async () => await blobs.GetAsync(digest, default));

        Assert.Equal(digest, await blobs.PutAsync("a payload"u8.ToArray(), default));

        Assert.Equal("a payload"u8.ToArray(), (await blobs.GetAsync(digest, default)).Value);
    }

    [Fact]
    public async Task Recovery_OfAJournalThatWasChangedBehindIt_StaysShut()
    {
        await using var f = new JournalFixture();
        await f.Journal.AppendAsync([Draft(), Draft(), Draft()]);
        using (var other = new SqliteConnection($"Data Source={f.Options.JournalPath};Pooling=False"))
        {
            other.Open();
            using var change = other.CreateCommand();
            change.CommandText = "UPDATE events SET actor = 'somebody:else' WHERE seq = 2; CREATE TRIGGER no BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'broken'); END";
            change.ExecuteNonQuery();
        }

        await Assert.ThrowsAsync<JournalFaultException>(async () => await f.Journal.AppendAsync(Draft()));
        var fault = await Assert.ThrowsAsync<JournalFaultException>(async () => await f.Journal.AppendAsync(Draft()));

        Assert.Equal("damaged", fault.Fault.Code);
        Assert.Contains("event 2", fault.Fault.Cause, StringComparison.Ordinal);
        f.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("damaged", f.Journal.Fault?.Code);
    }

    private static async Task<JournalFaultException> FillUntilRefusedAsync(JournalFixture f, List<long> acknowledged)
    {
        while (true)
        {
            try
            {
                acknowledged.Add((await f.Journal.AppendAsync(Draft(payload: $"\"{Filler}\""))).LastSeq);
            }
            catch (JournalFaultException e)
            {
                return e;
            }
        }
    }

    // Cut off, overwritten with noise, or filled with zeros, somewhere after a length.
    private static byte[] Tear(byte[] log, long from, Random random)
    {
        var torn = log.ToArray();
        var at = (int)random.NextInt64(from, log.Length);
        switch (random.Next(3))
        {
            case 0:
                return torn[..at];
            case 1:
                random.NextBytes(torn.AsSpan(at));
                return torn;
            default:
                torn.AsSpan(at, Math.Min(4096, torn.Length - at)).Clear();
                return torn;
        }
    }

    private static async Task AssertSurvivesAsync(byte[] database, byte[] log, int least)
    {
        using var folder = new TempFolder();
        var options = new JournalOptions { DataDir = folder.Path };
        await File.WriteAllBytesAsync(options.JournalPath, database);
        await File.WriteAllBytesAsync(options.JournalPath + "-wal", log);
        long head;
        await using (var f = new JournalFixture(_ => options))
        {
            head = f.Journal.Head;
            Assert.True(head >= least, $"Event {least} was acknowledged, the journal ends at {head}.");
            Assert.Equal(head + 1, (await f.Journal.AppendAsync(Draft())).LastSeq);
        }

        var rows = ChainCheck.Read(folder.Path);
        Assert.Equal(head + 1, rows.Count);
        Assert.All(rows.Take(Math.Min(20, (int)head)).Index(), r => Assert.Equal(ArwJson.ToUtf8(new { n = r.Index }), r.Item.Payload));
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
