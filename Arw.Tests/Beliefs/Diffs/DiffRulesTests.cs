using System.Text.Json;
using Arw.Core.Beliefs.Diffs;

namespace Arw.Tests.Beliefs.Diffs;

public sealed class DiffRulesTests
{
    [Fact]
    public void Fault_SoundDiff_IsNone() =>
        Assert.Null(DiffRules.Fault(new QueueDiffInput([DiffHome.Add("red"), DiffHome.Change("old", "new", "Bridge"), DiffHome.Retract("gone", "Tower")]) { Format = DiffRules.Format, Id = "d:1", From = "home-b" }, "demo"));

    public static TheoryData<string, string> Bad => new()
    {
        { """{"changes":[]}""", "0 changes" },
        { """{"changes":[{"op":"add","value":" ","confidence":0.5}]}""", "Change 1 has a text" },
        { """{"changes":[{"op":"add","value":"a"}]}""", "Change 1 says no confidence" },
        { """{"changes":[{"op":"add","value":"a","confidence":1.5}]}""", "confidence 1.5" },
        { """{"changes":[{"op":"add","value":"a","confidence":0.5,"was":"b"}]}""", "only a change takes" },
        { """{"changes":[{"op":"change","value":"a","confidence":0.5}]}""", "has no \"was\"" },
        { """{"changes":[{"op":"change","value":"A ","was":"a","confidence":0.5}]}""", "changes a value to itself" },
        { """{"changes":[{"op":"add","value":"a","confidence":0.5},{"op":"retract","value":" A"}]}""", "Change 2 names the same claim as change 1" },
        { """{"changes":[{"op":"change","value":"a","was":"b","confidence":0.5},{"op":"add","value":"b","confidence":0.5}]}""", "Change 2 names the same claim as change 1" },
        { """{"changes":[{"op":"add","value":"a","confidence":0.5,"evidence":[{"url":"javascript:alert(1)"}]}]}""", "javascript" },
        { """{"changes":[{"op":"retract","value":"a"}],"id":"no spaces"}""", "no id of a diff" },
        { """{"changes":[{"op":"retract","value":"a"}],"from":" "}""", "source is empty" },
        { """{"changes":[{"op":"retract","value":"a"}],"format":"other/2"}""", "no format" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Fault_BadDiff_SaysWhich(string input, string expected) =>
        Assert.Contains(expected, DiffRules.Fault(JsonSerializer.Deserialize<QueueDiffInput>(input, Core.Primitives.ArwJson.Strict)!, "demo")!.Message, StringComparison.Ordinal);

    [Fact]
    public void Fault_TooMuch_SaysTheLimit()
    {
        var many = Enumerable.Range(0, DiffRules.MaxChanges + 1).Select(i => DiffHome.Add($"{i}")).ToList();
        Assert.Contains("201 changes", DiffRules.Fault(new QueueDiffInput(many), "demo")!.Message, StringComparison.Ordinal);
        var long_ = Enumerable.Range(0, 150).Select(i => DiffHome.Add($"{i}{new string('x', 1900)}")).ToList();
        Assert.Contains("bytes", DiffRules.Fault(new QueueDiffInput(long_), "demo")!.Message, StringComparison.Ordinal);
        Assert.NotNull(DiffRules.Fault(new QueueDiffInput([DiffHome.Add("a")]), null));
    }

    [Theory]
    [InlineData("https://example.org/a", true)]
    [InlineData("http://93.184.216.34/a", true)]
    [InlineData("https://user:secret@example.org/", false)]
    [InlineData("http://127.0.0.1/", false)]
    [InlineData("http://192.168.1.4/", false)]
    [InlineData("http://[::1]/", false)]
    [InlineData("http://intranet/", false)]
    [InlineData("https://wiki.corp/", false)]
    [InlineData("https://printer.local./", false)]
    [InlineData("project://notes/a.md", false)]
    [InlineData(null, false)]
    public void IsPublic_Address_IsOneThatAnybodyCouldLookAt(string? url, bool expected) => Assert.Equal(expected, DiffExport.IsPublic(url));
}
