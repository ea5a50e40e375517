using Arw.Core.Journal;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Verification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Arw.Tests.Journal.Archive;

/// <summary>Journals whose archive may take nearly everything, and copies of them as a death would leave them.</summary>
internal static class ArchivedJournal
{
    public static async Task<JournalFixture> MakeAsync(int events, int segment = 16, int keep = 4)
    {
        var f = new JournalFixture();
        await f.FillAsync(events);
        Loosen(f.Journal, segment, keep);
        return f;
    }

    public static void Loosen(EventJournal journal, int segment = 16, int keep = 4) => (journal.Archive.SegmentEvents, journal.Archive.Keep) = (segment, keep);

    /// <summary>Everything that a reader can see, as it sees it.</summary>
    public static List<string> All(EventJournal journal) => [.. journal.Read(0, max: int.MaxValue).Select(Seen)];

    public static string Seen(JournalEvent e) => System.Text.Encoding.UTF8.GetString(e.ToJson().Span);

    /// <summary>The data folder at this moment, opened as after a death.</summary>
    public static async Task<List<string>> AfterDeathAsync(JournalOptions options)
    {
        using var copy = new TempFolder();
        Copy(options.DataDir, copy.Path);
        var there = options with { DataDir = copy.Path };
        List<string> seen;
        await using (var journal = new EventJournal(there, TimeProvider.System, new Redactor(), new BlobStore(there.BlobsPath), NullLogger<EventJournal>.Instance))
        {
            await journal.Archive.TidyAsync();
            seen = All(journal);
            var files = journal.Archive.Now.Segments.Select(s => Path.GetFileName(SegmentFile.PathOf(there.SegmentsPath, s))!);
            Assert.Equal(files.Order(), Directory.Exists(there.SegmentsPath) ? Directory.GetFiles(there.SegmentsPath).Select(p => Path.GetFileName(p)!).Order() : []);
        }

        AssertHolds(new JournalVerifier(there).Run());
        return seen;
    }

    public static void AssertHolds(VerifyReport report) => Assert.True(report.Holds, string.Join('\n', report.Faults.Select(f => f.Message)));

    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var into = File.Create(target);
            source.CopyTo(into);
        }
    }
}
