using System.Text;

namespace Arw.Core.Memory.Risk;

/// <summary>A text as an agent would read it, however it was dressed up: lower case, without tags, invisible characters and accents of spelling, with single spaces. Each character knows where it came from.</summary>
/// <param name="Text">The text.</param>
/// <param name="Places">For each of its characters, the place in the original; one more for the end.</param>
internal sealed record ReadableText(string Text, IReadOnlyList<int> Places)
{
    private const int MostTag = 256;
    private const int MostReference = 12;

    // Letters of other alphabets that look like Latin ones: read as such inside words that have Latin letters.
    private const string LookAlikes = "аaеeоoрpсcхxуyіiјjѕsԁdһhӏlɡgοoαaεeιiκkνvρpτtυuχxмmтtкkвbнh";

    // Tags that do not part words.
    private static readonly HashSet<string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "sub", "sup", "mark", "code", "wbr", "bdi", "bdo", "tt", "ins", "del",
    };

    // Words in angle brackets that no page has, and agents listen to.
    private static readonly HashSet<string> Spoken = new(StringComparer.OrdinalIgnoreCase) { "invoke", "system", "assistant", "user", "sys" };

    public static ReadableText Of(string text, Findings found)
    {
        var plain = new StringBuilder(text.Length);
        var places = new List<int>(text.Length + 1);
        var wordStart = 0;
        bool latin = false, foreign = false;

        for (var i = 0; i < text.Length;)
        {
            found.Steps++;
            if (text[i] == '<' && TagAt(text, i, found) is { End: > 0 } tag)
            {
                if (!tag.Inline)
                {
                    Break(i);
                }

                i = tag.End;
                continue;
            }

            var (rune, length) = RuneAt(text, i);
            if (!HiddenCharacters.IsHidden(rune.Value))
            {
                Take(rune, i);
            }

            i += length;
        }

        EndWord();
        places.Add(text.Length);
        return new ReadableText(plain.ToString(), places);

        void Take(Rune rune, int at)
        {
            if (Rune.IsWhiteSpace(rune))
            {
                Break(at);
                return;
            }

            foreach (var c in Fold(rune))
            {
                if (!char.IsLetter(c))
                {
                    EndWord();
                }

                latin |= char.IsAsciiLetter(c);
                foreign |= char.IsLetter(c) && c > 0x024F;
                plain.Append(c);
                places.Add(at);
                if (!char.IsLetter(c))
                {
                    wordStart = plain.Length;
                }
            }
        }

        void Break(int at)
        {
            EndWord();
            if (plain.Length > 0 && plain[^1] != ' ')
            {
                plain.Append(' ');
                places.Add(at);
            }

            wordStart = plain.Length;
        }

        void EndWord()
        {
            if (latin && foreign)
            {
                for (var j = wordStart; j < plain.Length; j++)
                {
                    found.Steps++;
                    var look = LookAlikes.IndexOf(plain[j], StringComparison.Ordinal);
                    if (look >= 0 && look % 2 == 0)
                    {
                        plain[j] = LookAlikes[look + 1];
                    }
                }
            }

            (latin, foreign, wordStart) = (false, false, plain.Length);
        }
    }

    private static string Fold(Rune rune)
    {
        var lower = Rune.ToLowerInvariant(rune);
        if (lower.IsAscii)
        {
            return lower.ToString();
        }

        // Letters in other widths and styles become plain; accents go.
        var parts = lower.ToString().Normalize(NormalizationForm.FormKD);
        var bare = new StringBuilder(parts.Length);
        foreach (var c in parts)
        {
            if (System.Globalization.CharUnicodeInfo.GetUnicodeCategory(c) is not System.Globalization.UnicodeCategory.NonSpacingMark)
            {
                bare.Append(char.ToLowerInvariant(c));
            }
        }

        return bare.ToString();
    }

    private static (int End, bool Inline) TagAt(string text, int at, Findings found)
    {
        if (text.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal))
        {
            // What a comment says counts like any other words.
            return (at + 4, false);
        }

        var i = at + 1;
        i += i < text.Length && text[i] == '/' ? 1 : 0;
        if (i >= text.Length || !char.IsAsciiLetter(text[i]))
        {
            return default;
        }

        var name = i;
        while (i < text.Length && char.IsAsciiLetterOrDigit(text[i]))
        {
            i++;
        }

        if (i >= text.Length || !(char.IsWhiteSpace(text[i]) || text[i] is '>' or '/') || Spoken.Contains(text[name..i]))
        {
            return default;
        }

        var isInline = Inline.Contains(text[name..i]);
        for (var most = Math.Min(text.Length, at + MostTag); i < most && text[i] != '<'; i++)
        {
            found.Steps++;
            if (text[i] == '>')
            {
                return (i + 1, isInline);
            }
        }

        return default;
    }

    // Character references are read as what they stand for.
    private static (Rune Rune, int Length) RuneAt(string text, int at)
    {
        if (text[at] == '&' && at + 3 < text.Length && text[at + 1] == '#')
        {
            var end = text.IndexOf(';', at + 2, Math.Min(MostReference, text.Length - at - 2));
            var digits = end < 0 ? [] : text.AsSpan(at + 2, end - at - 2);
            var isHex = digits is ['x' or 'X', ..];
            if (int.TryParse(isHex ? digits[1..] : digits, isHex ? System.Globalization.NumberStyles.AllowHexSpecifier : System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)
                && Rune.IsValid(value))
            {
                return (new Rune(value), end - at + 1);
            }
        }

        return Rune.TryGetRuneAt(text, at, out var rune) ? (rune, rune.Utf16SequenceLength) : (Rune.ReplacementChar, 1);
    }
}
