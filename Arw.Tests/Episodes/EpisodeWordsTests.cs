using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Models;
using Arw.Tests.Pages;

namespace Arw.Tests.Episodes;

/// <summary>What events of outside sources may say about an episode, and where the home's own word stands above it.</summary>
public sealed class EpisodeWordsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Words_OfSeveralEvents_TheLowestRankIsTaken()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(
            Outside("E1", """{"title":"a step"}""", 5),
            Outside("E1", """{"episode":{"title":"the root","title_rank":1,"outcome":"failed","outcome_rank":0}}""", 1),
            Outside("E1", """{"episode":{"title":"a later agent","title_rank":0,"outcome":"completed","outcome_rank":1}}""", 9),
            Outside("E1", """{"episode":{"title":"the agent","title_rank":0},"end":"2026-11-25T12:00:30Z","input_tokens":3,"output_tokens":4,"cost_micro_usd":5,"cost_unknown":true}""", 2),
            Outside("E1", """{"episode":"nonsense","end":7,"input_tokens":-9,"cost_micro_usd":"free","title":null}""", 3));
        var episode = home.Get<EpisodesModel>().Rows.Find("E1")!;
        Assert.Equal(("the agent", EpisodeStatus.Failed, 29_000L), (episode.Title, episode.Status, episode.DurationMs));
        Assert.Equal((3L, 4L, 5L, true), (episode.InputTokens, episode.OutputTokens, episode.CostUsdMicros, episode.CostUnknown));
    }

    [Fact]
    public async Task Words_FromOutside_DoNotChangeWhatTheHomeRan()
    {
        await using var home = await PageHome.New().StartAsync();
        var done = await home.SubmitAsync("test.act", new JsonObject { ["name"] = "own" }, change: r => r with { CorrId = "E2" });
        await home.EndOf(done.Id);
        await home.CaughtUpAsync();
        var before = home.Get<EpisodesModel>().Rows.Find("E2")!;
        await home.AppendAsync(Outside("E2", """{"episode":{"title":"Forged","title_rank":0,"outcome":"failed","outcome_rank":0}}""", 0));
        var after = home.Get<EpisodesModel>().Rows.Find("E2")!;
        Assert.Equal((before.Title, EpisodeStatus.Completed), (after.Title, after.Status));
    }

    [Fact]
    public async Task Chat_OfAModel_CountsInItsEpisode()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(ModelEvents.Completed.Draft(new ChatCompleted("a", 1, "tiny", [], "stop", 100, 20, 140), "agent:x", ModelEvents.ChatSubject("a"), corrId: "E3"));
        var episode = home.Get<EpisodesModel>().Rows.Find("E3")!;
        Assert.Equal((100L, 20L, 140L), (episode.InputTokens, episode.OutputTokens, episode.CostUsdMicros));
    }

    private static EventDraft Outside(string corrId, string payload, int second) => new("ext.test.said", Encoding.UTF8.GetBytes(payload), "agent:x") { CorrId = corrId, Time = Noon.AddSeconds(second) };
}
