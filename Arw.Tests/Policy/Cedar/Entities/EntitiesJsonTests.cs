using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Entities;

public sealed class EntitiesJsonTests
{
    [Fact]
    public void Read_EscapesAndTags_AreValues()
    {
        var entity = EntitiesJson.Read("""
            [{"uid": {"__entity": {"type": "A::B", "id": "x"}},
              "attrs": {"e": {"__entity": {"type": "C", "id": ""}}, "ip": {"__extn": {"fn": "ip", "arg": "::1"}}, "s": [1, 1, "a"], "r": {"b": true},
                        "d": {"__extn": {"fn": "offset", "args": [{"__extn": {"fn": "datetime", "arg": "1970-01-01"}}, {"__extn": {"fn": "duration", "arg": "-5ms"}}]}}},
              "parents": [{"type": "P", "id": "p"}], "tags": {"t": -9223372036854775808}, "more": 1}]
            """).OrThrow().Find(new EntityUid("A::B", "x"))!;
        Assert.True(entity.Attributes.TryGet("e", out var reference));
        Assert.Equal(new EntityUid("C", ""), reference.AsEntity);
        Assert.True(entity.Attributes.TryGet("d", out var instant));
        Assert.Equal(CedarValue.DatetimeOf(-5), instant);
        Assert.True(entity.Attributes.TryGet("s", out var set));
        Assert.Equal(2, set.AsSet.Count);
        Assert.True(entity.Tags.TryGet("t", out var tag));
        Assert.Equal(long.MinValue, tag.AsLong);
        Assert.True(entity.IsIn(new EntityUid("P", "p")));
    }

    [Fact]
    public void Read_WithShape_TakesEntitiesAndExtensionValuesWithoutEscapes()
    {
        var shape = new ExpectedEntityShape(
            new ExpectedRecord(new Dictionary<string, ExpectedType>
            {
                ["friends"] = new ExpectedSet(new ExpectedEntity()),
                ["net"] = new ExpectedRecord(new Dictionary<string, ExpectedType> { ["ip"] = new ExpectedExtension(ValueKind.Ip) }),
                ["when"] = new ExpectedExtension(ValueKind.Datetime),
            }),
            new ExpectedExtension(ValueKind.Duration));
        var entity = EntitiesJson.Read(
            """
            [{"uid": {"type": "U", "id": "x"}, "attrs": {"friends": [{"type": "U", "id": "y"}], "net": {"ip": "1.2.3.4", "name": "1.2.3.4"}, "when": {"fn": "datetime", "arg": "1970-01-01"}},
              "parents": [], "tags": {"t": "1s"}}]
            """,
            _ => shape).OrThrow().Find(new EntityUid("U", "x"))!;
        Assert.Equal("{friends: [U::\"y\"], net: {ip: ip(\"1.2.3.4\"), name: \"1.2.3.4\"}, when: datetime(\"1970-01-01T00:00:00.000Z\")}", CedarValue.Of(entity.Attributes).ToString());
        Assert.Equal("{t: duration(\"1000ms\")}", CedarValue.Of(entity.Tags).ToString());
    }

    [Theory]
    [InlineData("{}", "no array")]
    [InlineData("[1]", "\"uid\"")]
    [InlineData("[", "malformed")]
    [InlineData("""[{"uid": {"type": "U"}, "attrs": {}, "parents": []}]""", "malformed")]
    [InlineData("""[{"uid": {"type": "U ", "id": "x"}, "attrs": {}, "parents": []}]""", "no type's name")]
    [InlineData("""[{"uid": {"type": "U::", "id": "x"}, "attrs": {}, "parents": []}]""", "no type's name")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "parents": []}]""", "\"attrs\"")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {}}]""", "\"parents\"")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": 1, "a": 2}, "parents": []}]""", "malformed")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": null}, "parents": []}]""", "null")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": 1.5}, "parents": []}]""", "no long")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": 9223372036854775808}, "parents": []}]""", "no long")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": {"__expr": "1"}}, "parents": []}]""", "__expr")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": {"__extn": {"fn": "ip", "arg": "x"}}}, "parents": []}]""", "no IPv4")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": {"__extn": {"fn": "no", "arg": "x"}}}, "parents": []}]""", "no function")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": {"__entity": {"type": "U", "id": 1}}}, "parents": []}]""", "malformed")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {"a": 1}, "parents": []}, {"uid": {"type": "U", "id": "x"}, "attrs": {}, "parents": []}]""", "twice")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {}, "parents": [{"type": "U", "id": "x"}]}]""", "above itself")]
    [InlineData("""[{"uid": {"type": "U", "id": "x"}, "attrs": {}, "parents": [{"type": "U", "id": "y"}]}, {"uid": {"type": "U", "id": "y"}, "attrs": {}, "parents": [{"type": "U", "id": "x"}]}]""", "above itself")]
    [InlineData("""[{"uid": {"type": "Action", "id": "x"}, "attrs": {}, "parents": [{"type": "U", "id": "x"}]}]""", "no action")]
    public void Read_Wrong_IsRefused(string json, string message) =>
        Assert.Contains(message, EntitiesJson.Read(json).Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Read_DeepJson_IsRefused() =>
        Assert.Contains("malformed", ValueJson.ReadContext("{\"a\": " + new string('[', 100_000) + new string(']', 100_000) + "}").Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Ancestors_LongChainAndDiamond_AreAllFound()
    {
        var chain = Enumerable.Range(0, 20_000).Select(i => new CedarEntity(new("N", $"{i}"), parents: [new("N", $"{i + 1}"), new("Top", "t")]));
        var entities = CedarEntities.Create(chain).OrThrow();
        var first = entities.Find(new("N", "0"))!;
        Assert.Equal(20_001, first.Ancestors.Length);
        Assert.True(first.IsIn(new("N", "20000")));
        Assert.False(entities.Find(new("N", "5"))!.IsIn(new("N", "4")));
    }
}
