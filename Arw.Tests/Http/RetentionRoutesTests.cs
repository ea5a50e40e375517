using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Journal.Verification;
using Arw.Core.State;
using Arw.Tests.Journal.Archive;

namespace Arw.Tests.Http;

/// <summary>Archive and retention as clients of a home see them.</summary>
public sealed class RetentionRoutesTests
{
    [Fact]
    public async Task Stream_FromBeforeWhatWasDropped_GetsOneGapAndThenEveryEventFromSegmentsAndDatabase()
    {
        await using var home = await TestHome.StartAsync();
        var journal = home.Service<EventJournal>();
        for (var n = 0; n < 60; n++)
        {
            await journal.AppendAsync(new EventDraft("ext.gap.tick", "{}"u8.ToArray(), "agent:tester") { CorrId = "gap-episode" });
        }

        var to = await DropAsync(home, 20);
        var (head, keep) = (journal.Head, journal.Archive.Now.ArchivedTo);
        Assert.True(keep > to && keep < head);

        await using var stream = await SseReader.OpenAsync(home.Owner, "?after=1");
        Assert.Equal("service.connected", (await stream.NextAsync())!.Name);
        var gap = (await stream.NextAsync())!;
        Assert.Equal(("bus.gap", to.ToString(CultureInfo.InvariantCulture)), (gap.Name, gap.Id));
        Assert.Equal((2L, to), ((long)gap.Json["from"]!, (long)gap.Json["to"]!));
        for (var seq = to + 1; seq <= head; seq++)
        {
            var frame = (await stream.NextAsync())!;
            Assert.Equal(seq.ToString(CultureInfo.InvariantCulture), frame.Id);
            Assert.NotEqual("bus.gap", frame.Name);
        }

        await using var resumed = await SseReader.OpenAsync(home.Owner, "", to.ToString(CultureInfo.InvariantCulture));
        await resumed.NextAsync();
        Assert.NotEqual("bus.gap", (await resumed.NextAsync())!.Name);

        await home.Service<StateHost>().WaitForAsync(head);
        var list = JsonNode.Parse(await home.Owner.GetStringAsync("/state/episode/gap-episode?limit=1000"))!;
        Assert.Equal(to, (long)list["gap"]!["to"]!);
        Assert.Equal(head, (long)journal.Head);
        Assert.All(list["items"]!.AsArray(), e => Assert.True((long)e!["seq"]! > to));
        ArchivedJournal.AssertHolds(new JournalVerifier(home.Service<JournalOptions>()).Run());

        var retention = JsonNode.Parse(await home.Owner.GetStringAsync("/state/retention"))!;
        Assert.Equal(to, (long)retention["dropped"]!["to"]!);
        var metrics = await home.Stranger.GetStringAsync("/metrics");
        Assert.Contains($"arw_journal_first {to + 1}\n", metrics, StringComparison.Ordinal);
        Assert.Contains("arw_journal_segments 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthz_TellsAnchorAndRetention()
    {
        using var folder = new TempFolder();
        await using (var off = await TestHome.StartAsync())
        {
            Assert.Equal(("off", "off"), await PartsAsync(off));
        }

        await using var home = await TestHome.StartAsync(change: o => o with { Anchor = folder.File("heads.jsonl"), ArchiveAfter = TimeSpan.FromDays(30) });
        Assert.Equal(("ok", "ok"), await PartsAsync(home));

        static async Task<(string, string)> PartsAsync(TestHome home)
        {
            var parts = JsonNode.Parse(await home.Stranger.GetStringAsync("/healthz"))!["parts"]!;
            return ((string)parts["anchor"]!, (string)parts["retention"]!);
        }
    }

    [Fact]
    public async Task Agent_OfAnotherProject_StaysOutOfAnEpisodeWhoseEventsWereDropped()
    {
        await using var home = await TestHome.StartAsync();
        await home.ActAsync("project.create", new JsonObject { ["id"] = "one", ["title"] = "One" });
        await home.ActAsync("project.create", new JsonObject { ["id"] = "two", ["title"] = "Two" });
        using var first = await home.AgentAsync("first", "one");
        using var second = await home.AgentAsync("second", "two");
        using (var mine = await first.PostAsync("/events", TestHome.Json("""{"kind":"ext.mine","corr_id":"one-episode"}""")))
        {
            Assert.True(mine.IsSuccessStatusCode);
        }

        var journal = home.Service<EventJournal>();
        for (var n = 0; n < 20; n++)
        {
            await journal.AppendAsync(new EventDraft("ext.filling", "{}"u8.ToArray(), "agent:tester"));
        }

        await DropAsync(home, journal.Head - 8);
        Assert.Empty(journal.Read(0, new EventFilter { CorrId = "one-episode" }));
        using var theirs = await second.PostAsync("/events", TestHome.Json("""{"kind":"ext.theirs","corr_id":"one-episode"}"""));
        await TestHome.AssertProblemAsync(theirs, 403, "forbidden");
    }

    // Everything but the last four events is archived, and dropped up to one.
    private static async Task<long> DropAsync(TestHome home, long upTo)
    {
        var (journal, where) = (home.Service<EventJournal>(), home.Service<JournalOptions>());
        ArchivedJournal.Loosen(journal, segment: 1000);
        await journal.Archive.ArchiveAsync(upTo);
        var to = journal.Archive.Now.ArchivedTo;
        await journal.Archive.ArchiveAsync(long.MaxValue);
        var checkpoint = await home.Service<CheckpointBuilder>().BuildAsync(to, where.CheckpointsPath);
        await journal.Archive.DropAsync(to, checkpoint, "To test it.");
        return to;
    }
}
