using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Erasure;
using Arw.Core.Journal;
using Arw.Core.Journal.Portable;
using Arw.Core.Journal.Verification;
using Arw.Core.Notes;
using Arw.Tests.Disks;
using Arw.Tests.Journeys;

namespace Arw.Tests.Erasure;

public sealed class ErasureTests
{
    private const string Secret = "the-thing-that-has-to-go";

    [Fact]
    public async Task Erase_AnEvent_TakesItsPayloadOutOfEverythingAndKeepsTheChain()
    {
        await using var home = await JourneyHome.StartAsync();
        await home.GrantAsync("notes.append project://notes/**");
        var action = await home.SubmitAsync("notes.append", new JsonObject { ["text"] = $"A note with {Secret}." });
        await home.EndOf(action.Id);
        Assert.Contains(home.Get<NotesModel>().Current.Items, n => n.Text.Contains(Secret, StringComparison.Ordinal));
        var holders = home.Journal.Read(0).Where(e => Encoding.UTF8.GetString(e.Payload.Span).Contains(Secret, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(holders);

        foreach (var e in holders)
        {
            await home.DoAsync("journal.erase", new JsonObject { ["seq"] = e.Seq, ["reason"] = "it was private" });
        }

        // In memory, in the read models and in what they would be when built from the journal alone.
        Assert.All(home.Journal.Read(0).Where(e => holders.Exists(h => h.Seq == e.Seq)), e => Assert.True(e.Erased && e.Payload.IsEmpty));
        Assert.DoesNotContain(home.Get<NotesModel>().Current.Items, n => n.Text.Contains(Secret, StringComparison.Ordinal));
        Assert.Null(home.Get<Core.State.StateHost>().Fault);
        await Rebuilt.AssertEqualAsync(home);
        var erasure = home.Get<ErasuresModel>().Find(holders[0].Seq)!;
        Assert.Equal(("person:owner", "it was private", holders[0].Kind), (erasure.By, erasure.Reason, erasure.Kind));

        await home.RestartAsync();
        await Rebuilt.AssertEqualAsync(home);
        await home.CloseAsync();

        // And on disk: neither in the databases nor in their logs. The file of notes itself is the project's, not the journal's.
        Assert.NotEmpty(ChainCheck.Read(home.Folder));
        foreach (var file in Directory.EnumerateFiles(home.Folder, "*.db*"))
        {
            Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) >= 0, $"{Path.GetFileName(file)} still has it.");
        }

        // Whoever verifies, exports or imports it finds the gap explained.
        using var copy = new TempFolder();
        var (from, to) = (new JournalOptions { DataDir = home.Folder }, new JournalOptions { DataDir = copy.File("restored") });
        Assert.True(new JournalExporter(from, TimeProvider.System).Run(copy.File("journal.gz")).Ok);
        Assert.True((await new JournalImporter(to).RunAsync(copy.File("journal.gz"))).Ok);
        foreach (var journal in new[] { from, to })
        {
            var report = new JournalVerifier(journal).Run();
            Assert.True(report.Holds, string.Join('\n', report.Faults));
        }
    }

    [Fact]
    public async Task Erase_AnEventWithABlob_RemovesTheBlobWithItsLastEvent()
    {
        await using var home = await JourneyHome.StartAsync();
        var payload = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('b', 50_000)}\"}}");
        var first = (await home.Journal.AppendAsync(new EventDraft("ext.big.a", payload, "agent:scout"))).LastSeq;
        var second = (await home.Journal.AppendAsync(new EventDraft("ext.big.b", payload, "agent:scout"))).LastSeq;

        var kept = await home.DoAsync("journal.erase", new JsonObject { ["seq"] = first, ["reason"] = "one of two" });
        Assert.False((bool)kept!["blob_removed"]!);
        var whole = await home.Journal.HydrateAsync(home.Journal.Read(second - 1, max: 1)[0], default);
        Assert.Equal(payload, whole.Payload.ToArray());

        var removed = await home.DoAsync("journal.erase", new JsonObject { ["seq"] = second, ["reason"] = "the other" });
        Assert.True((bool)removed!["blob_removed"]!);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(home.Folder, "blobs"), "*", SearchOption.AllDirectories));
        await Rebuilt.AssertEqualAsync(home);

        // Somebody who read the event before reads its payload after: it is gone, and that is no fault.
        Assert.True((await home.Journal.HydrateAsync(whole with { Payload = default }, default)).Erased);
    }

    [Fact]
    public async Task Erase_Again_AnswersWithTheFirst()
    {
        await using var home = await JourneyHome.StartAsync();
        var seq = (await home.Journal.AppendAsync(new EventDraft("ext.a.b", "{}"u8.ToArray(), "agent:scout"))).LastSeq;
        var first = await home.DoAsync("journal.erase", new JsonObject { ["seq"] = seq, ["reason"] = "once" });

        var again = await home.DoAsync("journal.erase", new JsonObject { ["seq"] = seq, ["reason"] = "twice" });

        Assert.Equal((long)first!["tombstone"]!, (long)again!["tombstone"]!);
        Assert.Single(home.Journal.Read(0, new EventFilter { Prefixes = ["journal.erased"] }));
    }

    [Theory]
    [InlineData("policy.", "forbidden")]
    [InlineData("projects.", "forbidden")]
    [InlineData("home.", "forbidden")]
    public async Task Erase_WhatPermissionsFollowFrom_IsRefused(string kind, string code)
    {
        await using var home = await JourneyHome.StartAsync();
        await home.GrantAsync("file.read project://**");
        var e = home.Journal.Read(0, new EventFilter { Prefixes = [kind] })[0];

        var refused = await home.TryAsync("journal.erase", new JsonObject { ["seq"] = e.Seq, ["reason"] = "no" }, OnNeedsLease.Refuse);

        Assert.Equal(code, refused.Refusal?.Code);
        Assert.False(home.Journal.Read(e.Seq - 1, max: 1)[0].Erased);
    }

    [Fact]
    public async Task Erase_OfARunningAction_WaitsForItsEnd()
    {
        await using var home = await JourneyHome.StartAsync();
        var waiting = await home.SubmitAsync("file.write", new JsonObject { ["path"] = "project://a.txt", ["content"] = Secret });
        Assert.Equal(ActionState.Waiting, waiting.State);
        var e = home.Journal.OfSubject(ActionEvents.Subject(waiting.Id))[0];

        var refused = await home.TryAsync("journal.erase", new JsonObject { ["seq"] = e.Seq, ["reason"] = "no" }, OnNeedsLease.Refuse);

        Assert.Equal("conflict", refused.Refusal?.Code);
        await home.DoAsync("action.cancel", new JsonObject { ["action"] = waiting.Id });
        await home.DoAsync("journal.erase", new JsonObject { ["seq"] = e.Seq, ["reason"] = "now" });
        await Rebuilt.AssertEqualAsync(home);
    }
}
