using System.Net;
using System.Text.Json.Nodes;

namespace Arw.Tests.Http;

public sealed class MemoryRoutesTests
{
    [Fact]
    public async Task Quarantine_UnderTheAddressesThatClientsKnow_HoldsListsAndAdmits()
    {
        await using var home = await TestHome.StartAsync();
        await home.ActAsync("project.create", new JsonObject { ["id"] = "demo", ["title"] = "Demo" });
        var body = new JsonObject
        {
            ["content"] = "Ferries run every hour.",
            ["project_id"] = "demo",
            ["source"] = "ingest",
            ["provenance"] = new JsonArray(new JsonObject { ["kind"] = "import", ["ref"] = "old-notes.csv" }),
        };
        using var held = await home.Owner.PostAsync("/admin/memory/quarantine", TestHome.Json(body));
        Assert.Equal(HttpStatusCode.Created, held.StatusCode);

        var list = await GetAsync(home.Owner, "/admin/memory/quarantine?state=queued&project_id=demo");
        var entry = list["items"]!.AsArray().Single()!;
        Assert.Equal(("ingest", "queued", "Ferries run every hour.", "memory"), ((string?)entry["source"], (string?)entry["state"], (string?)entry["content_preview"], (string?)entry["to"]));
        Assert.Empty((await GetAsync(home.Owner, "/state/memory"))["items"]!.AsArray());

        using var admitted = await home.Owner.PostAsync("/admin/memory/quarantine/admit", TestHome.Json(new JsonObject { ["id"] = (string?)entry["id"] }));
        var answer = JsonNode.Parse(await admitted.Content.ReadAsStringAsync())!;
        Assert.Equal((1, "admitted"), ((int)answer["removed"]!, (string?)answer["entry"]!["state"]));
        Assert.Equal("Ferries run every hour.", (string?)(await GetAsync(home.Owner, "/state/memory?q=ferries"))["items"]![0]!["text"]);

        using var again = await home.Owner.PostAsync("/admin/memory/quarantine/admit", TestHome.Json(new JsonObject { ["id"] = (string?)entry["id"] }));
        await TestHome.AssertProblemAsync(again, 409, "conflict");
    }

    [Fact]
    public async Task Agent_SeesItsOwnMemory_AndNothingOfTheQueue()
    {
        await using var home = await TestHome.StartAsync();
        foreach (var id in new[] { "demo", "other" })
        {
            await home.ActAsync("project.create", new JsonObject { ["id"] = id, ["title"] = id });
            using var sent = await home.Owner.PostAsync("/admin/memory/quarantine", TestHome.Json(new JsonObject { ["content"] = $"A note of {id}.", ["project_id"] = id }));
            var entry = JsonNode.Parse(await sent.Content.ReadAsStringAsync())!;
            using var admitted = await home.Owner.PostAsync("/admin/memory/quarantine/admit", TestHome.Json(new JsonObject { ["id"] = (string?)entry["id"] }));
            Assert.True(admitted.IsSuccessStatusCode);
        }

        using var agent = await home.AgentAsync("reader", "demo");
        Assert.Equal("A note of demo.", (string?)(await GetAsync(agent, "/state/memory"))["items"]!.AsArray().Single()!["text"]);
        foreach (var path in new[] { "/state/memory_quarantine", "/admin/memory/quarantine" })
        {
            using var response = await agent.GetAsync(path);
            await TestHome.AssertProblemAsync(response, 403, "forbidden");
        }

        using var post = await agent.PostAsync("/admin/memory/quarantine", TestHome.Json(new JsonObject { ["content"] = "x", ["project_id"] = "demo" }));
        await TestHome.AssertProblemAsync(post, 403, "forbidden");
    }

    [Theory]
    [InlineData("""{"project_id":"demo"}""", 422, "invalid_input")]
    [InlineData("""{"content":"x","content_type":"image/png"}""", 422, "invalid_input")]
    [InlineData("""{"content":"x","provenance":[{"kind":"url","ref":"javascript:1"}]}""", 422, "invalid_input")]
    public async Task Quarantine_BadBody_SaysWhatIsWrong(string body, int status, string code)
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.PostAsync("/admin/memory/quarantine", TestHome.Json(body));
        await TestHome.AssertProblemAsync(response, status, code);
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
