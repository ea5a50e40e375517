using Arw.E2E.Hosts;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Arw.E2E.Pages;

/// <summary>What holds for every page, in both themes, at a desk and on a phone.</summary>
public sealed class EveryPageTests(Chromium chromium, LivelyHome lively) : PageTest(chromium), IClassFixture<LivelyHome>
{
    private static readonly AxeRunOptions Wcag22Aa = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    };

    public static IEnumerable<object[]> Names => SitePages.Names.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Page_InEveryLook_IsAccessibleAndFits(string name)
    {
        var person = await SignInAsync(lively.Home);
        // A page that does not exist answers 404, which the browser reports.
        person.Forgiving = name == "not-found";
        await person.GoToAsync(SitePages.Address(name, lively));
        foreach (var width in (int[])[Look.Desk, Look.Phone])
        {
            await person.ResizeAsync(width);
            await AssertFitsAsync(person.Page, $"{name}, {width} px");
            foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await person.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
                await AssertAccessibleAsync(person.Page, $"{name}, {theme}, {width} px");
            }
        }
    }

    private static async Task AssertAccessibleAsync(IPage page, string what)
    {
        var found = (await page.RunAxe(Wcag22Aa)).Violations;
        Assert.True(found.Length == 0, $"{what}:\n" + string.Join('\n', found.SelectMany(v => v.Nodes.Select(n =>
            $"  {v.Id} ({v.Impact}) at {n.Target}: {string.Join(" ", n.Any.Concat(n.All).Concat(n.None).Select(c => c.Message))}\n    {n.Html}"))));
    }

    /// <summary>Nothing sticks out of the window sideways: neither the page nor its main part scrolls that way. Downwards the parts scroll, the window does not; its top bar is one row of chips.</summary>
    private static async Task AssertFitsAsync(IPage page, string what)
    {
        var wide = await page.EvaluateAsync<string[]>("""
            () => [document.documentElement, document.body, document.getElementById('main')]
              .filter(e => e.scrollWidth > e.clientWidth)
              .flatMap(e => [`${e.tagName} is ${e.scrollWidth} px wide in ${e.clientWidth}`,
                ...[...e.querySelectorAll('*')].filter(c => c.getBoundingClientRect().right > e.getBoundingClientRect().right + 1 && !c.closest('.map, .list, .wf, pre, .sr')).slice(0, 5).map(c => `  ${c.outerHTML.slice(0, 160)}`)])
            """);
        Assert.True(wide.Length == 0, $"{what}:\n  " + string.Join("\n  ", wide));
        var (tall, rows) = (await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight - document.documentElement.clientHeight"),
            await page.EvaluateAsync<int>("() => new Set([...document.querySelectorAll('.top > .chip')].filter(c => c.offsetHeight > 0).map(c => Math.round((c.offsetTop + c.offsetHeight / 2) / 8))).size"));
        Assert.True(tall == 0, $"{what}: the window scrolls {tall} px down");
        Assert.True(rows == 1, $"{what}: the chips of the top bar stand in {rows} rows");
    }
}
