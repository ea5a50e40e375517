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
