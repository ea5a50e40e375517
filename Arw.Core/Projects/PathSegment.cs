using System.Globalization;
using System.Text;

namespace Arw.Core.Projects;

/// <summary>What one name between two slashes may look like. Stricter than any one file system, so that a project can move between machines and no name means two things.</summary>
internal static class PathSegment
{
    /// <summary>Names beginning so are half-written files of <see cref="ProjectFiles"/>: never listed, never addressed.</summary>
    public const string TemporaryPrefix = ".arw-tmp-";

    private const int MaxBytes = 240;
    private static readonly System.Buffers.SearchValues<char> Reserved = System.Buffers.SearchValues.Create("\\:*?\"<>|/");
    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Why the name is refused, as the end of a sentence; null when it is fine.</summary>
    public static string? Fault(string name)
    {
        if (name.Length == 0)
        {
            return "has an empty name between two slashes";
        }

        if (name is "." or "..")
        {
            return $"contains \"{name}\"";
        }

        if (HasUnprintable(name))
        {
            return "contains an invisible or control character";
        }

        // Compatibility forms: full-width dots and slashes become plain ones on some systems.
        var folded = name.Normalize(NormalizationForm.FormKC);
        if (name.AsSpan().IndexOfAny(Reserved) >= 0 || folded.AsSpan().IndexOfAny(Reserved) >= 0)
        {
            return "contains one of \\ : * ? \" < > | or a look-alike of these";
        }

        if (folded.Trim('.').Length == 0)
        {
            return "contains a name of dots only";
        }

        if (!name.IsNormalized(NormalizationForm.FormC))
        {
            return "is not in composed Unicode form (NFC)";
        }

        if (IsPercentEncoded(name))
        {
            return "is percent-encoded; names are written as they are";
        }

        if (name[0] == ' ' || name[^1] is ' ' or '.')
        {
            return "has a name that begins with a space or ends with a space or dot";
        }

        if (IsDeviceName(folded))
        {
            return $"contains \"{name}\", a device name on some systems";
        }

        if (name.StartsWith(TemporaryPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return $"begins with \"{TemporaryPrefix}\", which is reserved";
        }

        return Encoding.UTF8.GetByteCount(name) > MaxBytes ? $"has a name longer than {MaxBytes} bytes" : null;
    }

    /// <summary>True for CON, NUL, COM1 and the like, with any extension.</summary>
    public static bool IsDeviceName(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var stem = (dot < 0 ? name : name[..dot]).TrimEnd(' ').ToUpperInvariant();
        return stem switch
        {
            "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$" or "CLOCK$" => true,
            { Length: 4 } => (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal))
                && (char.IsAsciiDigit(stem[3]) || stem[3] is '¹' or '²' or '³'),
            _ => false,
        };
    }

    private static bool HasUnprintable(string name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return true;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPercentEncoded(string name)
    {
        for (var i = name.IndexOf('%', StringComparison.Ordinal); i >= 0 && i + 2 < name.Length; i = name.IndexOf('%', i + 1))
        {
            if (Hex.Contains(name[i + 1]) && Hex.Contains(name[i + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
