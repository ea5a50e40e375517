using Microsoft.Playwright;

namespace Arw.E2E.Hosts;

/// <summary>A test with people before browsers: when it ends, none of their browsers may have complained.</summary>
[Collection(Chromium.Name)]
public abstract class PageTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<Person> _people = [];

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        // Where a test ended tells most about why it failed.
        if (Environment.GetEnvironmentVariable("ARW_E2E_LAST_VIEWS") is { Length: > 0 } folder)
        {
            foreach (var (i, person) in _people.Index())
            {
                await person.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{GetType().Name}-{i}.png") });
            }
        }

        try
        {
            _people.ForEach(p => p.AssertNoFaults());
        }
        finally
        {
            foreach (var person in _people)
            {
                await person.DisposeAsync();
            }
        }
    }

    protected async Task<Person> SignInAsync(Home home, Look? look = null, bool ownSession = false)
    {
        var person = await home.SignInAsync(chromium, look ?? new Look(), ownSession);
        _people.Add(person);
        return person;
    }
}
