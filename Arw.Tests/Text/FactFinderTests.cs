using Arw.Core.Text;
using CsCheck;

namespace Arw.Tests.Text;

public class FactFinderTests
{
    [Theory]
    [InlineData("on 2026-11-25.", "2026-11-25", false)]
    [InlineData("on 25.11.2026", "2026-11-25", false)]
    [InlineData("on 3/4/2026", "2026-04-03", true)]
    [InlineData("on 11/25/2026", "2026-11-25", false)]
    [InlineData("the 3rd of March 2027", "2027-03-03", false)]
    [InlineData("Sept. 9, 2026", "2026-09-09", false)]
    public void Find_Date_ReadsIt(string text, string date, bool ambiguous)
    {
        var found = Assert.Single(FactFinder.Find(text, "a.txt", default).Dates);

        Assert.Equal((date, ambiguous, 1, "a.txt"), (found.Date, found.Ambiguous, found.Line, found.Source));
    }

    [Theory]
    [InlineData("2026-13-01")]
    [InlineData("31 February 2026")]
    [InlineData("version 1.2.2026.4 of 0/0/2026")]
    public void Find_NoDate_FindsNone(string text) => Assert.DoesNotContain(FactFinder.Find(text, null, default).Dates, d => d.Date.StartsWith("2026-13", StringComparison.Ordinal) || d.Date.StartsWith("2026-02-3", StringComparison.Ordinal));

    [Theory]
    [InlineData("€ 1.234,50", 1234.50, "EUR")]
    [InlineData("$1,234", 1234, "USD")]
    [InlineData("1'000.00 CHF", 1000, "CHF")]
    [InlineData("EUR 96,00 for heating", 96, "EUR")]
    public void Find_Amount_ReadsIt(string text, double value, string currency)
    {
        var found = Assert.Single(FactFinder.Find(text, null, default).Amounts);

        Assert.Equal(((decimal)value, currency), (found.Value, found.Currency));
    }

    [Fact]
    public void Find_Deadlines_NeedBothADateAndAWord()
    {
        var facts = FactFinder.Find("Dated 1 March 2026, payable by 15 March 2026.\nWritten on 2 March 2026.\nReply within 14 days.\nBy the sea.", null, default);

        Assert.Equal([("2026-03-15", 1), (null, 3)], facts.Deadlines.Select(d => (d.Date, d.Line)));
    }

    [Fact]
    public void Find_AnyText_NeverThrows() => Gen.String.Sample(text => { FactFinder.Find(text, null, default); });
}
