using Arw.Core.Beliefs;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Tests.State;
using CsCheck;

namespace Arw.Tests.Beliefs;

public sealed class BeliefFoldTests
{
    private readonly MemoryRows<BeliefRow> _rows = [];
    private long _seq;

    [Fact]
    public void Propose_OneClaim_CountsAsItsConfidence_HoweverManySources()
    {
        Propose("a", 0.6, "https://x.example/1");
        Propose("b", 0.6, "https://x.example/1", "https://x.example/2", "https://x.example/3");
        Assert.Equal(0.6, _rows["a"].Confidence, 5);
        Assert.Equal(0.6, _rows["b"].Confidence, 5);
        Assert.Equal(3, _rows["b"].Sources.Count);
    }

    [Fact]
    public void Propose_SameSourceTwice_CountsOnce_OtherSourceAdds()
    {
        Propose("a", 0.6, "https://x.example/1");
        Propose("a", 0.6, "https://x.example/1");
        Assert.Equal(0.6, _rows["a"].Confidence, 5);
        Propose("a", 0.5, "https://y.example/1");
        Assert.Equal(0.8, _rows["a"].Confidence, 5);
    }

    [Fact]
    public void Propose_MuchEvidence_NeverMakesItCertain()
    {
        for (var i = 0; i < 200; i++)
        {
            Propose("a", 1, $"https://x.example/{i}");
        }

        Assert.Equal(BeliefFold.MaxConfidence, _rows["a"].Confidence);
        Assert.Equal(64, _rows["a"].Sources.Count);
    }

    [Fact]
    public void Contradiction_LowersBoth_UntilOneIsRejected()
    {
        Propose("a", 0.8, "https://x.example/1");
        Apply(BeliefEvents.Proposed, new BeliefProposed("b", "b", 0.5) { Conflicts = ["a"] });
        Assert.Equal(BeliefStatus.Conflict, _rows["a"].Status);
        Assert.Equal(BeliefStatus.Conflict, _rows["b"].Status);
        Assert.Equal(0.6, _rows["a"].Confidence, 5);
        Assert.Equal(0.3, _rows["b"].Confidence, 5);

        Apply(BeliefEvents.Rejected, new BeliefJudged("b", "wrong"));
        Assert.Equal(BeliefStatus.Rejected, _rows["b"].Status);
        Assert.Equal(BeliefStatus.Proposed, _rows["a"].Status);
        Assert.Equal(0.8, _rows["a"].Confidence, 5);
    }

    [Fact]
    public void Judgement_Stays_WhenClaimedAgain_ButARetractionDoesNot()
    {
        Propose("a", 0.5, "https://x.example/1");
        Apply(BeliefEvents.Rejected, new BeliefJudged("a"));
        Propose("a", 0.5, "https://y.example/1");
        Assert.Equal(BeliefStatus.Rejected, _rows["a"].Status);

        Propose("b", 0.5, "https://x.example/1");
        Apply(BeliefEvents.Retracted, new BeliefJudged("b"));
        Assert.Equal(BeliefStatus.Retracted, _rows["b"].Status);
        Propose("b", 0.5, "https://x.example/1");
        Assert.Equal(BeliefStatus.Proposed, _rows["b"].Status);
    }

    [Fact]
    public void Contradiction_AcrossProjects_DoesNotCount()
    {
        Propose("a", 0.8, "https://x.example/1");
        Apply(BeliefEvents.Proposed, new BeliefProposed("b", "b", 0.9) { Conflicts = ["a"] }, project: "other");
        Assert.Equal(0.8, _rows["a"].Confidence, 5);
    }

    [Fact]
    public void Evidence_InAnyOrder_GivesOneConfidence()
    {
        var claim = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 20], Gen.Int[1, 3], Gen.Double[0, 1]);
        Gen.Select(claim.Array[1, 30], Gen.Int[0, int.MaxValue]).Sample((claims, seed) =>
        {
            var shuffled = claims.ToArray();
            Array.Sort(shuffled, (a, b) => (HashCode.Combine(a, seed)).CompareTo(HashCode.Combine(b, seed)));
            Assert.Equal(Settle(claims), Settle(shuffled));
            Assert.Equal(Settle(claims), Settle([.. claims, .. shuffled]));
        }, iter: 500, threads: 1);

        // a and b contradict each other from the start; c stands alone.
        string Settle((int Belief, int Source, int Sources, double Confidence)[] claims)
        {
            _rows.Clear();
            Apply(BeliefEvents.Proposed, new BeliefProposed("0", "0", 0.1));
            Apply(BeliefEvents.Proposed, new BeliefProposed("1", "1", 0.1) { Conflicts = ["0"] });
            foreach (var (belief, source, sources, confidence) in claims)
            {
                Propose($"{belief}", confidence, [.. Enumerable.Range(source, sources).Select(i => $"https://x.example/{i}")]);
            }

            return string.Join(' ', _rows.Values.OrderBy(r => r.Id).Select(r =>
                $"{r.Id}:{r.Status}:{r.Confidence}:{r.Support}:{string.Join(',', r.Sources.Select(s => s.Key + Math.Round(s.Weight, 9)))}"));
        }
    }

    [Theory]
    [InlineData("GPT", "released", "in 2020", "gpt ", " Released", "In  2020", true)]
    [InlineData("a", "b", "c", "a", "b", "d", false)]
    [InlineData("ab", "c", "d", "a", "bc", "d", false)]
    public void Identity_Spelling_IsIgnored(string s1, string p1, string t1, string s2, string p2, string t2, bool same)
    {
        Assert.Equal(same, BeliefIdentity.Of("demo", s1, p1, t1) == BeliefIdentity.Of("demo", s2, p2, t2));
        Assert.NotEqual(BeliefIdentity.Of("demo", s1, p1, t1), BeliefIdentity.Of("other", s1, p1, t1));
    }

    [Fact]
    public void Slot_ManyValuedOrIncomplete_IsNone()
    {
        Assert.NotNull(BeliefIdentity.Slot("demo", "a", "released"));
        Assert.Null(BeliefIdentity.Slot("demo", "a", "mentions"));
        Assert.Null(BeliefIdentity.Slot("demo", "a", "depends_on"));
        Assert.Null(BeliefIdentity.Slot("demo", "a", null));
    }

    private void Propose(string id, double confidence, params string[] urls) =>
        Apply(BeliefEvents.Proposed, new BeliefProposed(id, id, confidence) { Evidence = [.. urls.Select(u => new BeliefEvidence { Url = u })] });

    private void Apply<T>(EventKind<T> kind, T payload, string project = "demo") => BeliefFold.Apply(_rows, new JournalEvent
    {
        Seq = ++_seq,
        Recorded = DateTimeOffset.UnixEpoch,
        Time = DateTimeOffset.UnixEpoch,
        Kind = kind.Name,
        Actor = "agent:test",
        Project = project,
        Payload = ArwJson.ToUtf8(payload),
    });
}
