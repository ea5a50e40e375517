using Arw.Core.Text;
using CsCheck;

namespace Arw.Tests.Text;

public sealed class SentencesTests
{
    [Theory]
    [InlineData("One. Two! Three?", new[] { "One.", "Two!", "Three?" })]
    [InlineData("Dr. Smith met J. Doe at 3.5 km. They left.", new[] { "Dr. Smith met J. Doe at 3.5 km.", "They left." })]
    [InlineData("Das ist z.B. Haus Nr. 5. Danach kam Regen.", new[] { "Das ist z.B. Haus Nr. 5.", "Danach kam Regen." })]
    [InlineData("He said \"Stop.\" Then he left...", new[] { "He said \"Stop.\"", "Then he left..." })]
    [InlineData("A heading\n\nA paragraph over\ntwo lines.\n- an item", new[] { "A heading", "A paragraph over two lines.", "an item" })]
    [InlineData("今日は晴れ。明日は雨。", new[] { "今日は晴れ。", "明日は雨。" })]
    [InlineData("  \n ", new string[0])]
    public void Split_Text_EndsWhereSentencesEnd(string text, string[] expected) => Assert.Equal(expected, Sentences.Split(text));

    [Fact]
    public void Split_AnyText_KeepsEveryWordInOrder() =>
        Gen.Char["abZ .!?\n\r\t\"'-)9。…"].Array[0, 200].Sample(chars =>
        {
            var text = new string(chars);
            Assert.Equal(Kept(text), Kept(string.Concat(Sentences.Split(text))));
            Assert.DoesNotContain("", Sentences.Split(text));
        });

    [Fact]
    public void Split_Limit_StopsThere() => Assert.Equal(["A b.", "C d."], Sentences.Split("A b. C d. E f.", 2));

    private static string Kept(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
}
