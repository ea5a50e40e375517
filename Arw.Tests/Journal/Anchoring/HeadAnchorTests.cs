using Arw.Core.Journal.Anchoring;
using Arw.Core.Journal.Verification;
using Microsoft.Extensions.Logging.Abstractions;
using static Arw.Tests.Journal.JournalFixture;

namespace Arw.Tests.Journal.Anchoring;

public sealed class HeadAnchorTests : IDisposable
{
    private readonly TempFolder _outside = new();

    private string File => _outside.File("heads.jsonl");

    [Fact]
    public async Task Heads_AreSignedAtStartAfterEnoughEventsAfterEnoughTimeAndAtStop()
    {
        await using var f = new JournalFixture();
        await f.Journal.AppendAsync(Draft());
        using var anchor = Anchor(f, new AnchorOptions { File = File, EveryEvents = 10, Every = TimeSpan.FromMinutes(5) });

        await anchor.StartAsync(default);
        await Signed(anchor, 1);
        for (var i = 0; i < 10; i++)
        {
            await f.Journal.AppendAsync(Draft());
        }

        await Waits(f, anchor, 11);
        await f.Journal.AppendAsync(Draft());
        await Waits(f, anchor, 12);
        await f.Journal.AppendAsync(Draft());
        await anchor.StopAsync(default);

        Assert.Equal([1, 11, 12, 13], Lines().Select(h => h.Seq));
        Assert.All(Lines(), h => Assert.True(h.IsSigned()));
        Assert.Equal(AnchorState.Kept, anchor.Status.State);
        var report = new JournalVerifier(f.Options).Run(new AnchorDemand(File));
        Assert.True(report.Holds, string.Join('\n', report.Faults));
        Assert.Equal(new AnchorReport(4, 13, anchor.Status.KeyId), report.Anchor);
    }

    [Fact]
    public async Task Key_IsMadeOnceAndReadableByItsOwnerOnly()
    {
        await using var f = new JournalFixture();
        var id = await RunAsync(f);
        var again = await RunAsync(f);

        Assert.Equal(id.KeyId, again.KeyId);
        Assert.StartsWith("ed25519:", id.KeyId, StringComparison.Ordinal);
        Assert.Equal(id.KeyId, HeadKey.IdIn(f.Options.DataDir));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(Path.Combine(f.Options.DataDir, HeadKey.FileName)));
        }
    }

    [Fact]
    public async Task Anchor_ThatCannotBeWritten_IsAStatusAndTheJournalGoesOn()
    {
        await using var f = new JournalFixture();
        await System.IO.File.WriteAllTextAsync(_outside.File("blocked"), "a file where a folder is needed");
        using var anchor = Anchor(f, new AnchorOptions { File = Path.Combine(_outside.File("blocked"), "heads.jsonl") });
        await anchor.StartAsync(default);
        await f.Journal.AppendAsync(Draft());
        await Until(anchor, s => s.State == AnchorState.Failing);

        Assert.Contains("blocked", anchor.Status.Problem, StringComparison.Ordinal);
        Assert.Equal(2, (await f.Journal.AppendAsync(Draft())).LastSeq);

        System.IO.File.Delete(_outside.File("blocked"));
        await Waits(f, anchor, 2);
        Assert.Equal(AnchorState.Kept, anchor.Status.State);
        await anchor.StopAsync(default);
    }

    [Fact]
    public async Task Anchor_OfAJournalThatWasCutOrBegunAnew_IsDisputedAndLeftAsItIs()
    {
        await using var f = new JournalFixture();
        await f.FillAsync(30);
        await RunAsync(f);
        var before = await System.IO.File.ReadAllBytesAsync(File);

        using var cut = await CutAsync(f, 20);
        await using (var shorter = new JournalFixture(_ => cut.Options))
        {
            Assert.Contains("event 30", (await RunAsync(shorter)).Problem, StringComparison.Ordinal);
        }

        await using var other = new JournalFixture();
        await other.FillAsync(30);
        var status = await RunAsync(other);
        Assert.Equal(AnchorState.Disputed, status.State);
        Assert.Contains("not by this home's key", status.Problem, StringComparison.Ordinal);
        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(File));
    }

    [Fact]
    public async Task Anchor_WithALineCutShortByACrash_IsMendedAndGoesOn()
    {
        await using var f = new JournalFixture();
        await f.FillAsync(3);
        await RunAsync(f);
        await System.IO.File.AppendAllTextAsync(File, """{"seq":9,"ha""");
        Assert.True(new JournalVerifier(f.Options).Run(new AnchorDemand(File)).Holds);

        await f.FillAsync(3);
        Assert.Equal(AnchorState.Kept, (await RunAsync(f)).State);
        Assert.Equal([3, 6], Lines().Select(h => h.Seq));
    }

    public void Dispose() => _outside.Dispose();

    /// <summary>A copy of a journal as it was when it ended with an event.</summary>
    internal static async Task<CutJournal> CutAsync(JournalFixture f, long at)
    {
        var cut = new CutJournal();
        foreach (var name in new[] { "journal.db", "journal.db-wal", HeadKey.FileName })
        {
            if (System.IO.File.Exists(Path.Combine(f.Options.DataDir, name)))
            {
                await using var from = new FileStream(Path.Combine(f.Options.DataDir, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                await using var to = System.IO.File.Create(Path.Combine(cut.Options.DataDir, name));
                await from.CopyToAsync(to);
            }
        }

        if (Directory.Exists(f.Options.BlobsPath))
        {
            Directory.CreateSymbolicLink(cut.Options.BlobsPath, f.Options.BlobsPath);
        }

        cut.Edit($"DELETE FROM events WHERE seq > {at}");
        return cut;
    }

    private static HeadAnchor Anchor(JournalFixture f, AnchorOptions options) => new(f.Journal, f.Options, options, f.Time, NullLogger<HeadAnchor>.Instance);

    private static Task Signed(HeadAnchor anchor, long seq) => Until(anchor, s => s.Last?.Seq == seq);

    // Time passes until the head is signed; how often the anchor looks at the clock is its own affair.
    private static async Task Waits(JournalFixture f, HeadAnchor anchor, long seq)
    {
        var signed = Signed(anchor, seq);
        while (!signed.IsCompleted)
        {
            f.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await signed;
    }

    private static async Task Until(HeadAnchor anchor, Func<AnchorStatus, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        anchor.Changed += (_, _) => Check();
        Check();
        await met.Task.WaitAsync(TimeSpan.FromSeconds(30));

        void Check()
        {
            if (condition(anchor.Status))
            {
                met.TrySetResult();
            }
        }
    }

    private async Task<AnchorStatus> RunAsync(JournalFixture f)
    {
        using var anchor = Anchor(f, new AnchorOptions { File = File });
        await anchor.StartAsync(default);
        await anchor.StopAsync(default);
        return anchor.Status;
    }

    private List<SignedHead> Lines() => [.. new AnchorFile(File).Lines().Select(l => SignedHead.FromLine(System.Text.Encoding.UTF8.GetBytes(l.Text))!)];
}
