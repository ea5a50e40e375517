using Arw.Core.Policy.Postures;
using Arw.E2E.Hosts;
using static Microsoft.Playwright.Assertions;

namespace Arw.E2E.Journeys;

/// <summary>The one control that has to be within reach wherever one looks.</summary>
public sealed class StopJourney(Chromium chromium) : PageTest(chromium)
{
    private Home _home = null!;

    public override async Task InitializeAsync() => _home = await Home.StartAsync(demo: false);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Stop_AsksFirstThenStopsEverythingFromAnyPage()
    {
        var person = await SignInAsync(_home);
        await person.GoToAsync("episodes");

        // A page gives its heading the focus once it has come.
        await Expect(person.Page.Locator("main h1")).ToBeFocusedAsync();
        // The chip alone: while it asks, "Stop everything" has the word too.
        var ask = person.Page.Locator(".top > button.chip", new() { HasText = "Stop" });
        await ask.FocusAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        var stop = person.Page.Locator(".top .stop button", new() { HasText = "Stop everything" });
        await Expect(stop).ToBeFocusedAsync();
        await person.Page.Keyboard.PressAsync("Escape");
        await Expect(ask).ToBeFocusedAsync();
        Assert.False(_home.Service<PolicyModel>().Current.KillSwitch.On);
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(stop).ToBeFocusedAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        var stopped = person.Page.Locator(".top a", new() { HasText = "Stopped" });
        await Expect(stopped).ToBeFocusedAsync();
        Assert.True(_home.Service<PolicyModel>().Current.KillSwitch.On);
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(person.Page.Locator("main h1")).ToHaveTextAsync("Settings");
        await person.Page.Locator("main button", new() { HasText = "Let actions run again" }).ClickAsync();
        await Expect(ask).ToBeVisibleAsync();
    }
}
