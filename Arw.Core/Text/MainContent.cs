using AngleSharp.Dom;

namespace Arw.Core.Text;

/// <summary>Finds the part of a page that holds its text: every paragraph speaks for the elements above it, and links speak against them.</summary>
internal static class MainContent
{
    private const int LeastParagraph = 25;

    /// <summary>The element with the main content; the body when none stands out.</summary>
    public static IElement Find(IDocument document)
    {
        var body = document.Body ?? document.DocumentElement;
        if (document.QuerySelectorAll("article,main,[role='main']") is [var only] && only.TextContent.Length * 2 > body.TextContent.Length)
        {
            return only;
        }

        var scores = new Dictionary<IElement, double>();
        foreach (var paragraph in body.QuerySelectorAll("p,pre,blockquote,li,td"))
        {
            var length = BlockText.Collapse(OwnText(paragraph)).Length;
            if (length < LeastParagraph || paragraph.ParentElement is not { } parent)
            {
                continue;
            }

            var score = 1 + Math.Min(length / 100.0, 5);
            scores[parent] = scores.GetValueOrDefault(parent) + score;
            if (parent.ParentElement is { } grandparent)
            {
                scores[grandparent] = scores.GetValueOrDefault(grandparent) + score / 2;
            }
        }

        IElement? best = null;
        var bestScore = 0.0;
        foreach (var (element, score) in scores)
        {
            var weighed = score * (1 - LinkShare(element));
            if (weighed > bestScore)
            {
                (best, bestScore) = (element, weighed);
            }
        }

        return best is null || best.ParentElement is null ? body : best;
    }

    // Text directly in the element or in inline children: nested blocks speak for themselves.
    private static string OwnText(IElement element) =>
        string.Concat(element.ChildNodes.Where(n => n is not IElement e || !BlockText.IsBlock(e.LocalName)).Select(n => n.TextContent));

    private static double LinkShare(IElement element)
    {
        var all = element.TextContent.Length;
        return all == 0 ? 0 : Math.Min(1.0, element.QuerySelectorAll("a").Sum(a => (double)a.TextContent.Length) / all);
    }
}
