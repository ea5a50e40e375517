using System.Diagnostics;
using Arw.Bench.Report;
using Arw.Core.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Arw.Bench.Append;

/// <summary>Producers that append to a journal and wait for each acknowledgement.</summary>
internal static class JournalLoop
{
    public static EventJournal Open(string folder)
    {
        var options = new JournalOptions { DataDir = folder };
        return new EventJournal(options, TimeProvider.System, new Redactor(), new BlobStore(options.BlobsPath), NullLogger<EventJournal>.Instance);
    }

    /// <summary>Appends for a while; tells how many events in how many transactions and how many seconds.</summary>
    public static async Task<(long Events, long Groups, double Seconds)> RunAsync(int producers, int batch, TimeSpan duration)
    {
        using var folder = new WorkFolder();
        await using var journal = Open(folder.Path);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, producers).Select(p => Task.Run(async () =>
        {
            var drafts = Enumerable.Repeat(SampleRow.Draft(p), batch).ToArray();
            while (watch.Elapsed < duration)
            {
                _ = (await journal.AppendAsync(drafts)).Value;
            }
        })));
        return (journal.Counters.Published, journal.Counters.Groups, watch.Elapsed.TotalSeconds);
    }

    /// <summary>Milliseconds of each of a number of lone appends, one after the other.</summary>
    public static async Task<double[]> LoneAsync(int count)
    {
        using var folder = new WorkFolder();
        await using var journal = Open(folder.Path);
        var draft = SampleRow.Draft(0);
        var taken = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await journal.AppendAsync(draft);
            taken[i] = Figures.Milliseconds(Stopwatch.GetTimestamp() - start);
        }

        return taken;
    }
}
