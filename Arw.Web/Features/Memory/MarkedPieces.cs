using Arw.Core.Memory.Risk;

namespace Arw.Web.Features.Memory;

/// <summary>A piece of a text that is shown with its risk markers.</summary>
/// <param name="Text">The piece, what cannot be seen told in words.</param>
/// <param name="Number">Number of the marker that begins here, as in the list; null for plain text.</param>
/// <param name="Marker">The marker; null for plain text.</param>
public sealed record MarkedPiece(string Text, int? Number, RiskMarker? Marker)
{
    /// <summary>The text in pieces. A marker within another one is told by the list alone.</summary>
    /// <param name="text">The text.</param>
    /// <param name="markers">Its markers, in the order of the list.</param>
    public static IReadOnlyList<MarkedPiece> Of(string text, IReadOnlyList<RiskMarker> markers)
    {
        var pieces = new List<MarkedPiece>();
        var at = 0;
        foreach (var (i, marker) in markers.Index().Where(m => m.Item.Field is null).OrderBy(m => m.Item.Start))
        {
            // What the journal masked may have made the text shorter than it was when it was looked at.
            var (start, end) = (Math.Min(marker.Start, text.Length), Math.Min(marker.Start + marker.Length, text.Length));
            if (start < at || start == end)
            {
                continue;
            }

            if (start > at)
            {
                pieces.Add(new(text[at..start], null, null));
            }

            pieces.Add(new(marker.Kind == RiskKind.HiddenText ? $"⟨{end - start} hidden⟩" : text[start..end], i + 1, marker));
            at = end;
        }

        if (at < text.Length)
        {
            pieces.Add(new(text[at..], null, null));
        }

        return pieces;
    }

    /// <summary>The word of a kind of marker.</summary>
    public static string Word(RiskKind kind) => kind switch
    {
        RiskKind.Script => "Script",
        RiskKind.EventHandler => "Script on an event",
        RiskKind.Form => "Form",
        RiskKind.Frame => "Embedded page",
        RiskKind.HiddenText => "Invisible characters",
        RiskKind.HiddenStyle => "Hidden text",
        RiskKind.Comment => "Comment",
        RiskKind.Instruction => "Instruction to an agent",
        RiskKind.Role => "Another speaker",
        RiskKind.ToolCall => "Tool call",
        RiskKind.Encoded => "Encoded",
        RiskKind.LinkMismatch => "Misleading link",
        _ => "Address with content",
    };
}
