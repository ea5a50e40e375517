using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Formatting;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Tests.Policy.Cedar.Parsing;

public sealed class CedarParserTests
{
    [Fact]
    public void ParsePolicies_NothingAndComments_GiveNoPolicies()
    {
        Assert.Empty(CedarParser.ParsePolicies("").OrThrow());
        Assert.Empty(CedarParser.ParsePolicies(" // nothing\r\n\t// at all").OrThrow());
    }

    [Fact]
    public void ParsePolicies_TwoPolicies_AreNamedByPlaceOrAnnotation()
    {
        var policies = CedarParser.ParsePolicies("""
            @id("mine") @flag permit(principal, action, resource);
            forbid(principal is A::B in ?principal, action in [Action::"a", N::Action::"b",], resource == ?resource,) when { true } unless { false };
            """).OrThrow();
        Assert.Equal(["mine", "policy1"], policies.Select(p => p.Id));
        Assert.Equal("", policies[0].Annotation("flag"));
        Assert.True(policies[1].IsTemplate);
        Assert.Equal((2, 1), (policies[1].Span.Line, policies[1].Span.Column));
        Assert.Equal(2, policies[1].Conditions.Count);
    }

    [Theory]
    [InlineData("a", 1, 1, "names nothing")]
    [InlineData("1 +", 1, 4, "too early")]
    [InlineData("principal =\n= action", 1, 11, "unexpected")]
    [InlineData("9223372036854775808", 1, 1, "out of range")]
    [InlineData("-9223372036854775809", 1, 1, "out of range")]
    [InlineData("99999999999999999999999", 1, 1, "out of range")]
    [InlineData("1 < 2 < 3", 1, 7, "chain")]
    [InlineData("1 == 2 in 3", 1, 8, "chain")]
    [InlineData("principal has a == true", 1, 17, "chain")]
    [InlineData("1 / 2", 1, 3, "no division")]
    [InlineData("1 % 2", 1, 3, "no remainder")]
    [InlineData("!!!!!true", 1, 1, "in a row")]
    [InlineData("-----1", 1, 1, "in a row")]
    [InlineData("!-1", 1, 2, "unexpected")]
    [InlineData("principal.if", 1, 11, "reserved")]
    [InlineData("{if: 1}", 1, 2, "reserved")]
    [InlineData("{a: 1, \"a\": 2}", 1, 8, "twice")]
    [InlineData("{1: 1}", 1, 2, "unexpected")]
    [InlineData("foo(1)", 1, 1, "no function")]
    [InlineData("A::ip(\"1\")", 1, 1, "no function")]
    [InlineData("contains(1)", 1, 1, "a method")]
    [InlineData("[1].ip()", 1, 5, "a function")]
    [InlineData("[1].foo()", 1, 5, "no method")]
    [InlineData("[1].contains()", 1, 5, "0 arguments")]
    [InlineData("[1].isEmpty(1)", 1, 5, "1 argument")]
    [InlineData("principal(1)", 1, 10, "called")]
    [InlineData("principal[1]", 1, 11, "unexpected")]
    [InlineData("principal[\"a\" + \"b\"]", 1, 15, "unexpected")]
    [InlineData("?principal", 1, 1, "slot")]
    [InlineData("1 + if true then 1 else 2", 1, 5, "unexpected")]
    [InlineData("\"a\\*\"", 1, 3, "patterns only")]
    [InlineData("\"a\\q\"", 1, 3, "no escape")]
    [InlineData("\"\\x80\"", 1, 2, "beyond ASCII")]
    [InlineData("\"\\u{d800}\"", 1, 2, "no Unicode")]
    [InlineData("\"\\u{1234567}\"", 1, 2, "no Unicode")]
    [InlineData("\"\\u{}\"", 1, 2, "no Unicode")]
    [InlineData("\n  \"open", 2, 3, "not closed")]
    [InlineData("principal like 1", 1, 16, "unexpected")]
    [InlineData("principal like (\"a\")", 1, 16, "unexpected")]
    [InlineData("principal is (A)", 1, 14, "unexpected")]
    [InlineData("principal has 1", 1, 15, "unexpected")]
    [InlineData("principal has a.\"b\"", 1, 17, "unexpected")]
    [InlineData("true #", 1, 6, "no meaning")]
    [InlineData("true & false", 1, 6, "no meaning")]
    [InlineData("__cedar::\"a\"", 1, 1, "reserved")]
    [InlineData("A::{}", 1, 4, "unexpected")]
    public void ParseExpression_Malformed_IsRefusedWithItsPlace(string text, int line, int column, string message)
    {
        var error = CedarParser.ParseExpression(text).Errors[0];
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.NotNull(error.Expected);
    }

    [Theory]
    [InlineData("permit(principal, action);", "unexpected")]
    [InlineData("permit(action, principal, resource);", "unexpected")]
    [InlineData("allow(principal, action, resource);", "unexpected")]
    [InlineData("permit(principal: User, action, resource);", "unexpected")]
    [InlineData("permit(principal = A::\"a\", action, resource);", "unexpected")]
    [InlineData("permit(principal != A::\"a\", action, resource);", "unexpected")]
    [InlineData("permit(principal in [A::\"a\"], action, resource);", "unexpected")]
    [InlineData("permit(principal is A == A::\"a\", action, resource);", "unexpected")]
    [InlineData("permit(principal == ?resource, action, resource);", "slot")]
    [InlineData("permit(principal, action == ?action, resource);", "slot")]
    [InlineData("permit(principal, action is Action, resource);", "is")]
    [InlineData("permit(principal, action == User::\"a\", resource);", "no action")]
    [InlineData("permit(principal, action == [Action::\"a\"], resource);", "unexpected")]
    [InlineData("permit(principal, action, resource) when { };", "empty")]
    [InlineData("permit(principal, action, resource) if { true };", "unexpected")]
    [InlineData("permit(principal, action, resource)", "too early")]
    [InlineData("@a(\"1\") @a(\"2\") permit(principal, action, resource);", "twice")]
    public void ParsePolicies_Malformed_IsRefused(string text, string message) =>
        Assert.Contains(message, CedarParser.ParsePolicies(text).Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public void ParsePolicies_SeveralErrors_AreAllReported()
    {
        var errors = CedarParser.ParsePolicies("permit(principal);\nforbid(principal, action, resource) when { 1 / 2 == a };\npermit(principal, action, resource) when { \"a\\q\" };").Errors;
        Assert.Equal([1, 2, 2, 3], errors.Select(e => e.Line));
    }

    [Theory]
    [InlineData("-9223372036854775808")]
    [InlineData("-(-9223372036854775808)")]
    [InlineData("-(5)")]
    [InlineData("1 - -1 - -(1)")]
    [InlineData("(1 - 2) * (3 + 4) - (5 - 6)")]
    [InlineData("!(!(!true))")]
    [InlineData("(if true then 1 else 2) + 3")]
    [InlineData("(true && false) && true || !(false || true)")]
    [InlineData("true && (false && true)")]
    [InlineData("(1 < 2) == true")]
    [InlineData("principal has a.b.c")]
    [InlineData("principal has \"a b\"")]
    [InlineData("principal[\"a b\"].c[\"if\"]")]
    [InlineData("principal is A::B in [A::B::\"x\"]")]
    [InlineData("\"*\\u{1F600}\" like \"*\\\\\\*\"")]
    [InlineData("{\"a b\": 1, c: {}, d: []}")]
    [InlineData("ip(\"1.2.3.4\").isInRange(ip(\"1.0.0.0/8\"), 3)")]
    [InlineData("principal.getTag(\"a\").hasTag(\"b\") == [1].containsAll([]) ")]
    [InlineData("5.foo")]
    [InlineData("(-5).foo")]
    [InlineData("-5.foo")]
    public void ParseExpression_Printed_ReadsBackAsTheSame(string text)
    {
        var read = CedarParser.ParseExpression(text).OrThrow();
        Assert.Equal(read, CedarParser.ParseExpression(CedarPrinter.Print(read)).OrThrow());
    }

    [Fact]
    public void ParseExpression_EqualTexts_AreEqualWhereverTheyStand() =>
        Assert.Equal(CedarParser.ParseExpression("1+2").OrThrow(), CedarParser.ParseExpression(" 1 +\n 2").OrThrow());

    [Theory]
    [InlineData("\"\\n\\r\\t\\\\\\0\\'\\\"\\x41\\u{1F600}\\u{4_1}\"", "\n\r\t\\\0'\"A😀A")]
    [InlineData("\"a\nb\"", "a\nb")]
    public void ParseExpression_Escapes_AreResolved(string text, string value) =>
        Assert.Equal(new StringLiteral(value), CedarParser.ParseExpression(text).OrThrow());
}
