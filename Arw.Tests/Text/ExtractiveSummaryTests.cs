using Arw.Core.Text;
using CsCheck;

namespace Arw.Tests.Text;

public sealed class ExtractiveSummaryTests
{
    [Fact]
    public void Choose_TwoThoughtsOneRepeated_TakesBothOnce()
    {
        float[] first = [1, 0];
        float[] second = [0.6f, 0.8f];

        Assert.Equal([0, 3], ExtractiveSummary.Choose([first, first, first, second], 2, default));
    }

    [Fact]
    public void Choose_AnySentences_GivesThatManyInOrderEveryTime() =>
        Gen.Select(Gen.Float[-1, 1].Array[4].Array[0, 30], Gen.Int[1, 12]).Sample((vectors, count) =>
        {
            var chosen = ExtractiveSummary.Choose(vectors, count, default);
            Assert.Equal(Math.Min(count, vectors.Length), chosen.Count);
            Assert.Equal(chosen.Order().Distinct(), chosen);
            Assert.Equal(chosen, ExtractiveSummary.Choose(vectors, count, default));
        });
}
