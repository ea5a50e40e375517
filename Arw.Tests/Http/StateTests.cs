using System.Net;
using System.Text.Json.Nodes;
using Arw.Core.Access;

namespace Arw.Tests.Http;

public class StateTests
{
    [Fact]
    public async Task ReadModel_Unchanged_Is304ByItsTag()
    {
        await using var home = await TestHome.StartAsync();
        using var first = await home.Owner.GetAsync("/state/credentials");
        var tag = first.Headers.ETag!.Tag;
        using (var second = await GetAsync(home, "/state/credentials", tag))
        {
            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
            Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        }

        await home.MintAsync("crawler", PrincipalKind.Agent, ["demo"]);
        using var third = await GetAsync(home, "/state/credentials", tag);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.NotEqual(tag, third.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task ReadModel_Unknown_Is404()
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.GetAsync("/state/no_such_model");
        await TestHome.AssertProblemAsync(response, 404, "not_found");
    }

    [Fact]
    public async Task Credentials_ShowNeitherHashNorSecret()
    {
        await using var home = await TestHome.StartAsync();
        var (id, secret) = await home.MintAsync("crawler", PrincipalKind.Agent, ["demo"]);
        var text = await home.Owner.GetStringAsync("/state/credentials");
        Assert.Contains(id, text, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256:", text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RouteStats_CountRequestsByPattern()
    {
        await using var home = await TestHome.StartAsync();
        await home.Owner.GetStringAsync("/state/credentials");
        await home.Owner.GetStringAsync("/state/sessions");
        var stats = JsonNode.Parse(await home.Owner.GetStringAsync("/state/route_stats"))!;
        var route = stats["items"]!.AsArray().Single(i => (string?)i!["route"] == "GET /state/{model}")!;
        Assert.Equal(2, (int)route["hits"]!);
        Assert.Equal(0, (int)route["errors"]!);
        Assert.True((double)route["p95_ms"]! > 0);
    }

    [Fact]
    public async Task HealthAndAboutAndMetrics_NeedNoCredential()
    {
        await using var home = await TestHome.StartAsync();
        Assert.Equal("ok", (string?)JsonNode.Parse(await home.Stranger.GetStringAsync("/healthz"))!["status"]);
        Assert.Equal("Arw.Web", (string?)JsonNode.Parse(await home.Stranger.GetStringAsync("/about"))!["name"]);
        Assert.Contains("arw_bus_published_total", await home.Stranger.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_CarryTheSecurityHeaders()
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Stranger.GetAsync("/signin");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("script-src[^;]*unsafe-inline", policy);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
    }

    [Theory]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("/css/signin.css")]
    public async Task StaticAsset_IsServedToAnybody(string path)
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Stranger.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True((await response.Content.ReadAsByteArrayAsync()).Length > 100);
    }

    [Fact]
    public async Task CspReport_IsCounted()
    {
        await using var home = await TestHome.StartAsync();
        using var content = TestHome.Json("""{"csp-report":{"violated-directive":"script-src"}}""");
        using var response = await home.Stranger.PostAsync("/csp-reports", content);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(1, home.Service<Web.Hosting.Protection.CspReports>().Count);
    }

    private static Task<HttpResponseMessage> GetAsync(TestHome home, string path, string tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return home.Owner.SendAsync(request);
    }
}
