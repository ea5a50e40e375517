using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Arw.Tests.Journeys;

/// <summary>Read models built again from nothing but the journal.</summary>
internal static class Rebuilt
{
    /// <summary>Folds the whole journal of a home into new read models, and asserts that every one equals the home's own, however that came about.</summary>
    public static async Task AssertEqualAsync(JourneyHome home)
    {
        var (live, journal) = (home.Get<StateHost>(), home.Journal);
        using var folder = new TempFolder();
        using var views = new ViewsDatabase(folder.File("views.db"));
        var fresh = live.Models.Values.Select(m => (ReadModel)ActivatorUtilities.CreateInstance(home.Get<IServiceProvider>(), m.GetType())).ToList();
        await using var rebuilt = new StateHost(journal, views, fresh, NullLogger<StateHost>.Instance);
        await rebuilt.StartAsync(default);

        Assert.NotEmpty(live.Models);
        var compared = false;
        while (!compared)
        {
            var head = journal.Head;
            await rebuilt.WaitForAsync(head);
            await live.WaitForAsync(head);
            var pairs = live.Models.Keys.Select(id => new Pair(id, live.Dump(id), rebuilt.Dump(id), live.Models[id].Version, rebuilt.Models[id].Version)).ToList();

            // Both follow the journal, and what the home had queued still runs: only what was read while nothing was written can be compared.
            compared = journal.Head == head && live.Folded == head && rebuilt.Folded == head;
            if (!compared)
            {
                continue;
            }

            foreach (var pair in pairs)
            {
                Assert.True(pair.Home == pair.Rebuilt, $"The read model \"{pair.Id}\" differs.\nhome: {pair.Home}\nrebuilt: {pair.Rebuilt}");
                if (live.Models[pair.Id] is DocumentModel)
                {
                    // A table's version is the end of the batch that changed it, which depends on how fast events came.
                    Assert.Equal(pair.HomeVersion, pair.RebuiltVersion);
                }
            }
        }
    }

    private sealed record Pair(string Id, string Home, string Rebuilt, long HomeVersion, long RebuiltVersion);
}
