using System.Text.RegularExpressions;
using Arw.E2E.Hosts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Arw.E2E.Journeys;

/// <summary>From an empty data folder to a digest with its sources, and back out of a permission: all of it by hand, on pages.</summary>
public sealed partial class ResearchDigestJourney(Chromium chromium) : PageTest(chromium)
{
    private Home _home = null!;
    private FeedServer _feeds = null!;
    private Person _person = null!;

    private IPage Page => _person.Page;

    public override async Task InitializeAsync()
    {
        _feeds = await FeedServer.StartAsync();
        _home = await Home.StartAsync(demo: false);
        _person = await SignInAsync(_home);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _feeds.LetGo();
        await _home.DisposeAsync();
        await _feeds.DisposeAsync();
    }

    [Fact]
    public async Task Digest_FromAnEmptyFolder_IsReadCitedMappedAndCutWhenItsLeaseIsRevoked()
    {
        await MakeProjectAsync();
        await SpellScopeAsync();

        await LaunchAsync("/news.xml", "/slow.xml", "/malformed.xml", "/moved.xml");
        await RefuseTheFirstAsync();
        _feeds.Hold();
        await GrantTheSecondForAQuarterAsync();
        await SeeStepsArriveAsync();
        await SeeTheEpisodeEndAsync();
        Assert.DoesNotContain("/news.xml", _feeds.Asked);

        await ReadTheDigestAsync();
        await LetTheClaimsInAsync();
        await FindTheBeliefsAsync();
        await ExplainEveryRequestAsync();

        await RevokeWhileAStepRunsAsync();
    }

    private async Task MakeProjectAsync()
    {
        await OpenAsync("Projects");
        await Page.GetByLabel(NameField()).FillAsync("garden");
        await Page.GetByLabel(TitleField()).FillAsync("Garden and workshop");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Garden and workshop");
    }

    private async Task SpellScopeAsync()
    {
        await OpenAsync("Egress");
        var places = Page.GetByRole(AriaRole.Region, new() { Name = "Places that may be asked for" });
        await places.GetByLabel("Address of the place").FillAsync(_feeds.Url(""));
        await places.GetByRole(AriaRole.Button, new() { Name = "Add this place" }).ClickAsync();
        await Expect(places.Locator(".choice").Filter(new() { HasText = $"{_feeds.Port}" })).ToBeVisibleAsync();
    }

    // On a busy machine the link is followed before the circuit could take it over, and then the page comes whole: what is typed before it is live would be lost.
    private async Task OpenAsync(string page)
    {
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = page }).ClickAsync();
        await Expect(Page.Locator("h1")).ToContainTextAsync(page);
        await _person.LiveAsync();
    }

    private async Task LaunchAsync(params string[] feeds)
    {
        await OpenAsync("Recipes");
        await Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Research digest" }).ClickAsync();
        await Page.GetByLabel("Feeds").FillAsync(string.Join('\n', feeds.Select(_feeds.Url)));
        await Page.GetByLabel("Feeds").BlurAsync();
        await Expect(Page.GetByText($"127.0.0.1:{_feeds.Port}").First).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Accept and run" }).ClickAsync();
        await Page.WaitForURLAsync("**/episodes/*");
        await Expect(Page.Locator("h1")).ToContainTextAsync("Research digest");
    }

    private async Task RefuseTheFirstAsync()
    {
        var card = Card("/news.xml");
        await Expect(card).ToBeVisibleAsync();
        await Expect(card).ToContainTextAsync("Leaves this machine");
        var refuse = card.GetByRole(AriaRole.Button, new() { Name = "Refuse" });
        await Expect(refuse).ToBeFocusedAsync();
        // The default is one key away: no mouse.
        await Page.Keyboard.PressAsync("Enter");
    }

    private async Task GrantTheSecondForAQuarterAsync()
    {
        var card = Card("/slow.xml");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Refuse" })).ToBeFocusedAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "15 minutes" }).ClickAsync();
    }

    private async Task SeeStepsArriveAsync()
    {
        // What is on this page now must still be there at the end: it was never loaded again.
        await Page.EvaluateAsync("() => { window.sameLoad = true; }");
        var steps = Page.GetByRole(AriaRole.Region, new() { Name = "Actions of the episode" });
        await Expect(Row(steps, "/news.xml")).ToContainTextAsync("Refused");
        await Home.UntilAsync(() => _feeds.Asked.Contains("/slow.xml"), "the slow feed is asked for");
        await Expect(Row(steps, "/slow.xml")).ToContainTextAsync("Running");
        await Expect(Row(steps, "/malformed.xml")).ToHaveCountAsync(0);
        _feeds.LetGo();
        await Expect(Row(steps, "/slow.xml")).ToContainTextAsync("Done");
        await Expect(Row(steps, "/malformed.xml")).ToContainTextAsync("Failed");
        await Expect(Row(steps, "/moved.xml")).ToContainTextAsync("Failed");
    }

    private async Task SeeTheEpisodeEndAsync()
    {
        await Expect(Page.Locator("main .head")).ToContainTextAsync("Done", new() { Timeout = 120_000 });
        Assert.True(await Page.EvaluateAsync<bool>("() => window.sameLoad === true"), "The page was loaded again.");
    }

    private async Task ReadTheDigestAsync()
    {
        await OpenAsync("Projects");
        await Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Garden and workshop" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = DigestFile() }).ClickAsync();
        var digest = Page.Locator("main");
        await Expect(digest.GetByRole(AriaRole.Heading, new() { Name = "Sources" })).ToBeVisibleAsync();

        // Each citation in the text leads to the source that the list names under its number.
        var citations = digest.Locator("a").Filter(new() { HasTextRegex = Citation() });
        var count = await citations.CountAsync();
        Assert.True(count > 0, "The digest cites nothing.");
        var sources = digest.Locator("ol li a");
        for (var i = 0; i < count; i++)
        {
            var number = int.Parse((await citations.Nth(i).InnerTextAsync()).Trim('[', ']'), System.Globalization.CultureInfo.InvariantCulture);
            var link = await citations.Nth(i).GetAttributeAsync("href");
            Assert.StartsWith("https://review.example.org/", link, StringComparison.Ordinal);
            Assert.Equal(link, await sources.Nth(number - 1).GetAttributeAsync("href"));
        }

        await Expect(digest).ToContainTextAsync("Feeds that could not be read");
        foreach (var path in (string[])["/news.xml", "/malformed.xml", "/moved.xml"])
        {
            await Expect(digest).ToContainTextAsync(path);
        }
    }

    // What feeds say waits: the map says so, and a person lets the run's claims in together, by keys.
    private async Task LetTheClaimsInAsync()
    {
        await OpenAsync("Project map");
        await Page.Locator("main").GetByRole(AriaRole.Link, new() { NameRegex = Waits() }).ClickAsync();
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Memory");
        await _person.LiveAsync();
        var run = Page.GetByRole(AriaRole.Region, new() { NameRegex = DigestTitle() });
        var entries = run.Locator("li.entry a");
        await Expect(entries.First).ToBeVisibleAsync();
        await entries.First.ClickAsync();
        var pane = Page.GetByRole(AriaRole.Region, new() { Name = "The entry" });
        await Expect(pane).ToContainTextAsync("This episode read from outside");
        await Expect(pane).ToContainTextAsync("This episode read every one of them.");
        var admit = run.GetByRole(AriaRole.Button, new() { NameRegex = AdmitAll() });
        await admit.FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("main")).ToContainTextAsync("Nothing waits for review");
    }

    private async Task FindTheBeliefsAsync()
    {
        await OpenAsync("Project map");
        var nodes = Page.Locator(".mapnode").Filter(new() { HasText = "source" });
        await Expect(nodes.First).ToBeVisibleAsync();
        await Page.GetByLabel("What do we hold about").FillAsync("agents permissions");
        await Page.GetByLabel("What do we hold about").PressAsync("Enter");
        await Page.WaitForURLAsync("**q=agents*");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Table", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Region, new() { Name = "Beliefs" }).Locator("tbody a").First.ClickAsync();
        await Expect(Page.Locator("aside.side").GetByRole(AriaRole.Heading, new() { NameRegex = Evidence() })).ToBeVisibleAsync();
        Assert.StartsWith(
            "https://review.example.org/",
            await Page.Locator("aside.side .sec").Filter(new() { HasText = "Evidence" }).Last.GetByRole(AriaRole.Link).First.GetAttributeAsync("href"),
            StringComparison.Ordinal);
    }

    private async Task ExplainEveryRequestAsync()
    {
        await OpenAsync("Egress");
        foreach (var path in _feeds.Asked)
        {
            await Expect(Page.Locator("main tbody tr").Filter(new() { HasText = path }).First).ToContainTextAsync("by a lease");
        }

        await Expect(Page.Locator("main tbody tr").Filter(new() { HasText = _feeds.Elsewhere })).ToContainTextAsync("an address of this machine");
    }

    private async Task RevokeWhileAStepRunsAsync()
    {
        // The lease is the recipe's, so a second run needs no question and stands in the middle of its fetch.
        var before = _feeds.Asked.Count;
        _feeds.Hold();
        await LaunchAsync("/slow.xml", "/news.xml");
        await Home.UntilAsync(() => _feeds.Asked.Count > before, "the slow feed is asked for again");
        var episode = Page.Url;
        await OpenAsync("Policy");
        await Page.Locator("main").GetByRole(AriaRole.Button, new() { NameRegex = RevokeRequest() }).ClickAsync();

        // The request under way is cut, and the step's next fetch is refused for the same reason: nobody is asked again.
        await Page.GotoAsync(episode);
        await _person.LiveAsync();
        var steps = Page.GetByRole(AriaRole.Region, new() { Name = "Actions of the episode" });
        await Expect(Row(steps, "/slow.xml")).ToContainTextAsync("Failed");
        await Row(steps, "/slow.xml").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.Locator("main section.card").Filter(new() { HasText = "Attempts" })).ToContainTextAsync("was ended by person:owner");
        await Expect(Row(steps, "/news.xml")).ToContainTextAsync("Refused");
        await Row(steps, "/news.xml").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.Locator("main")).ToContainTextAsync("was ended by person:owner");
        Assert.DoesNotContain("/news.xml", _feeds.Asked);
        await Expect(Page.Locator("section.ask")).ToHaveCountAsync(0);
    }

    private ILocator Card(string path) => Page.Locator("section.ask").Filter(new() { HasText = _feeds.Url(path) }).First;

    private static ILocator Row(ILocator steps, string path) => steps.Locator("tbody tr").Filter(new() { HasText = path });

    [GeneratedRegex("^(?:Id|Name)", RegexOptions.None, 1000)]
    private static partial Regex NameField();

    [GeneratedRegex("^Title", RegexOptions.None, 1000)]
    private static partial Regex TitleField();

    [GeneratedRegex(@"digests.+\.md", RegexOptions.None, 1000)]
    private static partial Regex DigestFile();

    [GeneratedRegex(@"^\[\d+\]$", RegexOptions.None, 1000)]
    private static partial Regex Citation();

    [GeneratedRegex("waits? for review", RegexOptions.None, 1000)]
    private static partial Regex Waits();

    [GeneratedRegex("^Research digest", RegexOptions.None, 1000)]
    private static partial Regex DigestTitle();

    [GeneratedRegex("^Let in all", RegexOptions.None, 1000)]
    private static partial Regex AdmitAll();

    [GeneratedRegex("^Evidence", RegexOptions.None, 1000)]
    private static partial Regex Evidence();

    [GeneratedRegex("^Revoke net.http:GET", RegexOptions.None, 1000)]
    private static partial Regex RevokeRequest();
}
