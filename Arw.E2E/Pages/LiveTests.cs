using System.Text.Json.Nodes;
using Arw.E2E.Hosts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Arw.E2E.Pages;

/// <summary>Pages follow what happens, say when they cannot, and come back.</summary>
public sealed class LiveTests(Chromium chromium) : PageTest(chromium)
{
    private Home _home = null!;

    public override async Task InitializeAsync() => _home = await Home.StartAsync(demo: false);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task TwoPeople_WhatOneDoes_TheOtherSeesWithoutReload()
    {
        var first = await SignInAsync(_home);
        var second = await SignInAsync(_home, new Look("dark"), ownSession: true);
        await second.GoToAsync("settings");
        await Expect(second.Page.GetByRole(AriaRole.Link, new() { Name = "Posture Standard" })).ToBeVisibleAsync();

        await first.GoToAsync("settings");
        await first.Page.GetByRole(AriaRole.Radio, new() { NameRegex = new("^Strict", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)) }).CheckAsync();

        await Expect(second.Page.GetByRole(AriaRole.Link, new() { Name = "Posture Strict" })).ToBeVisibleAsync();
        await Expect(second.Page.GetByRole(AriaRole.Radio, new() { NameRegex = new("^Strict", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)) })).ToBeCheckedAsync();
    }

    [Fact]
    public async Task Connection_Lost_IsShownAndComesBackWithWhatWasMissed()
    {
        var person = await SignInAsync(_home);
        await using var wire = new Wire(_home.Url);
        await person.GoToAsync(new Uri(wire.Url, "projects").AbsoluteUri);
        var state = person.Page.GetByRole(AriaRole.Status, new() { Name = "Connection" });
        await Expect(state).ToContainTextAsync("Live");
        await Expect(state.GetByText("Reconnecting")).ToBeHiddenAsync();

        person.Forgiving = true;
        wire.Cut();
        await Expect(state.GetByText("Reconnecting")).ToBeVisibleAsync();
        await Expect(person.Page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();

        await _home.ControlAsync("project.create", new JsonObject { ["id"] = "meanwhile", ["title"] = "Made meanwhile" });
        wire.Mend();
        await Expect(state.GetByText("Live")).ToBeVisibleAsync();
        await Expect(person.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await Expect(person.Page.Locator("main").GetByText("Made meanwhile")).ToBeVisibleAsync();
    }
}
