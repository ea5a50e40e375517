using Arw.Core.Journal;
using Microsoft.Extensions.Hosting;

namespace Arw.Core.Erasure;

/// <summary>Ends at start what a death interrupted: an erasure is journaled before its blob is removed.</summary>
internal sealed class ErasureFinish(EventJournal journal, ErasuresModel erasures) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var blob in erasures.Current.Items.Select(e => e.Blob).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            journal.TryRemoveBlob(blob);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
