using System.Net;
using Arw.Core.Access;
using Arw.Web.Features.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Http;

public class SignInTests
{
    [Fact]
    public async Task SignInLink_WorksOnce_AndItsCookieIsStrict()
    {
        await using var home = await TestHome.StartAsync();
        using var first = await home.Stranger.GetAsync(home.Host.SignInLink);
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Equal("/", first.Headers.Location?.OriginalString);
        Assert.Equal("no-referrer", first.Headers.GetValues("Referrer-Policy").Single());
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);

        using var second = await home.Stranger.GetAsync(home.Host.SignInLink);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.False(second.Headers.TryGetValues("Set-Cookie", out var again) && again.Any(c => c.StartsWith("arw=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SignInLink_PrefetchedByBrowser_IsNotSpent()
    {
        await using var home = await TestHome.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, home.Host.SignInLink);
        request.Headers.Add("Sec-Purpose", "prefetch");
        using (var prefetch = await home.Stranger.SendAsync(request))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, prefetch.StatusCode);
        }

        using var real = await home.Stranger.GetAsync(home.Host.SignInLink);
        Assert.Equal(HttpStatusCode.SeeOther, real.StatusCode);
    }

    [Fact]
    public async Task SignInLink_AfterTenMinutes_IsRefused()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var home = await TestHome.StartAsync(services => services.AddSingleton<TimeProvider>(time));
        time.Advance(SignInCodes.Lifetime);
        using var response = await home.Stranger.GetAsync(home.Host.SignInLink);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task SignInLink_WithForeignTarget_GoesHome()
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Stranger.GetAsync(home.Host.SignInLink + "&to=%2F%2Fevil.example%2F");
        Assert.Equal("/", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Session_OpensTheApi_UntilSignedOut()
    {
        await using var home = await TestHome.StartAsync();
        var cookie = await HostileRequestTests.SignInAsync(home);
        using (var inside = await SendAsync(home, HttpMethod.Get, "/state/sessions", cookie))
        {
            Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        }

        using (var leaving = await SendAsync(home, HttpMethod.Post, "/signout", cookie))
        {
            Assert.Equal(HttpStatusCode.NoContent, leaving.StatusCode);
        }

        using var outside = await SendAsync(home, HttpMethod.Get, "/state/sessions", cookie);
        await TestHome.AssertProblemAsync(outside, 401, "unauthorized");
    }

    [Fact]
    public async Task Session_OfRevokedCredential_Ends()
    {
        await using var home = await TestHome.StartAsync();
        var (id, _) = await home.MintAsync("anna", PrincipalKind.Person);
        var code = home.Service<SignInCodes>().Mint(new Principal(PrincipalKind.Person, "anna") { CredentialId = id });
        using var signIn = await home.Stranger.GetAsync($"/signin?code={code}");
        var cookie = signIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await home.ActAsync("credential.revoke", new System.Text.Json.Nodes.JsonObject { ["id"] = id });
        using var after = await SendAsync(home, HttpMethod.Get, "/state/sessions", cookie);
        await TestHome.AssertProblemAsync(after, 401, "unauthorized");
    }

    [Fact]
    public async Task TokenForm_TakesPersonsToken_AndNeedsItsOwnPage()
    {
        await using var home = await TestHome.StartAsync();
        using var page = await home.Stranger.GetAsync("/signin");
        var html = await page.Content.ReadAsStringAsync();
        var antiforgery = System.Text.RegularExpressions.Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        var formCookie = page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        using (var forged = await SendAsync(home, HttpMethod.Post, "/signin", null, ("token", TestHome.OwnerToken)))
        {
            await TestHome.AssertProblemAsync(forged, 400, "antiforgery");
        }

        using (var wrong = await SendAsync(home, HttpMethod.Post, "/signin", formCookie, ("token", "wrong"), ("__RequestVerificationToken", antiforgery)))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var right = await SendAsync(home, HttpMethod.Post, "/signin", formCookie, ("token", TestHome.OwnerToken), ("__RequestVerificationToken", antiforgery));
        Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
        Assert.Contains(right.Headers.GetValues("Set-Cookie"), c => c.StartsWith("arw=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("own", HttpStatusCode.SeeOther)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    public async Task TokenForm_SentByABrowser_CountsAsOurs_OnlyFromOurPage(string origin, HttpStatusCode expected)
    {
        await using var home = await TestHome.StartAsync();
        using var page = await home.Stranger.GetAsync("/signin");
        // With "no-referrer", by header or by the page itself, a browser names the origin of its form "null".
        Assert.Equal("same-origin", page.Headers.GetValues("Referrer-Policy").Single());
        var html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("no-referrer", html, StringComparison.Ordinal);
        var antiforgery = System.Text.RegularExpressions.Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin")
        {
            Content = new FormUrlEncodedContent([new("token", TestHome.OwnerToken), new("__RequestVerificationToken", antiforgery)]),
        };
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        request.Headers.Add("Origin", origin == "own" ? home.Host.Url.GetLeftPart(UriPartial.Authority) : origin);
        using var answer = await home.Stranger.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Navigation_WithoutSession_LeadsToSignIn()
    {
        await using var home = await TestHome.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/episodes?state=failed");
        request.Headers.Add("Accept", "text/html");
        using var response = await home.Stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.EndsWith("/signin?to=%2Fepisodes%3Fstate%3Dfailed", response.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MintedLink_SignsTheCallerIn()
    {
        await using var home = await TestHome.StartAsync();
        using var made = await home.Owner.PostAsync("/signin/links", null);
        var url = (string)System.Text.Json.Nodes.JsonNode.Parse(await made.Content.ReadAsStringAsync())!["url"]!;
        using var response = await home.Stranger.GetAsync(url);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(TestHome home, HttpMethod method, string path, string? cookie, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(method, path);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        if (form.Length > 0)
        {
            request.Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        }

        return home.Stranger.SendAsync(request);
    }
}
