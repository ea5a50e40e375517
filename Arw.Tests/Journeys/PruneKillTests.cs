using System.Diagnostics;
using Arw.Core.Journal;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Verification;
using Arw.Tests.Journal.Archive;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Journeys;

/// <summary>The real program is killed while it moves old events into segments.</summary>
public sealed class PruneKillTests
{
    private const int Events = 3 * SegmentFile.MostEvents;
    private const int Seed = 20261129;

    // More with every kill, so that it comes to an end: the first changes are those of any start.
    private const int MoreChanges = 25;

    [Fact]
    public async Task Prune_KilledAgainAndAgain_LosesNothingAndIsDoneByTheNext()
    {
        using var folder = new TempFolder();
        var options = new JournalOptions { DataDir = folder.Path };
        var before = await FillAsync(options);
        var random = new Random(Seed);
        var (kills, amid) = (0, 0);
        while (await PruneAsync(folder.Path, random.Next(1, MoreChanges * (kills + 1))))
        {
            kills++;
            amid += Directory.Exists(options.SegmentsPath) && Directory.EnumerateFiles(options.SegmentsPath).Any() ? 1 : 0;
        }

        Assert.True(amid >= 2, $"It was killed {kills} times, {amid} of them once it had begun: that shows nothing.");
        await using var journal = Open(options);
        Assert.True(journal.Archive.Now.Segments.Count >= 2, $"{journal.Archive.Now.Segments.Count} segments");
        Assert.Equal(before, ArchivedJournal.All(journal).Take(before.Count));
        ArchivedJournal.AssertHolds(new JournalVerifier(options).Run());
    }

    // Killed after so many changes to the journal's files; false when it was done before that.
    private static async Task<bool> PruneAsync(string folder, int changes)
    {
        using var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "Arw.Web.dll"), "journal", "prune", "--archive-after", "1d"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ARW_STATE_DIR"] = folder, ["ARW_ANCHOR"] = "none", ["ARW_DEMO"] = "false" },
        };
        using var prune = Process.Start(start)!;
        var left = changes;
        void Changed(object sender, FileSystemEventArgs e)
        {
            if (!e.Name!.StartsWith("views", StringComparison.Ordinal) && Interlocked.Decrement(ref left) == 0)
            {
                prune.Kill();
            }
        }

        watcher.Changed += Changed;
        watcher.Created += Changed;
        watcher.Deleted += Changed;
        watcher.EnableRaisingEvents = true;
        var said = prune.StandardError.ReadToEndAsync();
        await Task.WhenAll(said, prune.StandardOutput.ReadToEndAsync(), prune.WaitForExitAsync());
        watcher.EnableRaisingEvents = false;
        Assert.True(prune.ExitCode is 0 or 137, await said);
        return prune.ExitCode == 137;
    }

    private static async Task<List<string>> FillAsync(JournalOptions options)
    {
        await using var journal = Open(options);
        for (var written = 0; written < Events; written += 512)
        {
            var drafts = Enumerable.Range(written, 512).Select(n => new EventDraft("ext.test.tick", System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""), "system:test") { Subject = $"test:{n % 7}" }).ToList();
            _ = (await journal.AppendAsync(drafts)).Value;
        }

        return ArchivedJournal.All(journal);
    }

    private static EventJournal Open(JournalOptions options) => new(
        options, new FakeTimeProvider(new DateTimeOffset(2024, 2, 29, 8, 0, 0, TimeSpan.Zero)), new Redactor(), new BlobStore(options.BlobsPath), NullLogger<EventJournal>.Instance);
}
