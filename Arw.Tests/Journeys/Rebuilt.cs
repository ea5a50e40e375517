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

        // Both follow the journal: they are compared at a moment when both stand at the same event.
        var head = journal.Head;
        await rebuilt.WaitForAsync(head);
        await live.WaitForAsync(head);
        Assert.Equal(live.Folded, rebuilt.Folded);
        Assert.NotEmpty(live.Models);
        foreach (var id in live.Models.Keys)
        {
            Assert.True(live.Dump(id) == rebuilt.Dump(id), $"The read model \"{id}\" differs.\nhome: {live.Dump(id)}\nrebuilt: {rebuilt.Dump(id)}");
            if (live.Models[id] is DocumentModel)
            {
                // A table's version is the end of the batch that changed it, which depends on how fast events came.
                Assert.Equal(live.Models[id].Version, rebuilt.Models[id].Version);
            }
        }
    }
}
