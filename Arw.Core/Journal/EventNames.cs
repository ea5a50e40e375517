using System.Text.RegularExpressions;
using Arw.Core.Primitives;

namespace Arw.Core.Journal;

/// <summary>The spelling of the names in an event.</summary>
public static partial class EventNames
{
    /// <summary>Whether a kind is well-formed: lower-case words of letters, digits, <c>_</c> and <c>-</c>, joined by dots, at most 128 characters.</summary>
    public static bool IsKind(string kind) => kind.Length <= 128 && Kind().IsMatch(kind);

    /// <summary>Whether a correlation id is well-formed: 1–128 of <c>[A-Za-z0-9._:-]</c>.</summary>
    public static bool IsCorrId(string corrId) => CorrId().IsMatch(corrId);

    internal static Refusal? Check(EventDraft draft)
    {
        if (!IsKind(draft.Kind))
        {
            return Refusal.Invalid($"\"{Cut(draft.Kind)}\" is no event kind.", "A kind is lower-case words joined by dots, for example ext.build.finished.");
        }

        if (draft.CorrId is { } corrId && !IsCorrId(corrId))
        {
            return Refusal.Invalid($"\"{Cut(corrId)}\" is no correlation id.", "Use 1 to 128 letters, digits and . _ : -");
        }

        foreach (var (name, value) in new[] { ("subject", draft.Subject), ("project", draft.Project), ("span_id", draft.SpanId), ("parent_id", draft.ParentId) })
        {
            if (value is not null && (value.Length is 0 or > 256 || value.Any(char.IsControl)))
            {
                return Refusal.Invalid($"The {name} \"{Cut(value)}\" is too long, empty or has control characters.", "Use 1 to 256 printable characters.");
            }
        }

        return draft is { Once: true, Subject: null }
            ? Refusal.Invalid($"The event \"{Cut(draft.Kind)}\" is to be written once, but names no subject.", "Give it the subject by which a second one is recognised.")
            : null;
    }

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_\-]*(?:\.[a-z0-9_\-]+)+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Kind();

    [GeneratedRegex(@"\A[A-Za-z0-9._:\-]{1,128}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CorrId();
}
