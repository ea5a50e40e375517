using Arw.Core.Policy.Cedar.Json;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;

namespace Arw.Tests.Policy.Cedar.Json;

public sealed class CedarJsonTests
{
    [Fact]
    public void Write_Policy_IsTheLanguagesForm() => Assert.Equal(
        """{"effect":"permit","principal":{"op":"is","entity_type":"User","in":{"slot":"?principal"}},"action":{"op":"in","entities":[{"type":"Action","id":"a"}]},"resource":{"op":"All"},"conditions":[{"kind":"when","body":{"&&":{"left":{"&&":{"left":{"Var":"principal"},"right":{"Value":-1}}},"right":{"isInRange":[{"ip":[{"Value":"1.2.3.4"}]},{".":{"left":{"Var":"context"},"attr":"x"}}]}}}},{"kind":"unless","body":{"like":{"left":{"Value":"a"},"pattern":[{"Literal":"a*"},"Wildcard"]}}}],"annotations":{"id":"p"}}""",
        CedarJson.Write(CedarParser.ParsePolicy("""@id("p") permit(principal is User in ?principal, action in [Action::"a"], resource) when { principal && -1 && ip("1.2.3.4").isInRange(context.x) } unless { "a" like "a\**" };""").OrThrow()));

    [Fact]
    public void Read_Set_IsWhatWasWritten()
    {
        var set = CedarPolicySet.Parse("""
            @id("t") permit(principal == ?principal, action, resource);
            forbid(principal, action == Action::"a", resource) when { {"a b": [User::"x", decimal("1.0")]}["a b"].isEmpty() };
            """).OrThrow().Add(new TemplateLink("t", "l", new("User", "x"), null)).OrThrow();
        var json = CedarJson.Write(set);
        var read = CedarJson.ReadSet(json).OrThrow();
        Assert.Equal(json, CedarJson.Write(read));
        Assert.Equal(["l", "policy1"], read.Policies.Select(p => p.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_ValueWithEscapes_IsAnExpression() => Assert.Equal(
        CedarParser.ParseExpression("""[1, {a: User::"x"}, ip("::1")]""").OrThrow(),
        CedarJson.ReadExpression("""{"Value": [1, {"a": {"__entity": {"type": "User", "id": "x"}}}, {"__extn": {"fn": "ip", "arg": "::1"}}]}""").OrThrow());

    [Theory]
    [InlineData("{", "malformed")]
    [InlineData("[]", "no object")]
    [InlineData("{}", "exactly one")]
    [InlineData("""{"Var": "principal", "Value": 1}""", "exactly one")]
    [InlineData("""{"Var": "x"}""", "no variable")]
    [InlineData("""{"Var": "principal", "Var": "principal"}""", "malformed")]
    [InlineData("""{"Slot": "?principal"}""", "slot")]
    [InlineData("""{"==": {"left": {"Value": 1}}}""", "lacks \"right\"")]
    [InlineData("""{"==": {"left": {"Value": 1}, "right": {"Value": 1}, "x": 1}}""", "\"x\" is no part")]
    [InlineData("""{"foo": []}""", "no expression")]
    [InlineData("""{"isInRange": []}""", "no target")]
    [InlineData("""{"Value": 1.5}""", "no long")]
    [InlineData("""{"Value": null}""", "null")]
    [InlineData("""{"is": {"left": {"Value": 1}, "entity_type": "A B"}}""", "no type's name")]
    [InlineData("""{"like": {"left": {"Value": "a"}, "pattern": [1]}}""", "pattern")]
    public void ReadExpression_Wrong_IsRefused(string json, string message) =>
        Assert.Contains(message, CedarJson.ReadExpression(json).Errors[0].Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"effect":"allow","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "no effect")]
    [InlineData("""{"effect":"permit","principal":{"op":"=="},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "lacks")]
    [InlineData("""{"effect":"permit","principal":{"op":"==","slot":"?resource"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "wrong place")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"==","entity":{"type":"User","id":"a"}},"resource":{"op":"All"},"conditions":[]}""", "no action")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"is","entity_type":"Action"},"resource":{"op":"All"},"conditions":[]}""", "type or a slot")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"if","body":{"Value":true}}]}""", "no kind")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"}}""", "conditions")]
    public void ReadPolicy_Wrong_IsRefused(string json, string message) =>
        Assert.Contains(message, CedarJson.ReadPolicy(json).Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public void ReadExpression_TooDeep_IsRefused() => Assert.Contains(
        "deep",
        CedarJson.ReadExpression(string.Concat(Enumerable.Repeat("{\"!\":{\"arg\":", 100_000)) + "{\"Value\":true}" + new string('}', 200_000)).Errors[0].Message,
        StringComparison.Ordinal);
}
