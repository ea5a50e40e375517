using Arw.Core.Primitives;
using Arw.Core.Text;

namespace Arw.Core.Memory.Risk;

/// <summary>Takes out of a text what runs and what a reader does not see.</summary>
public static class CleanText
{
    /// <summary>Names itself in events.</summary>
    public const string Extractor = "arw.text/1";

    private static readonly RiskKind[] InMarkup = [RiskKind.Script, RiskKind.EventHandler, RiskKind.Form, RiskKind.Frame, RiskKind.HiddenStyle, RiskKind.Comment];

    /// <summary>Whether cleaning takes away what these markers tell of: then it should happen before anybody relies on the text.</summary>
    public static bool Helps(IEnumerable<RiskMarker> markers) => markers.Any(m => m.Field is null && (m.Kind == RiskKind.HiddenText || InMarkup.Contains(m.Kind)));

    /// <summary>The clean text. A refusal for markup that nobody should read (too long, too deep).</summary>
    /// <param name="text">The text.</param>
    /// <param name="isMarkup">Whether it is known to be HTML; where it is not, markup in it is recognised by what it does.</param>
    /// <param name="cancel">Stops the work.</param>
    public static Result<string> Of(string text, bool isMarkup, CancellationToken cancel)
    {
        if (!isMarkup && !RiskScan.Of(text).Any(m => InMarkup.Contains(m.Kind)))
        {
            return HiddenCharacters.Remove(text).Trim();
        }

        return HtmlText.Extract(text, null, cancel).Map(page => HiddenCharacters.Remove(page.Text).Trim());
    }

    /// <summary>A short text, such as a title, without what a reader does not see.</summary>
    public static string? Line(string? text) => text is null ? null : HiddenCharacters.Remove(text);
}
