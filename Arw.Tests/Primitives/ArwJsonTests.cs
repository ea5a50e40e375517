using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Primitives;

namespace Arw.Tests.Primitives;

public sealed class ArwJsonTests
{
    [Fact]
    public void RoundTrip_NullConstructorParameter_IsOmittedAndReadsBack()
    {
        var written = ArwJson.ToUtf8(new ActionCompleted("a", "k", 1, null));
        Assert.Equal("""{"id":"a","kind":"k","attempt":1}""", Encoding.UTF8.GetString(written));
        Assert.Null(ArwJson.FromUtf8<ActionCompleted>(written).Output);
    }

    [Fact]
    public void Read_MissingNonNullParameter_IsAFault() =>
        Assert.Throws<JsonException>(() => ArwJson.FromUtf8<ActionCompleted>("""{"id":"a"}"""u8));

    [Fact]
    public void Read_DuplicateName_IsAFault() =>
        Assert.Throws<JsonException>(() => ArwJson.FromUtf8<ActionWaiting>("""{"id":"a","id":"b","approval":"c"}"""u8));

    [Theory]
    [InlineData("""{"b":1,"a":[true,null,"é\n"]}""", """{"a":[true,null,"é\n"],"b":1}""")]
    [InlineData("""[0.1,1e21,1e-7,100,-0.0,1.5e300,123456789.125,4.50,2e-3]""", """[0.1,1e+21,1e-7,100,0,1.5e+300,123456789.125,4.5,0.002]""")]
    public void Canonical_Values_FollowRfc8785(string json, string expected) => Assert.Equal(expected, CanonicalJson.Text(JsonNode.Parse(json)));
}
