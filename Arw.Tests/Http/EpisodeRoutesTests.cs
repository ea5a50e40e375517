using System.Net;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy.Leases;
using Arw.Core.State;

namespace Arw.Tests.Http;

public sealed class EpisodeRoutesTests
{
    [Fact]
    public async Task Snapshot_OfAnEpisode_HoldsTheConfigurationThatItBeganWith()
    {
        await using var home = await TestHome.StartAsync();
        await home.ActAsync("policy.posture.set", new JsonObject { ["posture"] = "relaxed" });
        foreach (var holder in new[] { "project:demo", "project:other", "agent:crawler" })
        {
            using var granted = await home.Owner.PostAsync("/leases", TestHome.Json($$"""{"capability":"file.read project://**","holder":"{{holder}}"}"""));
            Assert.Equal(HttpStatusCode.Created, granted.StatusCode);
        }

        var id = await EchoAsync(home, home.Owner, "demo");
        await home.ActAsync("policy.posture.set", new JsonObject { ["posture"] = "strict" });

        var snapshot = await GetAsync(home.Owner, $"/state/episode/{id}/snapshot");
        Assert.Equal(id, (string?)snapshot["id"]);
        Assert.Equal("relaxed", (string?)snapshot["effective_config"]!["posture"]);
        Assert.Equal("observe", (string?)snapshot["effective_config"]!["egress"]);
        var lease = Assert.Single(home.Service<LeasesModel>().Current.Live, l => l.Holder == "project:demo");
        Assert.Equal(lease.Id, (string?)snapshot["effective_config"]!["leases"]!.AsArray().Single()!["id"]);
        Assert.StartsWith("demo.echo@", (string?)snapshot["effective_config"]!["tools"]![0], StringComparison.Ordinal);
        Assert.Equal("completed", (string?)snapshot["episode"]!["status"]);
        Assert.NotNull(snapshot["started"]);
        Assert.NotNull(snapshot["ended"]);
        var items = snapshot["items"]!.AsArray();
        Assert.Equal("episode.started", (string?)items[0]!["kind"]);
        Assert.Equal((long)snapshot["version"]!, (long)items[^1]!["seq"]!);
        Assert.Equal((int)snapshot["episode"]!["count"]!, items.Count);
    }

    [Fact]
    public async Task Episode_InPages_GivesEachEventOnce()
    {
        await using var home = await TestHome.StartAsync();
        for (var i = 0; i < 7; i++)
        {
            await AppendAsync(home, "watched", "demo");
            await AppendAsync(home, "another", "demo");
        }

        var seen = new List<long>();
        var path = "/state/episode/watched?limit=3";
        for (JsonNode? next = 0; next is not null;)
        {
            var page = await GetAsync(home.Owner, $"{path}&after={next}");
            Assert.True(page["items"]!.AsArray().Count <= 3);
            seen.AddRange(page["items"]!.AsArray().Select(e => (long)e!["seq"]!));
            next = page["next_after"];
        }

        Assert.Equal(home.Service<EventJournal>().Read(0, new EventFilter { CorrId = "watched" }).Select(e => e.Seq), seen);
    }

    [Fact]
    public async Task Episode_Unchanged_Is304ByItsTag()
    {
        await using var home = await TestHome.StartAsync();
        await AppendAsync(home, "watched", "demo");
        using var first = await home.Owner.GetAsync("/state/episode/watched");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state/episode/watched");
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.Tag);
        using var second = await home.Owner.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/state/episode/no-such", 404, "not_found")]
    [InlineData("/state/episode/no-such/snapshot", 404, "not_found")]
    [InlineData("/state/episode/a%20b/snapshot", 404, "not_found")]
    [InlineData("/state/episode/watched?limit=0", 400, "invalid_query")]
    [InlineData("/state/episode/watched?limit=2001", 400, "invalid_query")]
    [InlineData("/state/episode/watched?after=-1", 400, "invalid_query")]
    public async Task Episode_UnknownOrOutOfRange_IsRefused(string path, int status, string code)
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.GetAsync(path);
        await TestHome.AssertProblemAsync(response, status, code);
    }

    [Fact]
    public async Task Agent_ReadingAnEpisode_SeesItsProjectOnly()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        await AppendAsync(home, "own", "demo");
        await AppendAsync(home, "own", "other");
        await AppendAsync(home, "own", null);
        await AppendAsync(home, "foreign", "other");
        await AppendAsync(home, "homes", null);

        Assert.Equal("demo", (string?)(await GetAsync(agent, "/state/episode/own"))["items"]!.AsArray().Single()!["project"]);
        foreach (var id in new[] { "foreign", "homes" })
        {
            foreach (var path in new[] { $"/state/episode/{id}", $"/state/episode/{id}/snapshot" })
            {
                using var response = await agent.GetAsync(path);
                await TestHome.AssertProblemAsync(response, 404, "not_found");
            }
        }

        Assert.Equal("own", (string?)(await GetAsync(agent, "/state/episodes"))["items"]!.AsArray().Single()!["id"]);
    }

    [Fact]
    public async Task Agent_WritingIntoAnEpisodeOfAnotherProject_IsForbidden()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        await AppendAsync(home, "foreign", "other");
        await AppendAsync(home, "homes", null);
        await AppendAsync(home, "own", "demo");
        var head = home.Service<EventJournal>().Head;
        foreach (var id in new[] { "foreign", "homes", "control:01J00000000000000000000000" })
        {
            using var alone = await agent.PostAsync("/events", TestHome.Json(new JsonObject { ["kind"] = "ext.a.b", ["corr_id"] = id }));
            await TestHome.AssertProblemAsync(alone, 403, "forbidden");
            using var among = await agent.PostAsync("/events", TestHome.Json($$"""[{"kind":"ext.a.b","corr_id":"own"},{"kind":"ext.a.b","corr_id":"{{id}}"}]"""));
            await TestHome.AssertProblemAsync(among, 403, "forbidden");
        }

        Assert.Equal(head, home.Service<EventJournal>().Head);
        using var allowed = await agent.PostAsync("/events", TestHome.Json("""{"kind":"ext.a.b","corr_id":"own"}"""));
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public async Task Agent_RunningInAnEpisodeOfAPerson_IsForbidden()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        var id = await EchoAsync(home, home.Owner, "demo");
        using var response = await agent.PostAsync("/actions", TestHome.Json(new JsonObject { ["kind"] = "demo.echo", ["input"] = new JsonObject(), ["corr_id"] = id }));
        await TestHome.AssertProblemAsync(response, 403, "forbidden");
    }

    [Fact]
    public async Task DefaultPage_WhileItIsWatched_IsAtOnceWhatWasWritten()
    {
        await using var home = await TestHome.StartAsync();
        await using var stream = await SseReader.OpenAsync(home.Owner, "?prefix=state.");
        await stream.NextAsync();
        var before = (long)(await GetAsync(home.Owner, "/state/episodes"))["version"]!;
        var seq = await AppendAsync(home, "watched", "demo");
        var page = await GetAsync(home.Owner, "/state/episodes");
        Assert.Equal((seq, "watched"), ((long)page["version"]!, (string?)page["items"]![0]!["id"]));

        SseFrame frame;
        do
        {
            frame = await stream.NextAsync("state.read.model.patch");
        }
        while ((string?)frame.Json["id"] != "episodes");

        Assert.Equal((before, seq), ((long)frame.Json["from"]!, (long)frame.Json["version"]!));
        Assert.Equal("/items/0", (string?)frame.Json["patch"]![0]!["path"]);
    }

    private static async Task<string> EchoAsync(TestHome home, HttpClient client, string project)
    {
        using var response = await client.PostAsync("/actions", TestHome.Json(new JsonObject { ["kind"] = "demo.echo", ["input"] = new JsonObject { ["x"] = 1 }, ["project"] = project }));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        await home.Service<ActionService>().WaitForEndAsync((string)answer["id"]!).WaitAsync(TimeSpan.FromSeconds(30));
        return (string)answer["corr_id"]!;
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private static async Task<long> AppendAsync(TestHome home, string corrId, string? project)
    {
        var seq = (await home.Service<EventJournal>().AppendAsync(new EventDraft("ext.test.tick", "{}"u8.ToArray(), "system:test") { CorrId = corrId, Project = project })).LastSeq;
        await home.Service<StateHost>().WaitForAsync(seq);
        return seq;
    }
}
