using System.Text;
using Arw.Core.Journal;
using Arw.Core.Redaction;
using Xunit.Abstractions;

namespace Arw.Tests.Redaction;

public sealed class FalsePositiveTests(ITestOutputHelper output)
{
    public static TheoryData<string> Corpora => [.. RealText.All.Keys];

    [Theory]
    [MemberData(nameof(Corpora))]
    public void Find_RealText_FindsNearlyNothing(string corpus)
    {
        var redactor = new Redactor();
        // Real text may name real people; only a machine's output cannot.
        var classes = corpus == "machine-made" ? DataClasses.All : DataClasses.All & ~DataClasses.Person;
        var (lines, wrong, tuned, tunedWrong) = (0, 0, 0, 0);
        foreach (var line in RealText.All[corpus]())
        {
            var utf8 = Encoding.UTF8.GetBytes(line);
            var found = redactor.Find(utf8, classes);
            if (RealText.IsHeldOut(line))
            {
                lines++;
                wrong += found.Count > 0 ? 1 : 0;
                continue;
            }

            tuned++;
            tunedWrong += found.Count > 0 ? 1 : 0;
            if (found.Count > 0 && tunedWrong <= 40)
            {
                var first = found[0];
                output.WriteLine($"{first.Kind.Id}: {Encoding.UTF8.GetString(utf8[Math.Max(0, first.Start - 40)..Math.Min(utf8.Length, first.End + 10)])}");
            }
        }

        output.WriteLine($"{corpus}: {wrong} of {lines:N0} held-out lines, {tunedWrong} of {tuned:N0} lines tuned on");
        Assert.True(lines > 50, $"{corpus} has {lines} lines.");
        Assert.True(wrong <= lines / 100.0, $"{wrong} of {lines:N0} lines");
    }
}
