using Arw.E2E.Hosts;
using Microsoft.Playwright;

namespace Arw.E2E.Pages;

/// <summary>Takes the pictures of the documentation; run by docs/pictures.sh, which says where they go.</summary>
public sealed class Pictures(Chromium chromium, LivelyHome lively) : PageTest(chromium), IClassFixture<LivelyHome>
{
    private const string FolderVariable = "ARW_PICTURES";

    [PicturesTheory]
    [Trait("Category", "Pictures")]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Take(string theme)
    {
        var folder = Directory.CreateDirectory(Environment.GetEnvironmentVariable(FolderVariable)!).FullName;
        var person = await SignInAsync(lively.Home, new Look(theme));
        person.Forgiving = true;
        foreach (var name in SitePages.Names)
        {
            await person.ResizeAsync(Look.Desk);
            await person.GoToAsync(SitePages.Address(name, lively));
            await ShootAsync(person.Page, Path.Combine(folder, $"{name}-{theme}-{Look.Desk}.png"));
            await person.ResizeAsync(Look.Phone);
            await person.GoToAsync(SitePages.Address(name, lively));
            await ShootAsync(person.Page, Path.Combine(folder, $"{name}-{theme}-{Look.Phone}.png"));
        }

        if (theme == "light")
        {
            await person.ResizeAsync(Look.Desk);
            await person.GoToAsync(SitePages.Address("episode", lively));
            await ShootAsync(person.Page, Path.Combine(folder, "episode.png"));
            await person.GoToAsync("map?view=table");
            var belief = await person.Page.Locator("main tbody a.row").First.GetAttributeAsync("href");
            await person.GoToAsync(belief!.Replace("view=table&", "", StringComparison.Ordinal));
            await Assertions.Expect(person.Page.Locator(".mapnode").First).ToBeVisibleAsync();
            await ShootAsync(person.Page, Path.Combine(folder, "map.png"));
        }
    }

    private static async Task ShootAsync(IPage page, string file)
    {
        await page.EvaluateAsync("() => document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))");
        await page.WaitForTimeoutAsync(400);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = file, Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
    }

    private sealed class PicturesTheoryAttribute : TheoryAttribute
    {
        public PicturesTheoryAttribute()
        {
            if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 })
            {
                Skip = "Run docs/pictures.sh to take pictures.";
            }
        }
    }
}
