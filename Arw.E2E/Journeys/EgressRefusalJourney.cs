using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.E2E.Hosts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Arw.E2E.Journeys;

/// <summary>A program that goes out through the proxy is refused; the page says by which rule, and one button lets exactly that request pass.</summary>
public sealed class EgressRefusalJourney(Chromium chromium) : PageTest(chromium)
{
    private readonly int _port = FreePort();
    private FeedServer _feeds = null!;
    private Home _home = null!;

    public override async Task InitializeAsync()
    {
        _feeds = await FeedServer.StartAsync();
        _home = await Home.StartAsync(demo: false, _port);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _home.DisposeAsync();
        await _feeds.DisposeAsync();
    }

    [Fact]
    public async Task Refusal_OnThePage_IsAllowedExactlyAndTakenBackFromItsRow()
    {
        var (home, feeds) = (_home, _feeds);
        await home.ControlAsync("project.create", new JsonObject { ["id"] = "garden", ["title"] = "Garden" });
        var minted = await home.SubmitAsync(new SubmitRequest("credential.mint", new JsonObject { ["name"] = "reader", ["kind"] = "agent", ["projects"] = new JsonArray("garden") }));
        using var http = new HttpClient(new SocketsHttpHandler
        {
            Proxy = new WebProxy($"http://127.0.0.1:{_port}") { Credentials = new NetworkCredential("garden", (string?)minted.Output!["secret"]) },
        });
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(http, feeds.Url("/news.xml")));
        Assert.Empty(feeds.Asked);

        var person = await SignInAsync(home);
        await person.GoToAsync("egress?decision=deny");
        await person.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "/news.xml" }).First.ClickAsync();
        var details = person.Page.GetByRole(AriaRole.Region, new() { Name = "Details of the request" });
        await Expect(details).ToContainTextAsync("address_not_public");
        await details.GetByRole(AriaRole.Button, new() { Name = "Allow exactly this" }).ClickAsync();
        await Home.UntilAsync(() => home.Service<Core.Policy.Leases.LeasesModel>().Current.Live.Count == 1, "the lease is granted");

        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, feeds.Url("/news.xml")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(http, feeds.Url("/malformed.xml")));
        Assert.Equal(["/news.xml"], feeds.Asked);

        await person.GoToAsync("egress?decision=allow");
        await person.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "/news.xml" }).First.ClickAsync();
        await details.GetByRole(AriaRole.Button, new() { Name = "Revoke the lease" }).ClickAsync();
        await Home.UntilAsync(() => home.Service<Core.Policy.Leases.LeasesModel>().Current.Live.Count == 0, "the lease is revoked");
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(http, feeds.Url("/news.xml")));
    }

    [Fact]
    public async Task Refusal_OfAnActionOfTheHome_IsAllowedExactlyFromItsDecision()
    {
        var (home, feeds) = (_home, _feeds);
        await home.ControlAsync("project.create", new JsonObject { ["id"] = "garden", ["title"] = "Garden" });
        await home.ControlAsync("egress.scope.set", new JsonObject { ["id"] = "here", ["hosts"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(feeds.Port) });
        Assert.Equal("needs_lease", await FetchAsync(home, feeds.Url("/news.xml")));
        Assert.Empty(feeds.Asked);

        var person = await SignInAsync(home);
        await person.GoToAsync("policy?view=decisions&refused=true");
        var row = person.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "/news.xml" });
        await Expect(row).ToContainTextAsync("Needs a lease");
        await row.GetByRole(AriaRole.Button, new() { Name = "Allow exactly this" }).ClickAsync();
        await Home.UntilAsync(() => home.Service<Core.Policy.Leases.LeasesModel>().Current.Live.Count == 1, "the lease is granted");

        Assert.Equal("Completed", await FetchAsync(home, feeds.Url("/news.xml")));
        Assert.Equal("needs_lease", await FetchAsync(home, feeds.Url("/malformed.xml")));
        Assert.Equal("needs_lease", await FetchAsync(home, feeds.Url("/news.xml"), "HEAD"));
        Assert.Equal("address_not_public", await FetchAsync(home, feeds.Elsewhere));
        Assert.Equal(["/news.xml"], feeds.Asked);
    }

    [Fact]
    public async Task Refusal_OfAPostThroughTheProxy_IsAllowedExactlyForItsMethodAndPath()
    {
        var (home, feeds) = (_home, _feeds);
        await home.ControlAsync("project.create", new JsonObject { ["id"] = "garden", ["title"] = "Garden" });
        var minted = await home.SubmitAsync(new SubmitRequest("credential.mint", new JsonObject { ["name"] = "reader", ["kind"] = "agent", ["projects"] = new JsonArray("garden") }));
        await home.ControlAsync("egress.scope.set", new JsonObject { ["id"] = "here", ["hosts"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(feeds.Port) });
        using var http = new HttpClient(new SocketsHttpHandler
        {
            Proxy = new WebProxy($"http://127.0.0.1:{_port}") { Credentials = new NetworkCredential("garden", (string?)minted.Output!["secret"]) },
        });

        // A request without a lease, of which the button must grant this method and path and nothing else.
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(http, feeds.Url("/slow.xml"), "hello"));
        var person = await SignInAsync(home);
        await person.GoToAsync("egress?decision=deny");
        await person.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "/slow.xml" }).First.ClickAsync();
        var details = person.Page.GetByRole(AriaRole.Region, new() { Name = "Details of the request" });
        await Expect(details).ToContainTextAsync("needs_lease: net.http:POST");
        await details.GetByRole(AriaRole.Button, new() { Name = "Allow exactly this" }).ClickAsync();
        await Home.UntilAsync(() => home.Service<Core.Policy.Leases.LeasesModel>().Current.Live.Count == 1, "the lease is granted");

        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, feeds.Url("/slow.xml"), "hello"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(http, feeds.Url("/slow.xml")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(http, feeds.Url("/news.xml"), "hello"));
        Assert.Equal(["/slow.xml"], feeds.Asked);
        await person.GoToAsync("egress?decision=allow");
        await person.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "/slow.xml" }).First.ClickAsync();
        await Expect(details).ToContainTextAsync("looked into before it left");
        await Expect(details).ToContainTextAsync("nothing");
    }

    // The code of its refusal, or the state that it ended in.
    private static async Task<string> FetchAsync(Home home, string url, string method = "GET")
    {
        var request = new SubmitRequest("http.fetch", new JsonObject { ["url"] = url, ["method"] = method }) { Project = "garden", OnNeedsLease = OnNeedsLease.Refuse };
        var outcome = await home.Service<ActionService>().SubmitAsync(request, Core.Access.Principal.Owner);
        return outcome.Ok ? (await home.Service<ActionService>().WaitForEndAsync(outcome.Value.Id)) is var end && end.Error is { } error ? error.Code : $"{end.State}" : outcome.Refusal.Code;
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string url, string body)
    {
        using var content = new StringContent(body);
        using var answer = await http.PostAsync(url, content);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string url)
    {
        using var answer = await http.GetAsync(url);
        return answer.StatusCode;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
