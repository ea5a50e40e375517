using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Beliefs;

namespace Arw.Tests.Http;

public sealed class DiffRoutesTests
{
    private const string Green = """[{"op":"add","subject":"lake","predicate":"Colour","value":"It is green","confidence":0.8,"evidence":[{"url":"https://there.example/1"}]}]""";

    [Fact]
    public async Task Diff_OverTheAliases_IsQueuedComparedAppliedAndUndone()
    {
        await using var home = await TestHome.StartAsync();
        await ProposeAsync(home, "It is red");
        var queued = await PostAsync(home.Owner, "/admin/world_diffs/queue", $$"""{"id":"d-1","project_id":"demo","from_node":"home-b","summary":"Colours","changes":{{Green}}}""");
        Assert.Equal(1, (int)queued["conflicts"]!);

        var item = (await GetAsync(home.Owner, "/admin/world_diffs"))["items"]!.AsArray().Single()!;
        Assert.Equal(("conflict", 1, "home-b", "It is green"), ((string?)item["state"], (int)item["conflicts"]!, (string?)item["from"], (string?)item["changes"]![0]!["value"]));
        Assert.Equal("queued", (string?)(await GetAsync(home.Owner, "/state/world_diffs?project=demo"))["items"]![0]!["state"]);
        Assert.Equal("It is green", (string?)(await GetAsync(home.Owner, "/state/world_diff_changes?diff=d-1"))["items"]![0]!["change"]!["value"]);

        using (var unsettled = await home.Owner.PostAsync("/admin/world_diffs/decision", TestHome.Json("""{"id":"d-1","decision":"apply"}""")))
        {
            var problem = await TestHome.AssertProblemAsync(unsettled, 409, "choices_missing");
            Assert.Equal("It is red", (string?)problem["comparison"]!["changes"]![0]!["others"]![0]!["text"]);
        }

        var seen = (string?)(await GetAsync(home.Owner, "/admin/world_diffs/d-1"))["comparison"]!["seen"];
        var decision = $$"""{"id":"d-1","decision":"apply","seen":"{{seen}}","choices":[{"index":0,"choice":"take_theirs"}],"note":"measured"}""";
        await ProposeAsync(home, "It is blue");
        using (var stale = await home.Owner.PostAsync("/admin/world_diffs/decision", TestHome.Json(decision)))
        {
            var problem = await TestHome.AssertProblemAsync(stale, 409, "comparison_changed");
            decision = decision.Replace(seen!, (string?)problem["comparison"]!["seen"], StringComparison.Ordinal);
        }

        Assert.Equal("applied", (string?)(await PostAsync(home.Owner, "/admin/world_diffs/decision", decision))["state"]);
        Assert.Equal(["It is green"], await StandingAsync(home));
        Assert.Equal("reverted", (string?)(await PostAsync(home.Owner, "/admin/world_diffs/revert", """{"id":"d-1"}"""))["state"]);
        Assert.Equal(["It is blue", "It is red"], await StandingAsync(home));
    }

    [Fact]
    public async Task Agent_QueuesToItsProjectOnly_AndSeesOnlyItsDiffs()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        Assert.False((bool)(await PostAsync(agent, "/admin/world_diffs/queue", $$"""{"changes":{{Green}}}"""))["already"]!);
        Assert.True((bool)(await PostAsync(agent, "/admin/world_diffs/queue", $$"""{"changes":{{Green}}}"""))["already"]!);
        await PostAsync(home.Owner, "/admin/world_diffs/queue", $$"""{"project_id":"other","from_node":"home-b","changes":{{Green}}}""");
        Assert.Equal("agent:crawler", (string?)(await GetAsync(agent, "/state/world_diffs"))["items"]!.AsArray().Single()!["from"]);

        foreach (var (path, body) in new[]
        {
            ("/admin/world_diffs/queue", $$"""{"project_id":"other","changes":{{Green}}}"""),
            ("/admin/world_diffs/queue", $$"""{"from_node":"home-b","changes":{{Green}}}"""),
            ("/admin/world_diffs/decision", """{"id":"x","decision":"apply"}"""),
            ("/admin/world_diffs/revert", """{"id":"x"}"""),
        })
        {
            using var refused = await agent.PostAsync(path, TestHome.Json(body));
            await TestHome.AssertProblemAsync(refused, 403, "forbidden");
        }

        foreach (var path in new[] { "/admin/world_diffs", "/admin/world_diffs/x", "/admin/world_diffs/export?project=demo" })
        {
            using var refused = await agent.GetAsync(path);
            Assert.Equal(403, (int)refused.StatusCode);
            using var stranger = await home.Stranger.GetAsync(path);
            Assert.Equal(401, (int)stranger.StatusCode);
        }
    }

    [Fact]
    public async Task Queue_MalformedDiff_IsRefusedWholeWithTheChangeThatIsWrong()
    {
        await using var home = await TestHome.StartAsync();
        foreach (var (changes, expected) in new[]
        {
            ("""[{"op":"add","value":"fine","confidence":0.5},{"op":"add","value":"no confidence"}]""", "Change 2"),
            ("""[{"op":"merge","value":"x","confidence":0.5}]""", "op"),
            ("""[{"op":"add","value":"x","confidence":0.5,"surprise":1}]""", "surprise"),
        })
        {
            using var response = await home.Owner.PostAsync("/admin/world_diffs/queue", TestHome.Json($$"""{"project_id":"demo","changes":{{changes}}}"""));
            var problem = await TestHome.AssertProblemAsync(response, 422, "invalid_input");
            Assert.Contains(expected, (string?)problem["detail"], StringComparison.Ordinal);
        }

        Assert.Empty((await GetAsync(home.Owner, "/admin/world_diffs"))["items"]!.AsArray());
        using var unknown = await home.Owner.GetAsync("/admin/world_diffs/none");
        await TestHome.AssertProblemAsync(unknown, 404, "not_found");
    }

    [Fact]
    public async Task Export_OfOneHome_IsQueuedByAnother()
    {
        await using var one = await TestHome.StartAsync();
        await using var other = await TestHome.StartAsync();
        await ProposeAsync(one, "It is red");
        using var file = await one.Owner.GetAsync("/admin/world_diffs/export?project=demo&from=home-a");
        Assert.Equal("beliefs-demo.json", file.Content.Headers.ContentDisposition!.FileName);
        var diff = JsonNode.Parse(await file.Content.ReadAsStringAsync())!;
        using var response = await other.Owner.PostAsync("/actions", TestHome.Json(new JsonObject { ["kind"] = "world.diff.queue", ["project"] = "demo", ["input"] = diff }));
        var end = await other.Service<ActionService>().WaitForEndAsync((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((ActionState.Completed, 0), (end.State, (int)end.Output!["conflicts"]!));
        await PostAsync(other.Owner, "/admin/world_diffs/decision", $$"""{"id":"{{end.Output["id"]}}","decision":"apply"}""");
        Assert.Equal(["It is red"], await StandingAsync(other));
    }

    private static async Task<IEnumerable<string>> StandingAsync(TestHome home)
    {
        await home.Service<Core.State.StateHost>().WaitForAsync(home.Service<Core.Journal.EventJournal>().Head);
        return home.Service<BeliefsModel>().Surest("demo", 100).Select(b => b.Text).Order(StringComparer.Ordinal);
    }

    private static async Task ProposeAsync(TestHome home, string text)
    {
        var claim = new JsonObject { ["text"] = text, ["confidence"] = 0.6, ["subject"] = "Lake", ["predicate"] = "colour", ["evidence"] = new JsonArray(new JsonObject { ["url"] = "https://here.example/1" }) };
        using var response = await home.Owner.PostAsync("/actions", TestHome.Json(new JsonObject { ["kind"] = "beliefs.propose", ["project"] = "demo", ["input"] = new JsonObject { ["claims"] = new JsonArray(claim) } }));
        var id = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!;
        Assert.Equal(ActionState.Completed, (await home.Service<ActionService>().WaitForEndAsync(id).WaitAsync(TimeSpan.FromSeconds(30))).State);
    }

    private static async Task<JsonObject> PostAsync(HttpClient client, string path, string body)
    {
        using var response = await client.PostAsync(path, TestHome.Json(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
