using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Memory;
using Arw.Core.Memory.Evidence;
using Arw.Core.Memory.Review;
using Arw.Core.Memory.Risk;
using Arw.Web.Components.Formats;
using Arw.Web.Features.Memory;

namespace Arw.Tests.Pages;

public sealed class MemoryViewTests
{
    [Fact]
    public async Task Pull_Queue_GroupsByEpisode_AndOffersTheCleanOnesTogether()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(
            Held("a", "e1"), Held("b", "e1", RiskKind.Instruction), Held("c", "e1", score: -0.4), Held("d", "e2"),
            MemoryEvents.Rejected.Draft(new MemoryReviewed("d", "person:owner", "no"), "person:owner", project: "demo"));
        var view = new ReviewView(home.Get<QuarantineModel>(), home.Get<EpisodesModel>());
        view.Pull(decided: false, null, null, open: "b");
        var group = Assert.Single(view.Groups);
        Assert.Equal(["a", "b", "c"], group.Entries.Select(e => e.Id));
        Assert.Equal("a", Assert.Single(group.Clean).Id);
        Assert.Equal((3, "Look closely"), (view.Waiting, ReviewView.Status(view.Open!).Word));

        view.Pull(decided: true, null, null, null);
        Assert.Equal("Kept out", ReviewView.Status(view.Groups.Single().Entries.Single()).Word);
        view.Pull(decided: false, "other", null, null);
        Assert.Empty(view.Groups);
        view.Pull(decided: false, "demo", "text c", null);
        Assert.Equal("c", view.Groups.Single().Entries.Single().Id);
    }

    [Fact]
    public void MarkedPieces_CoverTheTextOnce_AndSpellWhatIsHidden()
    {
        const string text = "Pay\u200B\u200Bment <b>now</b> or never";
        var pieces = MarkedPiece.Of(text, [
            new RiskMarker(RiskKind.HiddenText, 3, 2, "hidden"), new RiskMarker(RiskKind.Instruction, 10, 10, "order"), new RiskMarker(RiskKind.Script, 12, 3, "inside"),
            new RiskMarker(RiskKind.Role, 500, 10, "beyond"), new RiskMarker(RiskKind.Role, 0, 3, "elsewhere") { Field = "topic" }]);
        Assert.Equal(["Pay", "⟨2 hidden⟩", "ment ", "<b>now</b>", " or never"], pieces.Select(p => p.Text));
        Assert.Equal([null, 1, null, 2, null], pieces.Select(p => p.Number));
    }

    [Theory]
    [InlineData(1, 1, "1 claim waits for review")]
    [InlineData(6, 6, "6 claims wait for review")]
    [InlineData(0, 2, "2 things to remember wait for review")]
    [InlineData(1, 2, "1 claim and 1 thing to remember wait for review")]
    public void Waiting_IsASentence(int claims, int all, string expected) => Assert.Equal(expected, HeldWords.Waiting(claims, all));

    [Fact]
    public void TextChanges_GiveBothTexts()
    {
        var changes = TextChange.Between("one two three four", "one three four five");
        Assert.Equal("one two three four", string.Concat(changes.Where(c => c.Kind != TextChangeKind.Added).Select(c => c.Text)));
        Assert.Equal("one three four five", string.Concat(changes.Where(c => c.Kind != TextChangeKind.Removed).Select(c => c.Text)));
        Assert.Contains(changes, c => c is { Kind: TextChangeKind.Removed, Text: " two" });
    }

    private static EventDraft Held(string id, string corr, RiskKind? marker = null, double score = 0.35) => MemoryEvents.Quarantined.Draft(
        new MemoryQuarantined(id, $"text {id}", new EntryContent { Kind = MemoryKind.Fact }, EntryState.Queued, "outside")
        {
            RiskMarkers = marker is { } kind ? [new RiskMarker(kind, 0, 4, "x")] : [],
            Evidence = new EvidenceScore(score, []),
        },
        "agent:x", MemoryEvents.EntrySubject(id), "demo", corr);
}
