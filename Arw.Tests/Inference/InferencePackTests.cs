using Arw.Core;
using Arw.Core.Inference;
using Arw.Core.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Inference;

public sealed class InferencePackTests
{
    [Fact]
    public async Task AddArwInference_WorkerComesAndGoes_IsInTheJournal()
    {
        using var folder = new TempFolder();
        var options = new JournalOptions { DataDir = folder.Path };
        await using (var home = Home(options))
        {
            Assert.True((await home.GetRequiredService<InferenceWorker>().EmbedAsync(["a"], default)).Ok);
        }

        await using var again = Home(options);
        var journal = again.GetRequiredService<EventJournal>();
        Assert.Equal(["inference.worker.started", "inference.worker.stopped"], journal.OfSubject("inference:worker").Select(e => e.Kind));
        Assert.NotNull(again.GetRequiredService<KindCatalogue>().Find("inference.worker.crashed"));
    }

    private static ServiceProvider Home(JournalOptions options) =>
        new ServiceCollection().AddLogging().AddArwKernel(options).AddArwInference().BuildServiceProvider();
}
