using AngleSharp.Dom;

namespace Arw.Core.Text;

/// <summary>Takes out of a page what a person reading it would not see, or would skip: code, forms, navigation, and text hidden on purpose, which is how pages talk past their readers to a model.</summary>
internal static class HiddenContent
{
    private const string Skipped =
        "script,style,noscript,template,iframe,object,embed,svg,canvas,audio,video,form,button,input,select,textarea,dialog,nav,footer,aside,[hidden],[aria-hidden='true'],[role='navigation'],[role='banner'],[role='contentinfo']";

    private static readonly string[] HidingStyles =
        ["display:none", "visibility:hidden", "opacity:0;", "opacity:0.0", "font-size:0", "font-size:1px", "text-indent:-9", "left:-9", "top:-9", "clip:rect(0", "max-height:0", "height:0;", "width:0;"];

    public static void Remove(IDocument document)
    {
        foreach (var element in document.QuerySelectorAll(Skipped).Concat(document.QuerySelectorAll("[style]").Where(IsHidden)).ToArray())
        {
            element.Remove();
        }

        // A page's header is furniture, an article's belongs to it.
        foreach (var header in document.QuerySelectorAll("header").Where(h => h.Closest("article,main") is null).ToArray())
        {
            header.Remove();
        }
    }

    private static bool IsHidden(IElement element)
    {
        var style = string.Concat(element.GetAttribute("style")!.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant() + ";";
        return HidingStyles.Any(h => style.Contains(h, StringComparison.Ordinal));
    }
}
