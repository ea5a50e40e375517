using System.Text.Json.Nodes;
using Arw.Core.Actions;

namespace Arw.Tests.Http;

public sealed class WorldRoutesTests
{
    [Fact]
    public async Task World_OfAProject_ShowsItsBeliefsAndAnswersQuestions()
    {
        await using var home = await TestHome.StartAsync();
        await ProposeAsync(home, "demo", "The harbour freezes in January", "Ferries run every hour");
        await ProposeAsync(home, "other", "The harbour is a secret");

        var map = await GetAsync(home.Owner, "/state/world?project=demo");
        Assert.Equal("demo", (string?)map["project"]);
        Assert.Equal(2, (int)map["coverage"]!["claims"]!);
        Assert.True((long)map["version"]! > 0);

        var selected = await GetAsync(home.Owner, "/state/world/select?proj=demo&q=frozen+harbour+January&k=1&lambda=1");
        Assert.Equal("The harbour freezes in January", (string?)selected["items"]!.AsArray().Single()!["belief"]!["text"]);
        Assert.Contains("harbour", selected["items"]![0]!["trace"]!["words"]!.AsArray().Select(w => (string?)w));
    }

    [Fact]
    public async Task Agent_ReadingTheMap_SeesItsProjectOnly()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        await ProposeAsync(home, "other", "The harbour is a secret");
        Assert.Equal("demo", (string?)(await GetAsync(agent, "/state/world"))["project"]);
        Assert.Empty((await GetAsync(agent, "/state/world/select?q=harbour"))["items"]!.AsArray());
        foreach (var path in new[] { "/state/world?project=other", "/state/world/select?q=harbour&project=other" })
        {
            using var response = await agent.GetAsync(path);
            await TestHome.AssertProblemAsync(response, 403, "forbidden");
        }

        using var unbound = await home.AgentAsync("roamer");
        using var nowhere = await unbound.GetAsync("/state/world");
        await TestHome.AssertProblemAsync(nowhere, 403, "forbidden");
    }

    [Theory]
    [InlineData("k=0")]
    [InlineData("k=51")]
    [InlineData("lambda=1.5")]
    [InlineData("lambda=-0.1")]
    public async Task Select_OutOfRange_IsRefused(string query)
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.GetAsync($"/state/world/select?q=x&{query}");
        await TestHome.AssertProblemAsync(response, 400, "invalid_query");
    }

    private static async Task ProposeAsync(TestHome home, string project, params string[] texts)
    {
        var claims = new JsonArray([.. texts.Select(t => new JsonObject { ["text"] = t, ["confidence"] = 0.8, ["evidence"] = new JsonArray() })]);
        using var response = await home.Owner.PostAsync("/actions", TestHome.Json(new JsonObject { ["kind"] = "beliefs.propose", ["project"] = project, ["input"] = new JsonObject { ["claims"] = claims } }));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        var end = await home.Service<ActionService>().WaitForEndAsync((string)answer["id"]!).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(ActionState.Completed, end.State);
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
