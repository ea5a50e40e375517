namespace Arw.Core.Memory.Risk;

/// <summary>How a tag hides its content from a reader.</summary>
internal static class Hiding
{
    private static readonly (string Style, string Words)[] Styles =
    [
        ("display:none", "it is not displayed"), ("visibility:hidden", "it is not visible"), ("visibility:collapse", "it is not visible"), ("opacity:0;", "it is fully transparent"), ("opacity:0.0", "it is nearly transparent"),
        ("font-size:0", "its letters have no size"), ("font-size:1px", "its letters are one pixel high"), ("font-size:.", "its letters are tiny"), ("text-indent:-9", "it stands far outside the page"), ("left:-9", "it stands far outside the page"),
        ("top:-9", "it stands far outside the page"), ("clip:rect(0", "it is clipped away"), ("clip-path:inset(50%", "it is clipped away"), ("clip-path:inset(100%", "it is clipped away"), ("max-height:0", "it has no height"),
        (";height:0", "it has no height"), (";width:0", "it has no width"), ("transform:scale(0", "it is shrunk to nothing"),
    ];

    /// <summary>How, in a sentence; null when it does not.</summary>
    public static string? Of(HtmlTag tag)
    {
        if (tag.Find("hidden") is not null)
        {
            return "Text that a reader of the page does not see: it is marked as hidden.";
        }

        if (string.Equals(tag.Find("aria-hidden"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return "Text that is kept from screen readers: those who see and those who hear are told different things.";
        }

        if (tag.Is("font") && tag.Find("color") is { } color && IsPale(Color(color)))
        {
            return "Text in white, which does not show on a white page.";
        }

        return tag.Find("style") is { Length: > 0 } style ? OfStyle(style) : null;
    }

    private static string? OfStyle(string style)
    {
        var tight = ";" + string.Concat(style.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant() + ";";
        foreach (var (hiding, words) in Styles)
        {
            if (tight.Contains(hiding, StringComparison.Ordinal))
            {
                return $"Text that a reader of the page does not see: {words}.";
            }
        }

        var ink = Color(Declared(tight, ";color:"));
        var ground = Color(Declared(tight, ";background-color:") ?? Declared(tight, ";background:"));
        return ink is null ? null
            : ink == "transparent" ? "Text that a reader of the page does not see: its letters are transparent."
            : ink == ground ? "Text that a reader of the page does not see: its letters have the colour of their ground."
            : ground is null && IsPale(ink) ? "Text in white, which does not show on a white page."
            : null;
    }

    private static string? Declared(string tight, string property)
    {
        var at = tight.LastIndexOf(property, StringComparison.Ordinal);
        return at < 0 ? null : tight[(at + property.Length)..tight.IndexOf(';', at + property.Length)];
    }

    private static bool IsPale(string? color) => color is "#ffffff" or "#fefefe" or "#fdfdfd" or "#fcfcfc" or "#fafafa";

    // Enough spellings of colours to compare two of them; others stay as they are.
    private static string? Color(string? text) => text?.Trim().ToLowerInvariant().Replace("!important", "", StringComparison.Ordinal) switch
    {
        null => null,
        "white" or "rgb(255,255,255)" or "rgba(255,255,255,1)" or "hsl(0,0%,100%)" => "#ffffff",
        "black" or "rgb(0,0,0)" => "#000000",
        "transparent" or "rgba(0,0,0,0)" or "rgba(255,255,255,0)" => "transparent",
        ['#', var r, var g, var b] => $"#{r}{r}{g}{g}{b}{b}",
        var other => other,
    };
}
