using System.Net;
using System.Text.Json.Nodes;
using Arw.Core.Policy.Leases;

namespace Arw.Tests.Http;

public sealed class PolicyRoutesTests
{
    private const string Grant = """{"capability":"net.http:GET https://example.org/feeds/*","holder":"agent:crawler","ttl_secs":60,"project":"demo"}""";

    [Fact]
    public async Task Lease_GrantedAndRevoked_ShowsUnderLeasesAndPolicy()
    {
        await using var home = await TestHome.StartAsync();
        using var granted = await home.Owner.PostAsync("/leases", TestHome.Json(Grant));
        var lease = JsonNode.Parse(await granted.Content.ReadAsStringAsync())!;
        Assert.Equal(HttpStatusCode.Created, granted.StatusCode);
        var id = (string)lease["id"]!;
        Assert.Equal("agent:crawler", (string?)lease["holder"]);
        Assert.Equal((string?)lease["until"], (string?)lease["ttl_until"]);
        Assert.Equal((string?)lease["granted"], (string?)lease["created"]);

        var listed = await ItemsAsync(home.Owner, "/state/leases", "items");
        Assert.Equal(id, (string?)listed.Single()!["id"]);
        var policy = JsonNode.Parse(await home.Owner.GetStringAsync("/state/policy"))!;
        Assert.Equal("standard", (string?)policy["posture"]);
        Assert.Equal(id, (string?)policy["leases"]!.AsArray().Single()!["id"]);

        using var revoked = await home.Owner.DeleteAsync($"/leases/{id}");
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Empty(await ItemsAsync(home.Owner, "/state/policy", "leases"));
        Assert.NotNull(home.Service<LeasesModel>().Current.Find(id)!.Ended);
        using var again = await home.Owner.DeleteAsync($"/leases/{id}");
        await TestHome.AssertProblemAsync(again, 409, "conflict");
    }

    [Fact]
    public async Task Lease_WithScopeApartAndSubject_IsTheSameLease()
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.PostAsync("/leases", TestHome.Json("""{"capability":"file.write","scope":"project://notes/**","subject":"project:demo"}"""));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var lease = home.Service<LeasesModel>().Current.Live.Single();
        Assert.Equal(("file.write project://notes/**", "project:demo"), (lease.Capability.ToString(), lease.Holder));
    }

    [Theory]
    [InlineData("""{"capability":"","holder":"agent:crawler"}""")]
    [InlineData("""{"capability":"file.read project://a"}""")]
    [InlineData("""{"capability":"file.read project://a","holder":"nobody"}""")]
    [InlineData("""{"capability":"file.read project://a","holder":"agent:a","ttl_secs":86401}""")]
    [InlineData("""{"capability":"file.read project://../x","holder":"agent:a"}""")]
    public async Task Lease_Malformed_IsRefusedAndNotGranted(string body)
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.PostAsync("/leases", TestHome.Json(body));
        Assert.InRange((int)response.StatusCode, 400, 422);
        Assert.Empty(home.Service<LeasesModel>().Current.Live);
    }

    [Fact]
    public async Task Agent_GrantingRevokingOrReadingPolicy_IsForbidden()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        using var granted = await home.Owner.PostAsync("/leases", TestHome.Json(Grant));
        var id = (string)JsonNode.Parse(await granted.Content.ReadAsStringAsync())!["id"]!;

        using var grant = await agent.PostAsync("/leases", TestHome.Json(Grant));
        await TestHome.AssertProblemAsync(grant, 403, "forbidden");
        using var revoke = await agent.DeleteAsync($"/leases/{id}");
        await TestHome.AssertProblemAsync(revoke, 403, "forbidden");
        using var policy = await agent.GetAsync("/state/policy");
        await TestHome.AssertProblemAsync(policy, 403, "forbidden");
        Assert.Null(home.Service<LeasesModel>().Current.Live.Single().Ended);
    }

    [Fact]
    public async Task Agent_ReadingLeasesAndProjects_SeesItsOwnProjectOnly()
    {
        await using var home = await TestHome.StartAsync();
        await home.ActAsync("project.create", new JsonObject { ["id"] = "demo", ["title"] = "Demo" });
        await home.ActAsync("project.create", new JsonObject { ["id"] = "other", ["title"] = "Other" });
        foreach (var body in new[] { Grant, Grant.Replace("\"demo\"", "\"other\"", StringComparison.Ordinal), Grant.Replace(",\"project\":\"demo\"", "", StringComparison.Ordinal) })
        {
            using var granted = await home.Owner.PostAsync("/leases", TestHome.Json(body));
            Assert.Equal(HttpStatusCode.Created, granted.StatusCode);
        }

        using var agent = await home.AgentAsync("crawler", "demo");
        Assert.Equal("demo", (string?)(await ItemsAsync(agent, "/state/leases", "items")).Single()!["project"]);
        Assert.Equal("demo", (string?)(await ItemsAsync(agent, "/state/projects", "items")).Single()!["id"]);
        Assert.Equal(3, (await ItemsAsync(home.Owner, "/state/leases", "items")).Count);
    }

    private static async Task<JsonArray> ItemsAsync(HttpClient client, string path, string member) =>
        JsonNode.Parse(await client.GetStringAsync(path))![member]!.AsArray();
}
