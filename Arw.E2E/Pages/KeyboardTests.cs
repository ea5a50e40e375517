using Arw.E2E.Hosts;
using static Microsoft.Playwright.Assertions;

namespace Arw.E2E.Pages;

/// <summary>The site without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium, LivelyHome lively) : PageTest(chromium), IClassFixture<LivelyHome>
{
    [Fact]
    public async Task SkipLink_IsFirstAndLeadsToTheContent()
    {
        var person = await SignInAsync(lively.Home);
        await person.GoToAsync("episodes");
        await FocusSettlesAsync(person);
        // As if the window had just been entered: a page gives its heading the focus.
        await person.Page.EvaluateAsync("() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }");
        await person.Page.Keyboard.PressAsync("Tab");
        await Expect(person.Page.Locator("a.skip")).ToBeFocusedAsync();
        await Expect(person.Page.Locator("a.skip")).ToBeInViewportAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(person.Page.Locator("#main")).ToBeFocusedAsync();
        Assert.EndsWith("/episodes", person.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy", "button", "Refuse")]
    [InlineData("policy", "button", "15 minutes")]
    [InlineData("policy", "button", "Revoke")]
    [InlineData("recipes", "a", "Research digest")]
    [InlineData("recipes/research-digest", "button", "Accept and run")]
    [InlineData("episodes", "a", "Research digest")]
    [InlineData("settings", "button", "Stop everything")]
    [InlineData("projects", "button", "Create")]
    [InlineData("map/review?id=from-home-b", "button", "Put off")]
    [InlineData("memory", "button", "Let in")]
    public async Task Tab_ReachesTheMainAction(string address, string element, string word)
    {
        const int MostStops = 120;
        var person = await SignInAsync(lively.Home);
        await person.GoToAsync(address);
        await person.Page.Locator("#main").FocusAsync();
        for (var i = 0; i < MostStops; i++)
        {
            await person.Page.Keyboard.PressAsync("Tab");
            if (await person.Page.EvaluateAsync<bool>(
                "([element, word]) => document.activeElement.matches(`main ${element}`) && document.activeElement.innerText.trim().startsWith(word)", new[] { element, word }))
            {
                Assert.True(
                    // A link that stands for its row or card shows the focus there.
                    await person.Page.EvaluateAsync<bool>("""
                        () => [getComputedStyle(document.activeElement), getComputedStyle(document.activeElement, '::after'), getComputedStyle(document.activeElement.closest('.card') ?? document.activeElement)]
                          .some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 1)
                        """),
                    "The focus cannot be seen.");
                return;
            }
        }

        Assert.Fail($"{MostStops} times Tab did not reach \"{word}\".");
    }

    [Fact]
    public async Task Escape_ClosesThePanelOfAPhoneAndGivesTheFocusBack()
    {
        var person = await SignInAsync(lively.Home, new Look(Width: Look.Phone));
        await person.GoToAsync("episodes");
        var pull = person.Page.Locator("aside.side .pull");
        await pull.FocusAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(person.Page.Locator("#side-pane")).ToBeVisibleAsync();
        await person.Page.Locator("#side-pane").FocusAsync();
        await person.Page.Keyboard.PressAsync("Escape");
        await Expect(person.Page.Locator("#side-pane")).ToBeHiddenAsync();
        await Expect(pull).ToBeFocusedAsync();
    }

    // The question that waits takes the focus a moment after the page has come.
    private static Task FocusSettlesAsync(Person person) =>
        Expect(person.Page.Locator("aside.side .ask").GetByText("Refuse")).ToBeFocusedAsync();

    [Fact]
    public async Task GoTo_FindsAPageByKeysAndEscapeClosesTheList()
    {
        var person = await SignInAsync(lively.Home);
        await person.GoToAsync("");
        await FocusSettlesAsync(person);
        await person.Page.Keyboard.PressAsync("Control+k");
        var box = person.Page.Locator("#goto");
        await Expect(box).ToBeFocusedAsync();
        await box.PressSequentiallyAsync("egr");
        await Expect(person.Page.Locator("#goto-list li").First).ToContainTextAsync("Egress");
        await person.Page.Keyboard.PressAsync("Escape");
        await Expect(person.Page.Locator("#goto-list")).ToBeHiddenAsync();
        await box.PressSequentiallyAsync("e");
        await Expect(person.Page.Locator("#goto-list li").First).ToContainTextAsync("Egress");
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(person.Page.Locator("main h1")).ToHaveTextAsync("Egress");
    }
}
