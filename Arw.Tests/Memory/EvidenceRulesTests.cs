using Arw.Core.Memory;
using Arw.Core.Memory.Evidence;
using Arw.Core.Memory.Risk;

namespace Arw.Tests.Memory;

public sealed class EvidenceRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Score_WithoutSources_IsNegative() => Assert.Equal(-0.4, Of([]));

    [Fact]
    public void Score_SourcesThatTheEpisodeRead_ArePositive_AndIndependentOnesMore()
    {
        Assert.Equal(0.35, Of([Seen("https://a.example/1")]));
        Assert.Equal(0.35, Of([Seen("https://a.example/1"), Seen("https://www.a.example/2")]));
        Assert.Equal(0.5, Of([Seen("https://a.example/1"), Seen("https://b.example/1")]));
        Assert.Equal(0.6, Of([Seen("https://a.example/1"), Seen("https://b.example/1"), Seen("https://c.example/1")]));
    }

    [Fact]
    public void Score_SourcesThatNobodyRead_AreNoEvidence() => Assert.Equal(-0.05, Of([new SourceFact(Url("https://a.example/1"), false)]));

    [Theory]
    [InlineData("Bees  sleep\nat night.", "“bees sleep at night”", 0.6)]
    [InlineData("Bees sleep at night.", "Bees never sleep", -0.05)]
    public void Score_Quotation_CountsByTheSource(string source, string quote, double expected) =>
        Assert.Equal(expected, Of([new SourceFact(Url("https://a.example/1") with { Quote = quote.Trim('“', '”') }, true) { Text = source }]));

    [Fact]
    public void Score_OldSource_IsWorthLess() =>
        Assert.Equal(0.25, Of([Seen("https://a.example/1") with { Published = Now.AddYears(-3) }]));

    [Fact]
    public void Score_Markers_CanMakeItNegative_AndItStaysWithinOne()
    {
        Assert.True(Of([Seen("https://a.example/1")], RiskKind.Instruction, RiskKind.Instruction) <= 0);
        Assert.Equal(-1, Of([], RiskKind.Instruction, RiskKind.Script, RiskKind.HiddenText, RiskKind.Role));
    }

    [Fact]
    public void Score_IsTheSumOfItsReasons()
    {
        var score = EvidenceRules.Of([Seen("https://a.example/1")], [new RiskMarker(RiskKind.LinkMismatch, 0, 1, "x")], Now);
        Assert.Equal(score.Score, score.Reasons.Sum(r => r.Points), 6);
        Assert.Equal(3, score.Reasons.Count);
    }

    private static double Of(SourceFact[] facts, params RiskKind[] markers) =>
        EvidenceRules.Of(facts, [.. markers.Select(m => new RiskMarker(m, 0, 1, "x"))], Now).Score;

    private static MemoryProvenance Url(string url) => new(ProvenanceKind.Url, url);

    private static SourceFact Seen(string url) => new(Url(url), true);
}
