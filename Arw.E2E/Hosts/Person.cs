using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Arw.E2E.Hosts;

/// <summary>A person before a browser window, and everything that went wrong in it.</summary>
public sealed class Person : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Home _home;
    private readonly IBrowserContext _context;

    private Person(Home home, IBrowserContext context, IPage page)
    {
        (_home, _context, Page) = (home, context, page);
        page.Console += (_, message) => Note(message.Type is "error", $"console: {message.Text} ({message.Location})");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.Response += (_, answer) => Note(answer.Status >= 400, $"{answer.Status} {answer.Request.Method} {answer.Url}");
        // A page that is left drops what it was still loading.
        page.RequestFailed += (_, request) => Note(request.Failure != "net::ERR_ABORTED", $"{request.Failure} {request.Method} {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>True while the window is cut off on purpose, and what fails in it is no fault.</summary>
    public bool Forgiving { get; set; }

    public static async Task<Person> OpenAsync(Chromium chromium, Home home, Look look, string? session)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = home.Url.AbsoluteUri,
            ColorScheme = look.Theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            StorageState = session,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(30_000);
        return new Person(home, context, await context.NewPageAsync());
    }

    /// <summary>Opens a page and waits until it answers clicks.</summary>
    public async Task GoToAsync(string path)
    {
        await Page.GotoAsync(path);
        await LiveAsync();
    }

    /// <summary>Waits until the circuit has rendered the page: the frame says so, the markers of what was prerendered are gone, and nothing says that it loads.</summary>
    public async Task LiveAsync()
    {
        await Page.WaitForFunctionAsync("""
            () => {
              const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
              while (comments.nextNode()) {
                if (comments.currentNode.data.startsWith('Blazor:')) { return false; }
              }
              return document.querySelector('.conn[data-live]') !== null && document.querySelector('main h1') !== null && document.querySelector('main [aria-busy=true]') === null;
            }
            """);
    }

    public Task ResizeAsync(int width) => Page.SetViewportSizeAsync(width, Look.HeightOf(width));

    /// <summary>Fails when the browser complained about anything.</summary>
    public void AssertNoFaults()
    {
        Assert.True(_faults.IsEmpty, "The browser complained:\n  " + string.Join("\n  ", _faults));
        Assert.True(_home.CspReports.Count == 0, "The content security policy stopped:\n  " + string.Join("\n  ", _home.CspReports));
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Note(bool isFault, string fault)
    {
        if (isFault && !Forgiving)
        {
            _faults.Enqueue(fault);
        }
    }
}
