using Arw.Core.Text;

namespace Arw.Tests.Text;

public sealed class TopicLabelsTests
{
    private static readonly (string Title, string Text)[] Items =
    [
        ("Solar panels get cheaper", "The price of solar panels fell again, and more solar farms are planned."),
        ("Solar farms grow", "New solar farms need storage for the night."),
        ("Football final tonight", "The football final is played tonight in Madrid."),
        ("Football coach resigns", "After the final the football coach resigned."),
    ];

    [Fact]
    public void Of_TwoTopics_NamesEachByItsOwnTerms()
    {
        var labels = TopicLabels.Of(Items, [[0, 1], [2, 3]]);

        Assert.Contains(labels[0].Keywords, k => k.Contains("solar", StringComparison.Ordinal));
        Assert.Contains(labels[1].Keywords, k => k.Contains("football", StringComparison.Ordinal));
        Assert.DoesNotContain(labels[0].Keywords, k => k.Contains("football", StringComparison.Ordinal));
        Assert.True(char.IsUpper(labels[0].Label[0]));
    }

    [Theory]
    [InlineData("The new one is with you and they will have it")]
    [InlineData("Der neue ist nicht bei uns und wird es haben")]
    [InlineData("Le nouveau est dans les mains de tous")]
    [InlineData("El nuevo está con nosotros para siempre y también")]
    public void Of_StopWordsOnly_FindsNoKeyword(string text) =>
        Assert.All(TopicLabels.Of([("", text)], [[0]])[0].Keywords, k => Assert.Contains(k, new[] { "mains", "siempre" }));

    [Fact]
    public void Of_NoWords_IsUntitled() => Assert.Equal("Untitled", TopicLabels.Of([("", "")], [[0]])[0].Label);

    [Fact]
    public void Of_Twice_IsTheSame() =>
        Assert.Equal(TopicLabels.Of(Items, [[0, 1], [2, 3]]).SelectMany(l => l.Keywords), TopicLabels.Of(Items, [[0, 1], [2, 3]]).SelectMany(l => l.Keywords));
}
