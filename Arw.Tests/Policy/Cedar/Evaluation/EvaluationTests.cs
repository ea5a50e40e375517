using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Evaluation;

public sealed class EvaluationTests
{
    private static readonly CedarEntities Entities = EntitiesJson.Read("""
        [
          {"uid": {"type": "User", "id": "ann"}, "attrs": {"age": 30, "boss": {"__entity": {"type": "User", "id": "bob"}}, "home": {"city": "Bern"}},
           "parents": [{"type": "Group", "id": "staff"}], "tags": {"level": "high"}},
          {"uid": {"type": "User", "id": "bob"}, "attrs": {"age": 50}, "parents": []},
          {"uid": {"type": "Group", "id": "staff"}, "attrs": {}, "parents": [{"type": "Group", "id": "all"}]}
        ]
        """).OrThrow();

    private static readonly CedarRequest Request = new(
        new("User", "ann"), new("Action", "view"), new("Doc", "d"), ValueJson.ReadContext("""{"n": 3, "ip": {"__extn": {"fn": "ip", "arg": "10.0.0.1"}}}""").OrThrow());

    [Theory]
    [InlineData("principal.age + 1 == 31")]
    [InlineData("principal.boss.age > principal.age")]
    [InlineData("principal has home.city && principal.home.city like \"B*n\"")]
    [InlineData("!(principal has home.street.number)")]
    [InlineData("!(resource has anything)")]
    [InlineData("!(principal has boss.wife)")]
    [InlineData("principal in Group::\"all\" && principal in [Group::\"x\", Group::\"staff\"] && principal in principal")]
    [InlineData("!(principal in []) && resource in Doc::\"d\" && !(resource in Group::\"all\")")]
    [InlineData("principal is User && !(principal is Group) && principal is User in Group::\"staff\"")]
    [InlineData("!(principal is Group in 3)")]
    [InlineData("principal.hasTag(\"level\") && principal.getTag(\"level\") == \"high\" && !resource.hasTag(\"x\")")]
    [InlineData("[1, \"a\", [2]].contains([2]) && [1, 2].containsAll([2, 2, 1]) && [1, 2].containsAny([3, 2]) && ![1].containsAny([])")]
    [InlineData("[].isEmpty() && ![[]].isEmpty()")]
    [InlineData("[1, 2, 2] == [2, 1] && {a: 1, b: [1]} == {b: [1, 1], a: 1} && 1 != \"1\" && true != 1")]
    [InlineData("context.ip.isInRange(ip(\"10.0.0.0/8\")) && context[\"ip\"] == ip(\"10.0.0.1\")")]
    [InlineData("if context.n == 3 then true else 1 + \"a\" == 2")]
    [InlineData("false && 1 == 1 + \"a\" || true || 3")]
    [InlineData("decimal(\"1.0\") == decimal(\"1.0000\") && decimal(\"-1.1\").lessThan(decimal(\"-1.0\")) && decimal(\"1.0\").greaterThanOrEqual(decimal(\"1.0\"))")]
    [InlineData("datetime(\"2024-01-02\").toDate() == datetime(\"2024-01-02\") && datetime(\"2024-01-02T01:02:03Z\").toTime() == duration(\"1h2m3s\")")]
    [InlineData("datetime(\"1969-12-31T23:00:00Z\").toTime() == duration(\"23h\") && datetime(\"1969-12-31T23:00:00Z\").toDate() == datetime(\"1969-12-31\")")]
    [InlineData("datetime(\"2024-01-02\") < datetime(\"2024-01-02\").offset(duration(\"1ms\")) && duration(\"1s\") >= duration(\"1000ms\")")]
    [InlineData("datetime(\"2024-01-02\").durationSince(datetime(\"2024-01-01\")).toHours() == 24 && duration(\"-1500ms\").toSeconds() == -1")]
    [InlineData("\"a*b\" like \"a\\*b\" && \"\" like \"*\" && !(\"\" like \"?\") && \"aXbXc\" like \"a*b*c\" && \"😀\" like \"*😀*\" && !(\"ab\" like \"a\")")]
    [InlineData("-9223372036854775808 < 9223372036854775807 && -(-5) == 5 && --5 == 5")]
    [InlineData("3 * -4 == -12 && 9223372036854775807 * -1 == -9223372036854775807")]
    public void Evaluate_Condition_IsTrue(string text)
    {
        var result = CedarPolicySet.Evaluate(CedarParser.ParseExpression(text).OrThrow(), Request, Entities);
        Assert.Null(result.Error);
        Assert.Equal(CedarValue.Of(true), result.Value);
    }

    [Theory]
    [InlineData("9223372036854775807 + 1", 1, "out of range")]
    [InlineData("-9223372036854775808 - 1", 1, "out of range")]
    [InlineData("4611686018427387904 * 2", 1, "out of range")]
    [InlineData("-(-9223372036854775808)", 1, "out of range")]
    [InlineData("1 + \"a\"", 5, "a string")]
    [InlineData("1 < \"a\"", 1, "cannot be compared")]
    [InlineData("decimal(\"1.0\") < decimal(\"2.0\")", 1, "cannot be compared")]
    [InlineData("datetime(\"2024-01-01\") < duration(\"1s\")", 1, "cannot be compared")]
    [InlineData("true && 1", 9, "a long")]
    [InlineData("!1", 2, "a long")]
    [InlineData("if 1 then 2 else 3", 4, "a long")]
    [InlineData("principal.nothing", 1, "no attribute")]
    [InlineData("resource.nothing", 1, "not among")]
    [InlineData("context.nothing", 1, "no attribute")]
    [InlineData("1 has a", 1, "a long")]
    [InlineData("principal has age.x", 1, "a long")]
    [InlineData("1 in principal", 1, "a long")]
    [InlineData("principal in 1", 14, "a long")]
    [InlineData("principal in [principal, 1]", 14, "a long")]
    [InlineData("1 is User", 1, "a long")]
    [InlineData("1 like \"a\"", 1, "a long")]
    [InlineData("1.contains(2)", 1, "a long")]
    [InlineData("[1].containsAll(1)", 17, "a long")]
    [InlineData("principal.getTag(\"none\")", 1, "no tag")]
    [InlineData("resource.getTag(\"none\")", 1, "not among")]
    [InlineData("principal.getTag(1)", 18, "a long")]
    [InlineData("1.getTag(\"a\")", 1, "a long")]
    [InlineData("ip(\"x\")", 1, "no IPv4")]
    [InlineData("ip()", 1, "0 arguments")]
    [InlineData("ip(\"1.2.3.4\", \"a\", \"b\")", 1, "3 arguments")]
    [InlineData("decimal(1)", 1, "a long")]
    [InlineData("\"1.0\".lessThan(decimal(\"1.0\"))", 1, "a string")]
    [InlineData("datetime(\"9999-12-31\").offset(duration(\"9223372036854775807ms\"))", 1, "out of range")]
    public void Evaluate_Wrong_IsAnErrorWithItsPlace(string text, int column, string message)
    {
        var error = CedarPolicySet.Evaluate(CedarParser.ParseExpression(text).OrThrow(), Request, Entities).Error!;
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((1, column), (error.Line, error.Column));
    }
}
