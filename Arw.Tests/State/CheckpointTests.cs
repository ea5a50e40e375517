using Arw.Core.Journal;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Verification;
using Arw.Core.State;
using Arw.Tests.Journal;
using Arw.Tests.Journal.Archive;
using Microsoft.Extensions.Logging.Abstractions;

namespace Arw.Tests.State;

/// <summary>Dropping events: read models rebuilt from the signed checkpoint are those folded from all events.</summary>
public sealed class CheckpointTests
{
    [Fact]
    public async Task Rebuild_AfterDropping_StartsFromTheCheckpointAndEqualsTheWholeFold()
    {
        await using var f = await FilledAsync();
        var whole = await DumpAsync(f);
        await DropAsync(f, 16);
        Assert.Equal(whole, await DumpAsync(f));
        await DropAsync(f, 48);
        Assert.Equal(48, f.Journal.Archive.Now.DroppedTo);
        Assert.Equal(whole, await DumpAsync(f));
        Assert.Single(Directory.GetFiles(f.Options.CheckpointsPath));
        ArchivedJournal.AssertHolds(new JournalVerifier(f.Options).Run());
        Assert.Equal(49, f.Journal.Read(0, max: 1)[0].Seq);
        await f.ReopenAsync();
        Assert.Equal(whole, await DumpAsync(f));
        Assert.True((await f.Journal.AppendAsync([JournalFixture.Draft("ext.row.put") with { Subject = "row:3" }], [new("row:3", LastOf(3, 100))])).Ok);
    }

    [Fact]
    public async Task Rebuild_WhenACheckpointWasAltered_IsRefused()
    {
        await using var f = await FilledAsync();
        await DropAsync(f, 32);
        var path = Directory.GetFiles(f.Options.CheckpointsPath).Single();
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        var refused = await Assert.ThrowsAsync<JournalDamagedException>(() => DumpAsync(f));
        Assert.Contains("was changed", refused.Message, StringComparison.Ordinal);
        Assert.Contains(new JournalVerifier(f.Options).Run().Faults, fault => fault.Kind == FaultKind.Cut);
        File.Delete(path);
        refused = await Assert.ThrowsAsync<JournalDamagedException>(() => DumpAsync(f));
        Assert.Contains("is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_AfterDropping_ForgetsWhatTheEventLedToAndKeepsWhatTheDroppedOnesDid()
    {
        await using var f = await FilledAsync();
        await DropAsync(f, 32);
        using var views = new ViewsDatabase(f.Options.ViewsPath);
        var (count, rows) = (new StateHostTests.CountModel(), new StateHostTests.RowsModel());
        await using var host = new StateHost(f.Journal, views, [count, rows], NullLogger<StateHost>.Instance);
        await host.StartAsync(default);
        var before = count.Current.Total;

        var erased = await f.Journal.AppendAsync([JournalEvents.Erased.Draft(new(40, "ext.row.put", "Gone."), "person:owner", JournalEvents.Subject(40)) with { Erases = 40 }]);
        await host.WaitForAsync(erased.Value.LastSeq);

        Assert.Equal(before, count.Current.Total - 1); // the tombstone is one more, and an event without payload is still one
        Assert.NotNull(rows.Rows.Find("row:1"));
        ArchivedJournal.AssertHolds(new JournalVerifier(f.Options).Run());
    }

    [Theory]
    [InlineData(nameof(ArchiveStep.Dropped))]
    [InlineData(nameof(ArchiveStep.Tidied))]
    public async Task Drop_KilledAfterAStep_LeavesAJournalThatHoldsAndBeginsAfterTheCut(string step)
    {
        await using var f = await FilledAsync();
        List<string>? seen = null;
        f.Journal.Archive.Stepped = s => seen = s.ToString() == step ? ArchivedJournal.AfterDeathAsync(f.Options).GetAwaiter().GetResult() : seen;
        await DropAsync(f, 32);
        Assert.StartsWith("{\"seq\":33,", seen![0], StringComparison.Ordinal);
        Assert.Equal(69, seen.Count);
    }

    [Theory]
    [InlineData("UPDATE cuts SET record = CAST(replace(CAST(record AS TEXT), '\"up_to\":32', '\"up_to\":31') AS BLOB)")]
    [InlineData("DELETE FROM cuts")]
    [InlineData("UPDATE events SET payload = NULL, salt = NULL WHERE kind = 'journal.dropped'")]
    public async Task Verify_OfACutThatIsNotSignedOrSaid_SaysSo(string edit)
    {
        await using var f = await FilledAsync();
        await DropAsync(f, 32);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={f.Options.JournalPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this test
            command.CommandText = edit;
#pragma warning restore CA2100
            Assert.NotEqual(0, command.ExecuteNonQuery());
        }

        Assert.False(new JournalVerifier(f.Options).Run().Holds);
    }

    [Fact]
    public async Task Verify_OfACutByAnotherKey_SaysSo()
    {
        await using var f = await FilledAsync();
        await DropAsync(f, 32);
        ArchivedJournal.AssertHolds(new JournalVerifier(f.Options).Run());
        File.Delete(Path.Combine(f.Options.DataDir, "journal.key"));
        Core.Journal.Anchoring.HeadKey.FromFolder(f.Options.DataDir).Dispose();
        Assert.Contains(new JournalVerifier(f.Options).Run().Faults, fault => fault.Kind == FaultKind.Cut);
    }

    [Fact]
    public async Task Follow_FromBeforeTheCut_IsToldTheGapOnceAndGoesOn()
    {
        await using var f = await FilledAsync();
        await DropAsync(f, 32);
        var head = f.Journal.Head;
        var (gaps, seen) = (new List<(long, long)>(), new List<long>());
        await foreach (var page in f.Journal.FollowAsync("test", 5, EventFilter.All, default))
        {
            if (page.Gap is { } gap)
            {
                gaps.Add(gap);
            }

            seen.AddRange(page.Events.Select(e => e.Seq));
            if (page.ScannedTo == head)
            {
                break;
            }
        }

        Assert.Equal([(6L, 32L)], gaps);
        Assert.Equal(Enumerable.Range(33, (int)head - 32).Select(n => (long)n), seen);
    }

    private static async Task<JournalFixture> FilledAsync()
    {
        var f = new JournalFixture();
        for (var n = 1; n <= 100; n++)
        {
            await f.Journal.AppendAsync(JournalFixture.Draft("ext.row.put", n % 30 == 0 ? $$"""{"text":"{{new string('x', 40_000)}}"}""" : "{}") with { Subject = $"row:{n % 7}" });
        }

        return f;
    }

    private static long LastOf(int row, int events) => Enumerable.Range(1, events).Last(n => n % 7 == row);

    private static async Task DropAsync(JournalFixture f, long to)
    {
        ArchivedJournal.Loosen(f.Journal);
        while (f.Journal.Archive.Now.ArchivedTo < to)
        {
            Assert.NotNull(await f.Journal.Archive.ArchiveAsync(to));
        }

        var checkpoint = await new CheckpointBuilder(f.Journal, () => [new StateHostTests.CountModel(), new StateHostTests.RowsModel()]).BuildAsync(to, f.Options.CheckpointsPath);
        await f.Journal.Archive.DropAsync(to, checkpoint, "To test it.");
    }

    // Of the events that the tests wrote: those about the dropping itself are no part of what is compared.
    private static async Task<string> DumpAsync(JournalFixture f)
    {
        using var folder = new TempFolder();
        using var views = new ViewsDatabase(folder.File("views.db"));
        await using var host = new StateHost(f.Journal, views, [new StateHostTests.CountModel(), new StateHostTests.RowsModel()], NullLogger<StateHost>.Instance);
        await host.StartAsync(default);
        return host.Dump("rows");
    }
}
