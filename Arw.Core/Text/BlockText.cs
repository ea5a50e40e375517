using System.Text;
using AngleSharp.Dom;

namespace Arw.Core.Text;

/// <summary>An element's text with its blocks kept apart.</summary>
internal static class BlockText
{
    private static readonly HashSet<string> Blocks =
    [
        "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    ];

    public static bool IsBlock(string name) => Blocks.Contains(name);

    public static string Collapse(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static string Of(IElement root)
    {
        var output = new StringBuilder();
        var line = new StringBuilder();

        // An explicit stack: the page decides the depth.
        var todo = new Stack<Step>();
        todo.Push(new Step(root, false, root.Closest("pre") is not null));
        while (todo.TryPop(out var step))
        {
            if (step.Node is IText text)
            {
                Append(line, text.Data, step.Verbatim);
            }
            else if (step.Node is IElement element)
            {
                Visit(element, step, output, line, todo);
            }
        }

        Flush(output, line, 2);
        return output.ToString().Trim();
    }

    private static void Visit(IElement element, Step step, StringBuilder output, StringBuilder line, Stack<Step> todo)
    {
        var name = element.LocalName;
        if (name == "br")
        {
            line.Append('\n');
            return;
        }

        if (IsBlock(name))
        {
            Flush(output, line, name is "li" or "tr" or "dt" or "dd" ? 1 : 2);
        }
        else if (name is "td" or "th" && !step.Close && line.Length > 0)
        {
            line.Append(" | ");
        }

        if (step.Close)
        {
            return;
        }

        if (name == "li")
        {
            line.Append("- ");
        }

        todo.Push(new Step(element, true, step.Verbatim));
        for (var child = element.LastChild; child is not null; child = child.PreviousSibling)
        {
            todo.Push(new Step(child, false, step.Verbatim || name == "pre"));
        }
    }

    private static void Append(StringBuilder line, string text, bool verbatim)
    {
        if (verbatim)
        {
            line.Append(text);
            return;
        }

        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && !char.IsWhiteSpace(line[^1]))
            {
                line.Append(' ');
            }
        }
    }

    private static void Flush(StringBuilder output, StringBuilder line, int breaks)
    {
        var text = line.ToString().Trim('\n', ' ');
        line.Clear();
        if (text.Length > 0 && text != "-")
        {
            output.Append(text);
        }

        if (output.Length > 0)
        {
            var have = 0;
            while (have < breaks && output[output.Length - 1 - have] == '\n')
            {
                have++;
            }

            output.Append('\n', breaks - have);
        }
    }

    private readonly record struct Step(INode Node, bool Close, bool Verbatim);
}
