using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.E2E.Hosts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Arw.E2E.Journeys;

/// <summary>A person sets on pages how wide one project's way out is and what a host charges, and sees at once what holds and why.</summary>
public sealed class EgressSettingsJourney(Chromium chromium) : PageTest(chromium)
{
    private Home _home = null!;

    public override async Task InitializeAsync() => _home = await Home.StartAsync(demo: false);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Project_GetsAModeOfItsOwn_AndFollowsTheHomeAgain()
    {
        await _home.ControlAsync("project.create", new JsonObject { ["id"] = "garden", ["title"] = "Garden" });
        var person = await SignInAsync(_home);
        await person.GoToAsync("projects/garden");
        var card = person.Page.GetByRole(AriaRole.Region, new() { Name = "What may leave" });
        await Expect(card).ToContainTextAsync("Public, from the posture Standard.");

        await card.GetByRole(AriaRole.Radio, new() { Name = "Allowlist" }).CheckAsync();
        await Expect(card).ToContainTextAsync("Allowlist, chosen for this project.");
        Assert.Equal((EgressMode.Allowlist, EgressMode.Public), (_home.Service<EgressGate>().ModeFor("garden"), _home.Service<EgressGate>().ModeFor(null)));

        await _home.ControlAsync("egress.settings.set", new JsonObject { ["mode"] = "observe" });
        await card.GetByRole(AriaRole.Radio, new() { Name = "As the home" }).CheckAsync();
        await Expect(card).ToContainTextAsync("Observe, chosen for the home.");
        Assert.Equal(EgressMode.Observe, _home.Service<EgressGate>().ModeFor("garden"));
    }

    [Fact]
    public async Task Price_SetOnThePage_IsWhatALaunchIsEstimatedBy()
    {
        await _home.ControlAsync("project.create", new JsonObject { ["id"] = "garden", ["title"] = "Garden" });
        var person = await SignInAsync(_home);
        await person.GoToAsync("egress");
        var card = person.Page.GetByRole(AriaRole.Region, new() { Name = "What hosts charge" });
        await card.GetByText("Set a price").ClickAsync();
        await card.GetByLabel("Host").FillAsync("feeds.example.org");
        await card.GetByLabel("USD a request").FillAsync("a lot");
        await card.GetByRole(AriaRole.Button, new() { Name = "Set the price" }).ClickAsync();
        await Expect(card).ToContainTextAsync("\"a lot\" is no price for each request.");
        await card.GetByLabel("USD a request").FillAsync("0.02");
        await card.GetByRole(AriaRole.Button, new() { Name = "Set the price" }).ClickAsync();
        await Expect(card).ToContainTextAsync("$0.02 a request");

        await person.GoToAsync("recipes/research-digest");
        await person.Page.GetByLabel("feeds", new() { Exact = false }).First.FillAsync("https://feeds.example.org/a.xml");
        await person.Page.Keyboard.PressAsync("Tab");
        await Expect(person.Page.Locator("main")).ToContainTextAsync("at most about $0.02");
        var leaving = person.Page.Locator("section", new() { HasText = "What leaves this machine" }).Last;
        await Expect(leaving).ToContainTextAsync("net.http:GET https://feeds.example.org/a.xml");
        await Expect(leaving).ToContainTextAsync("asked first");
    }
}
