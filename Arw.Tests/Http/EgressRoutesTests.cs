using System.Net;
using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Journal;

namespace Arw.Tests.Http;

public sealed class EgressRoutesTests
{
    [Fact]
    public async Task Preview_TellsWhatIsMissing_AndRecordsNothing()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        var head = home.Service<EventJournal>().Head;
        var answer = await PreviewAsync(agent, """{"url":"https://example.org/feed?token=x"}""");
        Assert.False((bool)answer["allow"]!);
        Assert.Equal("needs_lease", (string?)answer["code"]);
        Assert.StartsWith("net.http:GET https://example.org", (string?)answer["require_capability"], StringComparison.Ordinal);
        Assert.Equal(head, home.Service<EventJournal>().Head);

        using var granted = await home.Owner.PostAsync("/leases", TestHome.Json("""{"capability":"net.http:GET https://example.org/**","holder":"agent:crawler"}"""));
        Assert.Equal(HttpStatusCode.Created, granted.StatusCode);
        Assert.True((bool)(await PreviewAsync(agent, """{"url":"https://example.org/feed"}"""))["allow"]!);
        Assert.False((bool)(await PreviewAsync(agent, """{"url":"https://example.org/feed","method":"POST"}"""))["allow"]!);
        Assert.Equal("address_not_public", (string?)(await PreviewAsync(agent, """{"url":"http://127.0.0.1:8090/state/leases"}"""))["code"]);
    }

    [Theory]
    [InlineData("""{"url":"nonsense"}""", 0)]
    [InlineData("""{"url":"file:///etc/passwd"}""", 0)]
    [InlineData("""{"url":"https://example.org","project":"other"}""", 403)]
    [InlineData("""{"url":"https://example.org","recipe":"digest"}""", 403)]
    public async Task Preview_OfWhatMayNotBeAsked_IsRefused(string body, int status)
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        using var response = await agent.PostAsync("/egress/preview", TestHome.Json(body));
        Assert.True(status == 0 ? (int)response.StatusCode is 400 or 403 or 422 : (int)response.StatusCode == status, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Settings_ChangedByEitherName_AreInForceAndShownUnderBothPaths()
    {
        await using var home = await TestHome.StartAsync();
        var before = JsonNode.Parse(await home.Owner.GetStringAsync("/egress/settings"))!["egress"]!;
        Assert.Equal(("standard", "public", true), ((string?)before["posture"], (string?)before["mode"], (bool)before["follows_posture"]!));

        using var changed = await home.Owner.PostAsync("/egress/settings", TestHome.Json("""{"posture":"strict","limits":{"max_redirects":1}}"""));
        var answer = JsonNode.Parse(await changed.Content.ReadAsStringAsync())!;
        Assert.Equal("allowlist", (string?)answer["egress"]!["mode"]);
        Assert.Equal(1, (int)answer["egress"]!["limits"]!["max_redirects"]!);
        Assert.Equal(EgressMode.Allowlist, home.Service<EgressGate>().ModeFor(null));
        Assert.Equal(answer.ToJsonString(), JsonNode.Parse(await home.Owner.GetStringAsync("/state/egress/settings"))!.ToJsonString());

        using var back = await home.Owner.PostAsync("/egress/settings", TestHome.Json("""{"mode":"posture"}"""));
        Assert.Equal(EgressMode.Public, home.Service<EgressGate>().ModeFor(null));
    }

    [Theory]
    [InlineData("""{"posture":"sideways"}""")]
    [InlineData("""{"mode":"off the record"}""")]
    [InlineData("{}")]
    [InlineData("""{"limits":{"max_redirects":21}}""")]
    public async Task Settings_Malformed_AreRefused(string body)
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.PostAsync("/egress/settings", TestHome.Json(body));
        await TestHome.AssertProblemAsync(response, 422, "invalid_input");
    }

    [Fact]
    public async Task Agent_ReadingOrChangingSettings_IsForbidden()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        using var read = await agent.GetAsync("/egress/settings");
        await TestHome.AssertProblemAsync(read, 403, "forbidden");
        using var change = await agent.PostAsync("/egress/settings", TestHome.Json("""{"mode":"observe"}"""));
        await TestHome.AssertProblemAsync(change, 403, "forbidden");
        Assert.Equal(EgressMode.Public, home.Service<EgressGate>().ModeFor(null));
    }

    private static async Task<JsonObject> PreviewAsync(HttpClient client, string body)
    {
        using var response = await client.PostAsync("/egress/preview", TestHome.Json(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
