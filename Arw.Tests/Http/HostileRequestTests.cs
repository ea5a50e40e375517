using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Http;

public class HostileRequestTests
{
    [Theory]
    [InlineData("/state/actions")]
    [InlineData("/events")]
    [InlineData("/spec/openapi.json")]
    [InlineData("/no/such/route")]
    public async Task Anything_WithoutCredential_IsRefused(string path)
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Stranger.GetAsync(path);
        await TestHome.AssertProblemAsync(response, 401, "unauthorized");
    }

    [Fact]
    public async Task Request_WithForeignHost_IsRefusedEvenWithToken()
    {
        await using var home = await TestHome.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz") { Headers = { Host = "evil.example:80" } };
        using var response = await home.Owner.SendAsync(request);
        var problem = await TestHome.AssertProblemAsync(response, 421, "host_not_allowed");
        Assert.Contains("evil.example", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task FormPost_FromAnotherSite_IsRefused(string header, string value)
    {
        await using var home = await TestHome.StartAsync();
        var cookie = await SignInAsync(home);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signout") { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add(header, value);
        using var response = await home.Stranger.SendAsync(request);
        await TestHome.AssertProblemAsync(response, 403, "cross_site");
        Assert.Single(home.Service<SessionsModel>().Current.Items);
    }

    [Fact]
    public async Task CircuitSocket_FromAnotherSite_IsRefused()
    {
        await using var home = await TestHome.StartAsync();
        var cookie = await SignInAsync(home);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_blazor?id=x");
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Origin", "https://evil.example");
        using var response = await home.Stranger.SendAsync(request);
        await TestHome.AssertProblemAsync(response, 403, "cross_site");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task CircuitSocket_OpenedFromAnotherSite_IsRefused(string? origin)
    {
        await using var home = await TestHome.StartAsync();
        var cookie = await SignInAsync(home);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => OpenSocketAsync(home, cookie, origin));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        using var own = await OpenSocketAsync(home, cookie, home.Host.Url.GetLeftPart(UriPartial.Authority));
        Assert.Equal(WebSocketState.Open, own.State);
    }

    [Fact]
    public async Task CircuitSocket_WithoutSession_IsRefused()
    {
        await using var home = await TestHome.StartAsync();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => OpenSocketAsync(home, null, home.Host.Url.GetLeftPart(UriPartial.Authority)));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_OfTenMegabytes_IsRefusedAndHomeLives()
    {
        await using var home = await TestHome.StartAsync();
        var head = home.Service<EventJournal>().Head;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events")
        {
            Content = TestHome.Json(new JsonObject { ["kind"] = "ext.big", ["payload"] = new string('x', 10 * 1024 * 1024) }),
        };
        request.Headers.ExpectContinue = true;
        using var response = await home.Owner.SendAsync(request);
        await TestHome.AssertProblemAsync(response, 413, "too_large");
        Assert.Equal(head, home.Service<EventJournal>().Head);
        using var after = await home.Stranger.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData("{", 400, "malformed_json")]
    [InlineData("""{"kind":"ext.a","kind":"ext.b"}""", 400, "malformed_json")]
    [InlineData("""{"kind":"ext.a","payload":{"a":1,"a":2}}""", 400, "malformed_json")]
    [InlineData("""{"kind":"ext.a","payload":"\ud800"}""", 422, "invalid_input")]
    [InlineData("""{"kind":"ext.a","surprise":1}""", 422, "invalid_input")]
    [InlineData("""{"kind":"EXT A"}""", 403, "forbidden")]
    [InlineData("""{"kind":"ext.Not A Kind"}""", 422, "invalid_input")]
    [InlineData("[]", 422, "invalid_input")]
    [InlineData("null", 422, "invalid_input")]
    public async Task Event_Malformed_IsRefusedAndNothingWritten(string body, int status, string code)
    {
        await using var home = await TestHome.StartAsync();
        var head = home.Service<EventJournal>().Head;
        using var response = await home.Owner.PostAsync("/events", TestHome.Json(body));
        await TestHome.AssertProblemAsync(response, status, code);
        Assert.Equal(head, home.Service<EventJournal>().Head);
    }

    [Fact]
    public async Task Event_NotJson_IsUnsupportedMediaType()
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.PostAsync("/events", new StringContent("kind=ext.a"));
        await TestHome.AssertProblemAsync(response, 415, "unsupported_media_type");
    }

    [Fact]
    public async Task Route_WithWrongMethod_Is405()
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.DeleteAsync("/healthz");
        await TestHome.AssertProblemAsync(response, 405, "method_not_allowed");
    }

    [Fact]
    public async Task Route_Unknown_Is404()
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.GetAsync("/no/such/route");
        await TestHome.AssertProblemAsync(response, 404, "not_found");
    }

    [Fact]
    public async Task Route_ThatThrows_TellsNothingOfItsInside()
    {
        await using var home = await TestHome.StartAsync(services =>
            Web.Hosting.RoutesRegistration.AddRoutes(services, routes => routes.MapGet("/boom", void () => throw new InvalidOperationException("secret detail"))));
        using var response = await home.Owner.GetAsync("/boom");
        var problem = await TestHome.AssertProblemAsync(response, 500, "fault");
        Assert.DoesNotContain("secret detail", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretGuessing_IsSlowedDown()
    {
        await using var home = await TestHome.StartAsync();
        using var guesser = home.Client("arw_person_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            using var response = await guesser.GetAsync("/state/actions");
            statuses.Add(response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, statuses[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        using var owner = await home.Owner.GetAsync("/state/credentials");
        Assert.Equal(HttpStatusCode.OK, owner.StatusCode);
    }

    [Fact]
    public async Task Token_Expired_IsRefused()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-25T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var home = await TestHome.StartAsync(services => services.AddSingleton<TimeProvider>(time));
        var (_, secret) = await home.MintAsync("brief", PrincipalKind.Person, ttlSecs: 60);
        using var client = home.Client(secret);
        using (var before = await client.GetAsync("/state/credentials"))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        time.Advance(TimeSpan.FromSeconds(61));
        using var after = await client.GetAsync("/state/credentials");
        await TestHome.AssertProblemAsync(after, 401, "unauthorized");
    }

    [Fact]
    public async Task Agent_AppendingAsPersonOrHome_IsForbidden()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        foreach (var body in new[]
        {
            """{"kind":"ext.a.b","project":"demo","actor":"person:owner"}""",
            """{"kind":"policy.lease.granted","project":"demo"}""",
            """{"kind":"approvals.answered","project":"demo"}""",
            """{"kind":"access.credential.minted","project":"demo"}""",
            """{"kind":"ext.a.b","project":"other"}""",
        })
        {
            using var response = await agent.PostAsync("/events", TestHome.Json(body));
            await TestHome.AssertProblemAsync(response, 403, "forbidden");
        }

        using var allowed = await agent.PostAsync("/events", TestHome.Json("""{"kind":"ext.a.b","payload":{"x":1}}"""));
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        var written = home.Service<EventJournal>().Newest(1)[0];
        Assert.Equal(("agent:crawler", "demo"), (written.Actor, written.Project));
    }

    [Theory]
    [InlineData("credential.mint", """{"name":"friend","kind":"person"}""")]
    [InlineData("credential.revoke", """{"id":"x"}""")]
    [InlineData("policy.lease.grant", """{"holder":"agent:crawler","capability":"net.http:GET https://example.org","ttl_secs":60}""")]
    [InlineData("policy.posture.set", """{"posture":"relaxed"}""")]
    [InlineData("egress.settings.set", """{}""")]
    [InlineData("approval.answer", """{"id":"x","answer":"once"}""")]
    public async Task Agent_RunningControlAction_IsForbidden(string kind, string input)
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        var body = new JsonObject { ["kind"] = kind, ["input"] = JsonNode.Parse(input), ["project"] = "demo" };
        using var response = await agent.PostAsync("/actions", TestHome.Json(body));
        await TestHome.AssertProblemAsync(response, 403, "forbidden");
    }

    [Fact]
    public async Task Agent_ApprovingItsOwnAction_IsForbidden()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        using var submitted = await agent.PostAsync("/actions", TestHome.Json(
            """{"kind":"file.write","input":{"path":"project://notes/a.md","content":"x"},"on_needs_lease":"ask"}"""));
        var outcome = JsonNode.Parse(await submitted.Content.ReadAsStringAsync())!;
        Assert.Equal("waiting", (string?)outcome["state"]);
        var (id, approval) = ((string)outcome["id"]!, (string)outcome["approval"]!);
        foreach (var (path, body) in new[]
        {
            ($"/approvals/{approval}", """{"answer":"once"}"""),
            ($"/actions/{id}/approve", "{}"),
            ($"/actions/{id}/approve", """{"answer":"until_revoked"}"""),
        })
        {
            using var response = await agent.PostAsync(path, TestHome.Json(body));
            Assert.True(response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity, $"{path}: {(int)response.StatusCode}");
        }

        using var straight = await agent.PostAsync($"/actions/{id}/approve", null);
        await TestHome.AssertProblemAsync(straight, 403, "forbidden");
        Assert.Equal(ActionState.Waiting, home.Service<ActionsModel>().Rows.Find(id)!.State);

        // It may see what it waits for, and another agent may not.
        Assert.Contains(approval, await agent.GetStringAsync("/state/approvals"), StringComparison.Ordinal);
        using var other = await home.AgentAsync("other", "other");
        Assert.DoesNotContain(approval, await other.GetStringAsync("/state/approvals"), StringComparison.Ordinal);
        using var hidden = await other.GetAsync($"/actions/{id}");
        await TestHome.AssertProblemAsync(hidden, 404, "not_found");
    }

    [Theory]
    [InlineData(PrincipalKind.Node)]
    [InlineData(PrincipalKind.Guest)]
    public async Task NodeOrGuest_HasNoRights(PrincipalKind kind)
    {
        await using var home = await TestHome.StartAsync();
        using var client = home.Client((await home.MintAsync("somebody", kind)).Secret);
        foreach (var path in new[] { "/events", "/state/actions", "/spec/openapi.json" })
        {
            using var response = await client.GetAsync(path);
            await TestHome.AssertProblemAsync(response, 403, "forbidden");
        }
    }

    [Fact]
    public async Task Agent_ReadingDocumentsOfTheHome_IsForbidden()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        foreach (var path in new[] { "/state/credentials", "/state/sessions", "/state/route_stats", "/state/bus" })
        {
            using var response = await agent.GetAsync(path);
            await TestHome.AssertProblemAsync(response, 403, "forbidden");
        }
    }

    private static async Task<ClientWebSocket> OpenSocketAsync(TestHome home, string? cookie, string? origin)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in new[] { ("Cookie", cookie), ("Origin", origin) })
        {
            if (value is not null)
            {
                socket.Options.SetRequestHeader(name, value);
            }
        }

        try
        {
            await socket.ConnectAsync(new UriBuilder(home.Host.Url) { Scheme = "ws", Path = "/_blazor" }.Uri, CancellationToken.None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static async Task<string> SignInAsync(TestHome home)
    {
        using var response = await home.Stranger.GetAsync(home.Host.SignInLink);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        await home.Service<StateHost>().WaitForAsync(home.Service<EventJournal>().Head);
        return response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("arw=", StringComparison.Ordinal)).Split(';')[0];
    }
}
