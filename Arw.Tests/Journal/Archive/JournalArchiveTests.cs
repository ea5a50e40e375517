using System.Globalization;
using Arw.Core.Journal;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;
using Arw.Core.Journal.Verification;
using CsCheck;
using Microsoft.Data.Sqlite;
using static Arw.Tests.Journal.Archive.ArchivedJournal;

namespace Arw.Tests.Journal.Archive;

public sealed class JournalArchiveTests
{
    private static readonly Gen<EventFilter> Filters = Gen.Select(
        OneOf<string[]>([], ["ext.test.tick"], ["ext.test.t"], ["ext.none.", "ext.test.tock"], ["home."]),
        OneOf<string?>(null, "episode-0", "episode-4", "episode-99"),
        OneOf<string?>(null, "lab", "else"),
        OneOf<string[]?>(null, ["lab"], ["else"]),
        (prefixes, corrId, project, visible) => new EventFilter { Prefixes = prefixes, CorrId = corrId, Project = project, VisibleProjects = visible });

    [Fact]
    public async Task Reads_OfAnyJournalWithAnyBoundaries_AreThoseBeforeArchiving() => await Gen.Select(
        Gen.Int[1, 60], Gen.Int[1, 20], Gen.Int[0, 8], Gen.Long[1, 70].Array[0, 6],
        Gen.Select(Gen.Long[-1, 70], Gen.Long[0, 70], Filters, Gen.Int[0, 40]).Array[8]).SampleAsync(
        async (events, segment, keep, boundaries, questions) =>
        {
            await using var f = await MakeAsync(events, segment, keep);
            var before = Answers(f.Journal, questions);
            foreach (var boundary in boundaries)
            {
                await f.Journal.Archive.ArchiveAsync(boundary);
                Assert.Equal(before, Answers(f.Journal, questions));
            }

            await f.ReopenAsync();
            Assert.Equal(before, Answers(f.Journal, questions));
            using var file = JournalFile.Open(f.Options).Value;
            Assert.Equal(before, Answers(file, f.Journal, questions));
            AssertHolds(new JournalVerifier(f.Options).Run());
        },
        iter: 60);

    [Fact]
    public async Task Archive_KilledAfterAnyStep_LosesAndRepeatsNothing()
    {
        await using var f = await MakeAsync(90, segment: 30);
        var all = All(f.Journal);
        var deaths = new List<(ArchiveStep Step, List<string> Seen)>();
        f.Journal.Archive.Stepped = step => deaths.Add((step, AfterDeathAsync(f.Options).GetAwaiter().GetResult()));
        while (await f.Journal.Archive.ArchiveAsync(long.MaxValue) is not null)
        {
        }

        Assert.Equal([ArchiveStep.Written, ArchiveStep.Named, ArchiveStep.Listed, ArchiveStep.Deleted], deaths.Select(d => d.Step).Distinct());
        Assert.All(deaths, d => Assert.Equal(all, d.Seen));
        Assert.Equal(3, f.Journal.Archive.Now.Segments.Count);
        Assert.Equal(all, All(f.Journal));
        using var database = new SqliteConnection($"Data Source={f.Options.JournalPath};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT count(*) FROM events";
        Assert.Equal(4L, command.ExecuteScalar());
    }

    [Fact]
    public async Task Archive_ThatFailsHalfWay_IsDoneByTheNextTry()
    {
        await using var f = await MakeAsync(40, segment: 30);
        var all = All(f.Journal);
        f.Journal.Archive.Stepped = step => throw new IOException($"{step} failed");
        await Assert.ThrowsAsync<IOException>(() => f.Journal.Archive.ArchiveAsync(long.MaxValue));
        f.Journal.Archive.Stepped = null;
        Assert.Equal(all, All(f.Journal));

        Assert.NotNull(await f.Journal.Archive.ArchiveAsync(long.MaxValue));
        await f.Journal.Archive.TidyAsync();
        Assert.Equal(all, All(f.Journal));
        Assert.Single(Directory.GetFiles(f.Options.SegmentsPath));
    }

    [Disks.SmallDiskFact]
    public async Task Archive_OnAFullDisk_LosesNothingAndIsDoneWhenThereIsSpace()
    {
        using var disk = new Disks.SmallDisk(6);
        await using var f = new JournalFixture(o => o with { DataDir = disk.Path });
        await f.FillAsync(60);
        Loosen(f.Journal, segment: 30);
        var all = All(f.Journal);
        disk.Fill();
        await Assert.ThrowsAnyAsync<IOException>(() => f.Journal.Archive.ArchiveAsync(long.MaxValue));
        Assert.Equal(all, All(f.Journal));

        disk.Free();
        f.Time.Advance(TimeSpan.FromSeconds(1));
        while (await f.Journal.Archive.ArchiveAsync(long.MaxValue) is not null)
        {
        }

        await f.Journal.Archive.TidyAsync();
        Assert.Equal(all, All(f.Journal));
        Assert.Equal(2, f.Journal.Archive.Now.Segments.Count);
        AssertHolds(new JournalVerifier(f.Options).Run());
    }

    [Fact]
    public async Task Append_AboutAnArchivedSubject_IsStillHeldToItsLastSeq()
    {
        await using var f = new JournalFixture();
        Loosen(f.Journal, keep: 1);
        await f.Journal.AppendAsync(JournalFixture.Draft() with { Subject = "lease:1" });
        await f.Journal.AppendAsync(JournalFixture.Draft() with { Subject = "lease:1" });
        await f.Journal.AppendAsync(JournalFixture.Draft());
        await f.Journal.Archive.ArchiveAsync(long.MaxValue);
        Assert.Equal(2, f.Journal.Archive.Now.ArchivedTo);

        for (var opened = 0; opened < 2; opened++)
        {
            var miss = await f.Journal.AppendAsync([JournalFixture.Draft() with { Subject = "lease:1" }], [new("lease:1", 0)]);
            Assert.Equal("conflict", miss.Refusal?.Code);
            var again = await f.Journal.AppendAsync([JournalFixture.Draft() with { Subject = "lease:1", Once = true }]);
            Assert.True(again.Value.LastSeq < again.Value.FirstSeq);
            await f.ReopenAsync();
        }

        Assert.Equal([1L, 2L], f.Journal.OfSubject("lease:1").Select(e => e.Seq));
        Assert.Equal((2, 0), (f.Journal.LastOf("lease:1"), f.Journal.LastOf("lease:2")));
        Assert.True((await f.Journal.AppendAsync([JournalFixture.Draft() with { Subject = "lease:1" }], [new("lease:1", f.Journal.LastOf("lease:1"))])).Ok);
        Assert.Equal([1L, 2L, 4L], f.Journal.OfSubject("lease:1").Select(e => e.Seq));
        Assert.Equal((4, 2), (f.Journal.LastOf("lease:1"), f.Journal.LastOf("lease:1", upTo: 3)));
    }

    [Fact]
    public async Task Follow_WhileTheArchiveMoves_GivesEveryEventOnce()
    {
        await using var f = await MakeAsync(300, segment: 20);
        await f.ReopenAsync();
        Loosen(f.Journal, 20);
        var seen = new List<long>();
        using var stop = new CancellationTokenSource();
        f.Journal.Archive.Stepped = _ => Assert.Equal(300, f.Journal.Read(0, max: 1000).Count);
        var archiving = Task.Run(async () =>
        {
            while (await f.Journal.Archive.ArchiveAsync(long.MaxValue) is not null)
            {
            }
        });
        await foreach (var page in f.Journal.FollowAsync("test", 0, EventFilter.All, stop.Token))
        {
            seen.AddRange(page.Events.Select(e => e.Seq));
            if (page.ScannedTo == 300)
            {
                break;
            }
        }

        await archiving;
        Assert.Equal(Enumerable.Range(1, 300).Select(n => (long)n), seen);
    }

    [Theory]
    [InlineData(nameof(ArchiveStep.Rewritten))]
    [InlineData(nameof(ArchiveStep.Erased))]
    public async Task Erase_OfAnArchivedPayload_TakesItOutOfTheSegmentAndTheChainHolds(string diesAfter)
    {
        var death = Enum.Parse<ArchiveStep>(diesAfter);
        await using var f = await MakeAsync(40, segment: 16);
        await f.Journal.Archive.ArchiveAsync(long.MaxValue);
        await f.Journal.Archive.ArchiveAsync(long.MaxValue);
        var secret = f.Journal.Read(6, max: 1)[0];
        List<string> died = [];
        f.Journal.Archive.Stepped = step => died = step == death ? AfterDeathAsync(f.Options).GetAwaiter().GetResult() : died;

        await f.Journal.AppendAsync([JournalEvents.Erased.Draft(new(7, secret.Kind, "It was a secret."), "person:owner", JournalEvents.Subject(7)) with { Erases = 7 }]);

        Assert.True(f.Journal.Read(6, max: 1)[0].Erased);
        Assert.Equal(death == ArchiveStep.Erased ? 41 : 40, died.Count);
        AssertHolds(new JournalVerifier(f.Options).Run());
        using var copy = new TempFolder();
        Assert.All(f.Journal.Archive.Now.Segments, s =>
        {
            using var image = SegmentFile.Open(f.Options.SegmentsPath, s);
            using var command = image.CreateCommand();
            command.CommandText = "SELECT count(*) FROM events WHERE instr(payload, 'event number 7,') > 0";
            Assert.Equal(0L, command.ExecuteScalar());
        });
        await f.ReopenAsync();
        Assert.DoesNotContain("event number 7,", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(f.Options.JournalPath)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OfADamagedSegment_NamesItsFirstEvent()
    {
        await using var f = await MakeAsync(60, segment: 16);
        while (await f.Journal.Archive.ArchiveAsync(long.MaxValue) is not null)
        {
        }

        var path = SegmentFile.PathOf(f.Options.SegmentsPath, f.Journal.Archive.Now.Segments[1]);
        var whole = await File.ReadAllBytesAsync(path);
        for (var at = 0; at < whole.Length; at += whole.Length / 40)
        {
            var flipped = (byte[])whole.Clone();
            flipped[at] ^= 4;
            await File.WriteAllBytesAsync(path, flipped);
            var report = new JournalVerifier(f.Options).Run();
            Assert.Equal(17, report.FirstBadSeq);
            Assert.All(report.Faults, fault => Assert.Equal(FaultKind.Segment, fault.Kind));
        }

        File.Delete(path);
        Assert.Equal(17, new JournalVerifier(f.Options).Run().FirstBadSeq);
        using var file = JournalFile.Open(f.Options).Value;
        Assert.Throws<SegmentDamagedException>(() => file.Read(0, EventFilter.All, 100));
        await File.WriteAllBytesAsync(path, whole);
        AssertHolds(new JournalVerifier(f.Options).Run());
    }

    [Theory]
    [InlineData("UPDATE segments SET manifest = CAST(replace(CAST(manifest AS TEXT), '\"last\":32', '\"last\":31') AS BLOB)", 17)]
    [InlineData("DELETE FROM segments WHERE first = 17", 17)]
    [InlineData("DELETE FROM segments WHERE first = 1", 1)]
    [InlineData("DELETE FROM segments", 1)]
    [InlineData("UPDATE archived SET last = 3 WHERE name = 'thing:4'", 4)]
    [InlineData("DELETE FROM archived WHERE name = 'episode-8'", 8)]
    [InlineData("UPDATE archived SET last = 4000 WHERE name = 'thing:4'", null)]
    [InlineData("UPDATE archived SET last = last + 2 WHERE name = 'thing:4'", null)]
    [InlineData("UPDATE archived SET first = first - 1 WHERE name = 'episode-8'", null)]
    [InlineData("INSERT INTO archived VALUES (0, 'thing:of-nobody', 3, 3)", null)]
    [InlineData("UPDATE segments SET last = 40 WHERE first = 17", 17)]
    public async Task Verify_OfAnArchiveThatSomebodyChanged_SaysSo(string edit, int? seq)
    {
        await using var f = await MakeAsync(60, segment: 16);
        while (await f.Journal.Archive.ArchiveAsync(long.MaxValue) is not null)
        {
        }

        using (var connection = new SqliteConnection($"Data Source={f.Options.JournalPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this test
            command.CommandText = edit;
#pragma warning restore CA2100
            Assert.NotEqual(0, command.ExecuteNonQuery());
        }

        var report = new JournalVerifier(f.Options).Run();
        Assert.False(report.Holds);
        Assert.Equal(seq, (int?)report.FirstBadSeq);
    }

    [Fact]
    public async Task StatsAndExport_OfAnArchivedJournal_AreThoseBefore()
    {
        await using var f = await MakeAsync(80, segment: 16);
        var (before, lines) = (Stats(f), Export(f));
        while (await f.Journal.Archive.ArchiveAsync(long.MaxValue) is not null)
        {
        }

        var after = Stats(f);
        Assert.Equal((5L, 76L), (after.Segments, after.ArchivedEvents));
        Assert.Equal(Words(before), Words(after));
        Assert.Equal(lines, Export(f));

        static JournalStats Stats(JournalFixture f)
        {
            using var file = JournalFile.Open(f.Options).Value;
            return file.Stats();
        }

        static string Words(JournalStats s) => System.Text.Encoding.UTF8.GetString(Core.Primitives.ArwJson.ToUtf8(s with { Segments = 0, ArchivedEvents = 0, SegmentBytes = 0 }));

        static string Export(JournalFixture f)
        {
            using var folder = new TempFolder();
            Assert.True(new Core.Journal.Portable.JournalExporter(f.Options, f.Time).Run(folder.File("x")).Ok);
            using var zip = new StreamReader(new System.IO.Compression.GZipStream(File.OpenRead(folder.File("x")), System.IO.Compression.CompressionMode.Decompress));
            return zip.ReadToEnd();
        }
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static List<string> Answers(EventJournal journal, (long After, long UpTo, EventFilter Filter, int Max)[] questions) =>
    [
        .. questions.SelectMany(q => journal.Read(q.After, q.Filter, q.Max, q.UpTo).Append(null).Concat(journal.Newest(q.Max, q.Filter))).Select(e => e is null ? "" : Seen(e)),
        .. Enumerable.Range(0, 8).SelectMany(n => journal.OfSubject(string.Create(CultureInfo.InvariantCulture, $"thing:{n}"))).Select(Seen),
    ];

    private static List<string> Answers(JournalFile file, EventJournal journal, (long After, long UpTo, EventFilter Filter, int Max)[] questions) =>
    [
        .. questions.SelectMany(q => file.Read(q.After, q.Filter, q.Max, q.UpTo).Append(null).Concat(file.Newest(q.Max, q.Filter))).Select(e => e is null ? "" : Seen(e)),
        .. Enumerable.Range(0, 8).SelectMany(n => journal.OfSubject(string.Create(CultureInfo.InvariantCulture, $"thing:{n}"))).Select(Seen),
    ];
}
