using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Formatting;

/// <summary>
/// Lays out the text of policies anew, comments kept: it moves tokens, it never writes a tree, so what a policy says cannot change.
/// Formatting what is formatted changes nothing.
/// </summary>
public static class CedarFormatter
{
    /// <summary>A text of policies in canonical layout; errors when it cannot be read.</summary>
    /// <param name="text">The policies.</param>
    /// <param name="maxWidth">Lines are broken beyond this width where they can be.</param>
    /// <param name="indent">Spaces of one step of indentation.</param>
    public static CedarResult<string> Format(string text, int maxWidth = 100, int indent = 2)
    {
        if (CedarParser.ParsePolicies(text) is { Ok: false } read)
        {
            return read.Errors.ToList();
        }

        var tokens = Lexer.Read(text, [], keepComments: true);
        var writer = new LayoutWriter(maxWidth, indent);
        var policies = new List<string>();
        var layouter = new TokenLayouter(text, tokens);
        while (layouter.Next() is { } policy)
        {
            writer = new LayoutWriter(maxWidth, indent);
            writer.Write(policy);
            policies.Add(writer.Text);
        }

        return policies.Count == 0 ? "" : string.Join("\n\n", policies) + "\n";
    }
}
