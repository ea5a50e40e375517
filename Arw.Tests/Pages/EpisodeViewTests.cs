using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Tests.Actions;
using Arw.Web.Features.Episodes;

namespace Arw.Tests.Pages;

public sealed class EpisodeViewTests
{
    [Fact]
    public async Task Pull_Episode_ShowsItsActionsAndEventsAndOpensWhatFailed()
    {
        await using var home = await PageHome.New().StartAsync();
        home.Get<TestControls>().Run = (input, _, _) => Task.FromResult<Result<JsonNode?>>(
            input.Name == "bad" ? new Refusal("broken", "It broke.", "Mend it.") : JsonValue.Create(input.Name));
        var good = await home.SubmitAsync("test.act", new JsonObject { ["name"] = "good" }, change: r => r with { CorrId = "E1" });
        await home.EndOf(good.Id);
        var bad = await home.SubmitAsync("test.act", new JsonObject { ["name"] = "bad" }, change: r => r with { CorrId = "E1" });
        await home.EndOf(bad.Id);
        await home.CaughtUpAsync();
        var view = View(home);

        view.Pull("E1", errorsFirst: false, withEvents: false);
        Assert.Equal([good.Id, bad.Id], view.Waterfall.Rows.Select(r => r.Action.Id));
        Assert.Equal(bad.Id, view.Selected(null)?.Id);
        Assert.Equal(good.Id, view.Selected(good.Id)?.Id);
        Assert.Empty(view.Events);

        view.Pull("E1", errorsFirst: true, withEvents: true);
        Assert.Equal(bad.Id, view.Waterfall.Rows[0].Action.Id);
        Assert.Equal(view.Events.OrderByDescending(e => e.Seq), view.Events);
        Assert.All(view.Events, e => Assert.Equal("E1", e.CorrId));
    }

    [Fact]
    public async Task Pull_EpisodeOfAnOutsideAgent_DrawsItsStepsAndOpensTheEventOfOne()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(
            Step("b", "a", """{"title":"weather","op":"execute_tool","end":"2026-11-25T10:00:02Z","status":"error","error":"No answer."}"""),
            Step("a", null, """{"title":"Planner","op":"invoke_agent","end":"2026-11-25T10:00:05Z","episode":{"title":"Planner","title_rank":0,"outcome":"failed","outcome_rank":0}}"""));
        var view = View(home);

        view.Pull("otel:1", errorsFirst: false, withEvents: false);
        Assert.Equal(("Planner", EpisodeStatus.Failed), (view.Title, view.Episode!.Status));
        Assert.Equal([("invoke_agent", 0), ("execute_tool", 1)], view.Waterfall.Rows.Select(r => (r.Action.Kind, r.Depth)));
        Assert.Equal(TimeSpan.FromSeconds(2), view.Waterfall.Rows[1].Duration);
        var chosen = view.Selected(null)!;
        Assert.Equal(("b", "No answer."), (chosen.Id, chosen.Error!.Message));
        Assert.Equal("b", view.EventOf(chosen)!.SpanId);

        static EventDraft Step(string span, string? parent, string payload) => new("ext.test.step", System.Text.Encoding.UTF8.GetBytes(payload), "agent:planner")
        {
            Subject = $"span:{span}",
            CorrId = "otel:1",
            SpanId = span,
            ParentId = parent,
            Time = new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero),
        };
    }

    [Fact]
    public async Task Pull_Unknown_HasNoEpisode()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        var view = View(home);
        view.Pull("nowhere", errorsFirst: false, withEvents: true);
        Assert.Null(view.Episode);
        Assert.Null(view.Selected(null));
        Assert.Equal("There is no such episode", view.Title);
    }

    private static EpisodeView View(KernelFixture home) =>
        new(home.Get<EpisodesModel>(), home.Get<ActionsModel>(), home.Get<StepsModel>(), home.Journal, home.Time);
}
