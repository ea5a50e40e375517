using Arw.Core.Journal.Anchoring;
using Arw.Core.Journal.Verification;

namespace Arw.Tests.Journal.Anchoring;

public sealed class AnchorCheckTests : IDisposable
{
    private const int Events = 60;
    private readonly TempFolder _outside = new();

    private string File => _outside.File("heads.jsonl");

    [Fact]
    public async Task Verify_JournalCutToAnyEarlierState_IsDetectedByTheAnchorAlone()
    {
        await using var f = await AnchoredAsync();
        for (var at = 0; at < Events; at++)
        {
            using var cut = await HeadAnchorTests.CutAsync(f, at);
            Assert.True(new JournalVerifier(cut.Options).Run().Holds, $"cut to {at}: the chain of a cut journal holds");
            var report = new JournalVerifier(cut.Options).Run(new AnchorDemand(File));
            Assert.False(report.Holds, $"cut to {at}");
            Assert.All(report.Faults, fault => Assert.Equal(FaultKind.Anchor, fault.Kind));
            Assert.Contains("cut", report.Faults[0].Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(Events)]
    public async Task Verify_ForgedAndHashedAnew_HoldsByItsChainAndNotByTheAnchor(long seq)
    {
        await using var f = await AnchoredAsync();
        using var forged = await HeadAnchorTests.CutAsync(f, Events);
        forged.Forge(seq);

        Assert.True(new JournalVerifier(forged.Options).Run().Holds);
        var report = new JournalVerifier(forged.Options).Run(new AnchorDemand(File));

        Assert.Equal(FaultKind.Anchor, report.Faults[0].Kind);
        Assert.Contains("rewritten", report.Faults[0].Message, StringComparison.Ordinal);
        // Heads from before the change are still right: the first wrong one bounds where it was made.
        Assert.InRange(report.FirstBadSeq!.Value, seq, seq + 9);
    }

    [Fact]
    public async Task Verify_JournalWrittenFromScratch_IsDetected()
    {
        await using var f = await AnchoredAsync();
        await using var other = new JournalFixture();
        await other.FillAsync(Events);
        var report = new JournalVerifier(other.Options).Run(new AnchorDemand(File));
        Assert.Equal(Events / 10, report.FaultCount);
    }

    [Fact]
    public async Task Verify_AnchorOfAnotherHome_IsRefusedByItsKey()
    {
        await using var f = await AnchoredAsync();
        using var stranger = new TempFolder();
        using var key = HeadKey.FromFolder(stranger.Path);
        var foreign = _outside.File("foreign.jsonl");
        // Right in everything but the key.
        foreach (var (_, line) in new AnchorFile(File).Lines())
        {
            var head = SignedHead.FromLine(System.Text.Encoding.UTF8.GetBytes(line))!;
            new AnchorFile(foreign).Append(SignedHead.Sign(key, head.Seq, Convert.FromHexString(head.Hash), head.Recorded));
        }

        var report = new JournalVerifier(f.Options).Run(new AnchorDemand(foreign));
        Assert.Equal(Events / 10, report.FaultCount);
        Assert.Contains("another home", report.Faults[0].Message, StringComparison.Ordinal);
        Assert.True(new JournalVerifier(f.Options).Run(new AnchorDemand(foreign, key.Id)).Holds, "asked for by its id, it is believed");
    }

    [Theory]
    [InlineData("\"seq\":10", "\"seq\":11")]
    [InlineData("\"key_id\":\"ed25519:", "\"key_id\":\"ed25519:A")]
    [InlineData("{\"seq\":10", "{\"other\":10")]
    public async Task Verify_AnchorLineThatWasChanged_IsDetected(string what, string by)
    {
        await using var f = await AnchoredAsync();
        var text = await System.IO.File.ReadAllTextAsync(File);
        Assert.Contains(what, text, StringComparison.Ordinal);
        await System.IO.File.WriteAllTextAsync(File, text.Replace(what, by, StringComparison.Ordinal));
        var report = new JournalVerifier(f.Options).Run(new AnchorDemand(File));
        Assert.Contains("Line 1 of the anchor", report.Faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_EmptyOrAbsentAnchor_VouchesForNothing()
    {
        await using var f = await AnchoredAsync();
        await System.IO.File.WriteAllTextAsync(File, "");
        Assert.Contains("no signed head", Assert.Single(new JournalVerifier(f.Options).Run(new AnchorDemand(File)).Faults).Message, StringComparison.Ordinal);
        Assert.False(new JournalVerifier(f.Options).Run(new AnchorDemand(File + ".not-there")).Holds);
    }

    public void Dispose() => _outside.Dispose();

    // A journal whose every tenth head is anchored.
    private async Task<JournalFixture> AnchoredAsync()
    {
        var f = new JournalFixture();
        using var key = HeadKey.FromFolder(f.Options.DataDir);
        for (var n = 0; n < Events; n += 10)
        {
            await f.FillAsync(10);
            using var journal = Core.Journal.Inspection.JournalFile.Open(f.Options).Value;
            var (seq, hash) = journal.Head();
            new AnchorFile(File).Append(SignedHead.Sign(key, seq, hash, f.Time.GetUtcNow()));
        }

        return f;
    }
}
