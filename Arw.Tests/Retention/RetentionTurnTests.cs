using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Erasure;
using Arw.Core.Journal;
using Arw.Core.Journal.Verification;
using Arw.Core.Retention;
using Arw.Core.State;
using Arw.Tests.Actions;
using Arw.Tests.Journal.Archive;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Arw.Tests.Retention;

public sealed class RetentionTurnTests
{
    [Fact]
    public async Task Turn_WithNothingConfigured_KeepsEverything()
    {
        await using var k = await StartAsync(new());
        await FillAsync(k, 50, TimeSpan.FromDays(30));
        Assert.Equivalent(new RetentionReport(0, 0, [], 0), await RunAsync(k));
        Assert.Equal(0, k.Journal.Archive.Now.ArchivedTo);
    }

    [Fact]
    public async Task Turn_ArchiveAfter_MovesOldEventsAndWaitsForADayBeforeASmallSegment()
    {
        await using var k = await StartAsync(new() { ArchiveAfter = TimeSpan.FromDays(10) });
        var first = k.Journal.Head;
        await FillAsync(k, 240, TimeSpan.FromHours(1));
        Assert.Equal(0, (await RunAsync(k)).Segments);
        k.Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, (await RunAsync(k)).Segments);
        Assert.InRange(k.Journal.Archive.Now.ArchivedTo, first + 20, first + 30);
        Assert.Equal(0, (await RunAsync(k)).Segments);
        Holds(k);
    }

    [Fact]
    public async Task Turn_Age_DropsWhatIsOlderAndModelsStay()
    {
        await using var k = await StartAsync(new() { Age = TimeSpan.FromDays(5) });
        await FillAsync(k, 240, TimeSpan.FromHours(1));
        var report = await RunAsync(k);
        var dropped = k.Journal.Archive.Now.DroppedTo;
        Assert.Equal(dropped, report.Dropped);
        var now = k.Time.GetUtcNow();
        Assert.All(k.Journal.Read(0, max: int.MaxValue), e => Assert.True(e.Recorded >= now.AddDays(-6)));
        Assert.True(k.Journal.Read(0, max: 1)[0].Recorded <= now.AddDays(-5));
        Holds(k);

        var live = k.Get<StateHost>();
        await live.WaitForAsync(k.Journal.Head);
        Assert.Equal(dropped, k.Get<RetentionModel>().Current.Dropped!.To);

        // Built again from the checkpoint and what was kept, every model is what it was.
        using var folder = new TempFolder();
        using var views = new ViewsDatabase(folder.File("views.db"));
        var fresh = live.Models.Values.Select(m => (ReadModel)ActivatorUtilities.CreateInstance(k.Get<IServiceProvider>(), m.GetType())).ToList();
        await using var rebuilt = new StateHost(k.Journal, views, fresh, Microsoft.Extensions.Logging.Abstractions.NullLogger<StateHost>.Instance);
        await rebuilt.StartAsync(default);
        Assert.NotEmpty(live.Models);
        Assert.All(live.Models.Keys, id => Assert.Equal(live.Dump(id), rebuilt.Dump(id)));
    }

    [Fact]
    public async Task Turn_Size_ArchivesThenDropsUntilItFits()
    {
        await using var k = await StartAsync(new() { Size = 300_000 });
        k.Journal.Archive.SegmentEvents = 200;
        await FillAsync(k, 1500, TimeSpan.FromMinutes(1), bytes: 800);
        var turn = k.Get<RetentionTurn>();
        Assert.True(turn.Size() > 1_000_000);
        var report = await RunAsync(k);
        Assert.True(report.Segments > 0 && report.Dropped > 0, report.ToString());
        Assert.True(turn.Size() <= 300_000, $"{turn.Size():N0}");
        Assert.True(k.Journal.Archive.Now.Segments.Count > 0 || k.Journal.Archive.Now.DroppedTo > 0);
        Holds(k);
    }

    [Fact]
    public async Task Turn_ProjectRetention_ErasesItsOldPayloadsOnlyAndSaysSo()
    {
        await using var k = await StartAsync(new() { ArchiveAfter = TimeSpan.FromDays(20) });
        await k.SubmitAsync("journal.retention.set", new JsonObject { ["project"] = "lab", ["days"] = 7 }, Principal.Owner);
        await FillAsync(k, 30 * 24, TimeSpan.FromHours(1));
        var before = k.Journal.Head;
        var old = k.Time.GetUtcNow().AddDays(-7);

        var report = await RunAsync(k);
        Assert.Equal(["lab"], report.Expired);
        Assert.True(report.Blobs > 0);
        await k.Get<StateHost>().WaitForAsync(k.Journal.Head);
        var events = k.Journal.Read(0, max: int.MaxValue, upTo: before).Where(e => e.Kind.StartsWith("ext.", StringComparison.Ordinal)).ToList();
        Assert.All(events, e => Assert.Equal(e.Project == "lab" && e.Recorded < old, e.Erased));
        Assert.Contains(events, e => e.Erased && e.Seq <= k.Journal.Archive.Now.ArchivedTo);
        Assert.Contains(events, e => e.Erased && e.Seq > k.Journal.Archive.Now.ArchivedTo);
        Holds(k);
        Assert.Equal([false, true], k.Journal.OfSubject(JournalEvents.ProjectSubject("lab")).Where(JournalEvents.Expired.Is).Select(e => JournalEvents.Expired.Read(e).Done));
        Assert.Empty((await RunAsync(k)).Expired);

        // An export of it is taken: the journal explains what is gone.
        using var work = new TempFolder();
        Assert.True(new Core.Journal.Portable.JournalExporter(k.Get<JournalOptions>(), k.Time).Run(work.File("x")).Ok);
        Assert.Null((await new Core.Journal.Portable.JournalImporter(new() { DataDir = work.File("y") }).RunAsync(work.File("x"))).Refusal);
    }

    [Fact]
    public async Task Turn_FirstOfAProcess_RemovesLargePayloadsThatADeathLeft()
    {
        await using var k = await StartAsync(new() { ArchiveAfter = TimeSpan.FromDays(1) });
        await FillAsync(k, 60, TimeSpan.FromHours(1));
        var left = await k.Get<BlobStore>().PutAsync(new byte[40_000], default);
        Assert.Equal(1, (await RunAsync(k)).Blobs);
        Assert.False((await k.Get<BlobStore>().GetAsync(left, default)).Ok);
        Holds(k);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("lab", 0)]
    [InlineData("lab", 40_000)]
    public async Task SetRetention_UsedBadly_IsRefused(string project, int days)
    {
        await using var k = await StartAsync(new());
        var outcome = await k.Actions.SubmitAsync(new("journal.retention.set", new JsonObject { ["project"] = project, ["days"] = days }), Principal.Owner);
        Assert.Equal("invalid_input", outcome.Refusal?.Code);
    }

    private static async Task<KernelFixture> StartAsync(RetentionOptions options)
    {
        // Turns are taken by the tests; time is theirs too.
        var k = new KernelFixture(s =>
        {
            s.AddArwErasure().AddArwRetention(options);
            s.Remove(s.Last(d => d.ServiceType == typeof(IHostedService)));
        });
        await k.StartAsync(pump: false);
        k.Journal.Archive.Keep = 4;
        return k;
    }

    private static async Task FillAsync(KernelFixture k, int events, TimeSpan apart, int bytes = 40)
    {
        for (var n = 0; n < events; n++)
        {
            var text = n % 100 == 50 ? new string((char)('a' + (n / 100 % 26)), 40_000) : new string('x', bytes) + n;
            await k.Journal.AppendAsync(new EventDraft("ext.filled", System.Text.Encoding.UTF8.GetBytes($$"""{"text":"{{text}}"}"""), "agent:digest") { Project = n % 3 == 0 ? "other" : "lab", CorrId = $"e-{n % 5}", Subject = $"thing:{n % 11}" });
            k.Time.Advance(apart);
        }

        await k.Get<StateHost>().WaitForAsync(k.Journal.Head);
    }

    private static Task<RetentionReport> RunAsync(KernelFixture k) => k.Get<RetentionTurn>().RunAsync();

    private static void Holds(KernelFixture k) => ArchivedJournal.AssertHolds(new JournalVerifier(k.Get<JournalOptions>()).Run());
}
