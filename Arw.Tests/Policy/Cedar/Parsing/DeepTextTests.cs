using System.Text;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Formatting;
using Arw.Core.Policy.Cedar.Json;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Parsing;

/// <summary>Whatever nests deeply is refused with a message, and whatever is long is read; on a small stack too.</summary>
public sealed class DeepTextTests
{
    private const int Many = 100_000;

    private static readonly CedarRequest Request = new(new("User", "a"), new("Action", "b"), new("Doc", "c"), CedarRecord.Empty);

    [Theory]
    [InlineData("(", "true", ")")]
    [InlineData("[", "", "]")]
    [InlineData("{a: ", "1", "}")]
    [InlineData("!(", "true", ")")]
    [InlineData("[1].contains(", "1", ")")]
    [InlineData("if true then true else ", "true", "")]
    [InlineData("1 + (", "1", ")")]
    [InlineData("true && (", "true", ")")]
    [InlineData("principal", "", ".a")]
    [InlineData("principal", "", "[\"a\"]")]
    [InlineData("[1]", "", ".contains(1)")]
    [InlineData("1", "", " + 1")]
    [InlineData("1", "", " * 1")]
    [InlineData("principal has a", "", ".a")]
    public void ParseExpression_TooDeep_IsRefusedWithAMessage(string before, string middle, string after) => OnSmallStack(() =>
    {
        var text = before.EndsWith('l') || before is "[1]" or "1" or "principal has a"
            ? before + Repeat(after)
            : Repeat(before) + middle + Repeat(after);
        var errors = CedarParser.ParseExpression(text).Errors;
        Assert.Contains("deep", Assert.Single(errors).Message, StringComparison.Ordinal);
        Assert.Contains("deep", CedarParser.ParsePolicies($"permit(principal, action, resource) when {{ {text} }};").Errors[0].Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("!")]
    [InlineData("-")]
    public void ParseExpression_ManySigns_AreRefused(string sign) =>
        Assert.Contains("in a row", CedarParser.ParseExpression(Repeat(sign) + "1").Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public void ParseExpression_LiteralOfManyErrors_IsReadInOneGo()
    {
        var errors = CedarParser.ParseExpression($"\n\"{Repeat("\\u{d800}")}\"").Errors;
        Assert.Equal(Many, errors.Count);
        Assert.Equal((2, 2 + (8 * (Many - 1))), (errors[^1].Line, errors[^1].Column));
    }

    [Fact]
    public void ParsePolicies_ParenthesesInScope_AreReadWithoutRecursion() => OnSmallStack(() =>
        Assert.True(CedarParser.ParsePolicies($"permit(principal == {Repeat("(")}A::\"a\"{Repeat(")")}, action, resource);").Ok));

    [Theory]
    [InlineData(" && ", "true")]
    [InlineData(" || ", "false")]
    public void ParseExpression_LongChain_IsReadEvaluatedAndPrinted(string operation, string operand) => OnSmallStack(() =>
    {
        var text = string.Join(operation, Enumerable.Repeat(operand, Many));
        var expression = CedarParser.ParseExpression(text).OrThrow();
        Assert.Equal(CedarValue.Of(operand == "true"), CedarPolicySet.Evaluate(expression, Request, CedarEntities.Empty).Value);
        Assert.Equal(text, CedarPrinter.Print(expression));
        Assert.Contains("malformed", CedarJson.ReadExpression(CedarJson.Write(expression)).Errors[0].Message, StringComparison.Ordinal);
        var shorter = CedarParser.ParseExpression(string.Join(operation, Enumerable.Repeat(operand, 2000))).OrThrow();
        Assert.Equal(shorter, CedarJson.ReadExpression(CedarJson.Write(shorter)).OrThrow());
    });

    [Fact]
    public void ParseExpression_AsDeepAsAllowed_IsReadEvaluatedAndPrinted()
    {
        var depth = Expr.MaxHeight - 1;
        var text = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));
        var expression = CedarParser.ParseExpression(text).OrThrow();
        Assert.Null(CedarPolicySet.Evaluate(expression, Request, CedarEntities.Empty).Error);
        Assert.Equal(text, CedarPrinter.Print(expression));
        Assert.Equal(expression, CedarJson.ReadExpression(CedarJson.Write(expression)).OrThrow());
        Assert.True(CedarFormatter.Format($"permit(principal, action, resource) when {{ {text} == [] }};").Ok);
    }

    private static string Repeat(string text) => new StringBuilder(text.Length * Many).Insert(0, text, Many).ToString();

    private static void OnSmallStack(Action test)
    {
        Exception? thrown = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    test();
                }
                catch (Exception e)
                {
                    thrown = e;
                }
            },
            512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }
}
