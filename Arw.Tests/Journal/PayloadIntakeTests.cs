using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Journal;
using CsCheck;

namespace Arw.Tests.Journal;

public sealed partial class PayloadIntakeTests
{
    private readonly Redactor _redactor = new();

    [Theory]
    [InlineData("""{ "a" : [ 1 , 2.50 , "x\u0041" ] , "b" : { } }""", """{"a":[1,2.50,"x\u0041"],"b":{}}""")]
    [InlineData(""" "text" """, "\"text\"")]
    [InlineData("[]", "[]")]
    [InlineData("""[[],{},null,true]""", """[[],{},null,true]""")]
    public void Normalise_WhiteSpace_GoesAndAllElseStays(string payload, string expected) => Assert.Equal(expected, Run(payload));

    [Theory]
    [InlineData("""{"headers":{"Authorization":"Bearer abc","Accept":"x"}}""", """{"headers":{"Authorization":"[redacted]","Accept":"x"}}""")]
    [InlineData("""{"cookie":["a=1",{"b":2}],"after":"kept"}""", """{"cookie":["[redacted]",{"b":"[redacted]"}],"after":"kept"}""")]
    [InlineData("""{"url":"https://me:pw@example.org/x"}""", """{"url":"https://[redacted:url-user]@example.org/x"}""")]
    [InlineData("""{"url":"https:\/\/me:pw@example.org\/x"}""", """{"url":"https://[redacted:url-user]@example.org/x"}""")]
    [InlineData("""{"log":"sent Authorization: BeArEr abcdefgh12345678"}""", """{"log":"sent Authorization: BeArEr [redacted:bearer-token]"}""")]
    [InlineData("""{"log":"token arw_agent_abcdefghijklmnop2345"}""", """{"log":"token [redacted:arw-token]"}""")]
    [InlineData("""{"password":"Tr0ub4dor&3","passwords":2,"note":"the password is kept"}""", """{"password":"[redacted:assigned-password]","passwords":2,"note":"the password is kept"}""")]
    [InlineData("""{"pass\u0077ord":"Tr0ub4dor&3"}""", """{"pass\u0077ord":"[redacted:assigned-password]"}""")]
    [InlineData("""{"password":["Tr0ub4dor&3"],"next_page_token":"CAUQAA1b2C3d4E5f6G7h8"}""", """{"password":["Tr0ub4dor&3"],"next_page_token":"CAUQAA1b2C3d4E5f6G7h8"}""")]
    [InlineData("""{"body":"line\nAPI_KEY=q8Zr2kLw9Xv4Tn7Bp1Mc\nend"}""", """{"body":"line\nAPI_KEY=[redacted:assigned-api-key]\nend"}""")]
    [InlineData("""{"credential_id":"01M8KJY0VW44RCZKPVXFCPQXV1","tokenType":"q8Zr2kLw9Xv4Tn7Bp1Mc","secret.name":"q8Zr2kLw9Xv4Tn7Bp1Mc"}""", """{"credential_id":"01M8KJY0VW44RCZKPVXFCPQXV1","tokenType":"q8Zr2kLw9Xv4Tn7Bp1Mc","secret.name":"q8Zr2kLw9Xv4Tn7Bp1Mc"}""")]
    [InlineData("""{"mail":"someone@example.org","text":"a basic fact"}""", """{"mail":"someone@example.org","text":"a basic fact"}""")]
    public void Normalise_Secrets_AreReplacedAndNothingElse(string payload, string expected) => Assert.Equal(expected, Run(payload));

    [Theory]
    [InlineData("""{"a":{"b":[1,2,""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"password":{"deep":"\ud800"}}""")]
    [InlineData("""{"password":{"deep":1""")]
    public void Normalise_AfterABadPayload_ReadsTheNextAsIfItWereTheFirst(string bad)
    {
        var intake = new PayloadIntake(new Redactor());
        const string Good = """{"deep":"plain","a":[1,{"b":null}],"c":2}""";
        Assert.False(intake.Normalise(Encoding.UTF8.GetBytes(bad)).Ok);
        Assert.Equal(Good, Encoding.UTF8.GetString(intake.Normalise(Encoding.UTF8.GetBytes(Good)).Value));
    }

    [Fact]
    public void Normalise_OwnSecretAnywhere_IsReplaced()
    {
        _redactor.AddSecret("s3cret-of-this-home");
        Assert.Equal("""{"a":"x [redacted:home-secret] y","[redacted:home-secret]":1}""", Run("""{"a":"x s3cret-of-this-home y","s3cret-of-this-home":1}"""));
        Assert.Equal("""{"a":"[redacted:home-secret]"}""", Run("""{"a":"s3cret-of-this-\u0068ome"}"""));
    }

    [Fact]
    public void Normalise_ManyNames_StillFindsTheDuplicate()
    {
        var members = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"n{i}\":{i}"));
        Assert.True(Normalise($"{{{members}}}").Ok);
        Assert.False(Normalise($"{{{members},\"n7\":0}}").Ok);
    }

    [Fact]
    public void Normalise_Nested_RefusesAnyNameTwiceInOneObjectAndOnlyThen() =>
        Gen.Int[0, 60].Array[0, 40].Select(Gen.Int[0, 60].Array[0, 40]).Sample((outer, inner) =>
        {
            var nested = "{" + string.Join(',', inner.Select(n => $"\"n{n}\":0")) + "}";
            var payload = "{" + string.Join(',', [.. outer.Take(outer.Length / 2).Select(n => $"\"n{n}\":0"), $"\"nested\":{nested}", .. outer.Skip(outer.Length / 2).Select(n => $"\"\\u006e{n}\":0")]) + "}";
            Assert.Equal(outer.Distinct().Count() == outer.Length && inner.Distinct().Count() == inner.Length, Normalise(payload).Ok);
        });

    [Fact]
    public void Normalise_InvalidUtf8_IsRefused() =>
        Assert.Equal("invalid_input", new PayloadIntake(_redactor).Normalise((byte[])[(byte)'"', 0xC3, (byte)'"']).Refusal!.Code);

    [Fact]
    public void Normalise_AnyJson_KeepsItsMeaningAndIsStable()
    {
        var text = Gen.Char.AlphaNumeric.Array[0, 8].Select(c => new string(c));
        var scalar = Gen.OneOf<JsonNode?>(text.Select(t => (JsonNode?)JsonValue.Create(t)), Gen.Double[-1e6, 1e6].Select(d => (JsonNode?)JsonValue.Create(d)), Gen.Const((JsonNode?)null));
        var value = Gen.Recursive<JsonNode?>((depth, inner) => depth > 3
            ? scalar
            : Gen.OneOf(scalar, inner.Array[0, 4].Select(a => (JsonNode?)new JsonArray([.. a.Select(n => n?.DeepClone())])),
                Gen.Select(text, inner).Array[0, 4].Select(p => (JsonNode?)new JsonObject(p.DistinctBy(x => x.Item1).Select(x => KeyValuePair.Create(x.Item1, x.Item2?.DeepClone()))))));
        value.Sample(node =>
        {
            var pretty = node?.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) ?? "null";
            var once = Run(pretty);
            return once == (node?.ToJsonString() ?? "null") && Run(once) == once;
        });
    }

    [Fact]
    public void Normalise_AnyBytes_RefusesOrWritesValidJson() => Gen.Byte.Array[0, 64].Sample(bytes =>
    {
        if (new PayloadIntake(_redactor).Normalise(bytes).TryGet(out var written, out _))
        {
            JsonDocument.Parse(written).Dispose();
        }
    });

    private Core.Primitives.Result<byte[]> Normalise(string payload) => new PayloadIntake(_redactor).Normalise(Encoding.UTF8.GetBytes(payload));

    // Tags without their salted part, which differs from home to home.
    private string Run(string payload) => Salted().Replace(Encoding.UTF8.GetString(Normalise(payload).Value), "]");

    [GeneratedRegex(":[0-9a-f]{8}]")]
    private static partial Regex Salted();
}
