using System.Globalization;
using System.Text;

namespace Arw.Core.Memory.Risk;

/// <summary>Finds characters that a reader cannot see: widthless ones, turns of the direction, tags and variation selectors that spell hidden text, control characters.</summary>
internal static class HiddenCharacters
{
    private const int FlagBlack = 0x1F3F4;
    private const int MostTold = 120;

    /// <summary>Whether a reader does not see this character, and it changes what is read.</summary>
    public static bool IsHidden(int rune) => Class(rune) is not Unseen.None;

    public static void Find(string text, Findings found)
    {
        foreach (var (start, end, kind, count, spelled) in Runs(text, found))
        {
            found.Add(RiskKind.HiddenText, start, end, Words(kind, count, spelled));
        }
    }

    /// <summary>The text without them; those that writing systems, emoji and flags need stay.</summary>
    public static string Remove(string text)
    {
        var plain = new StringBuilder(text.Length);
        var from = 0;
        foreach (var (start, end, _, _, _) in Runs(text, new Findings()))
        {
            plain.Append(text, from, start - from);
            from = end;
        }

        return from == 0 ? text : plain.Append(text, from, text.Length - from).ToString();
    }

    private static IEnumerable<(int Start, int End, Unseen Kind, int Count, string Spelled)> Runs(string text, Findings found)
    {
        var before = 0;
        for (var i = 0; i < text.Length;)
        {
            found.Steps++;
            var rune = RuneAt(text, i, out var length);
            var kind = Class(rune);
            if (kind == Unseen.None || IsUsual(text, i, rune, before))
            {
                // One of them excuses no second one, except in the tags of a flag.
                before = kind is Unseen.None or Unseen.Tag ? rune : 0;
                i += length;
                continue;
            }

            var (end, count, spelled) = Run(text, i, kind, found);
            yield return (i, end, kind, count, spelled);
            before = 0;
            i = end;
        }
    }

    private static (int End, int Count, string Spelled) Run(string text, int start, Unseen kind, Findings found)
    {
        var spelled = new StringBuilder();
        var (i, count) = (start, 0);
        while (i < text.Length)
        {
            found.Steps++;
            var rune = RuneAt(text, i, out var length);
            if (Class(rune) != kind)
            {
                break;
            }

            if (kind == Unseen.Tag && rune is > 0xE001F and < 0xE007F && spelled.Length < MostTold)
            {
                spelled.Append((char)(rune - 0xE0000));
            }

            i += length;
            count++;
        }

        return (i, count, spelled.ToString());
    }

    private static string Words(Unseen kind, int count, string spelled)
    {
        var number = count.ToString("N0", CultureInfo.InvariantCulture);
        return kind switch
        {
            Unseen.Widthless => $"{number} invisible {(count == 1 ? "character" : "characters")} without width: words can be hidden or split by them.",
            Unseen.Turn => $"{number} invisible {(count == 1 ? "mark" : "marks")} that turn the direction of writing: what is read is in another order than what is there.",
            Unseen.Tag => spelled.Length > 0
                ? $"{number} invisible tag characters. They spell: \"{spelled}\""
                : $"{number} invisible tag characters: text can be hidden in them.",
            Unseen.Selector => $"{number} invisible variation selectors in a row: data can be hidden in them.",
            _ => $"{number} control {(count == 1 ? "character" : "characters")} that no text needs.",
        };
    }

    // What writing systems, emoji and files use them for.
    private static bool IsUsual(string text, int at, int rune, int before) => rune switch
    {
        0xFEFF => at == 0,
        0x200C or 0x200D => before > 0x02FF,
        0x200E or 0x200F or 0x061C => before > 0x02FF || (at + 1 < text.Length && text[at + 1] > 0x02FF),
        0x00AD => at > 0 && at + 1 < text.Length && char.IsLetter(text[at - 1]) && char.IsLetter(text[at + 1]),
        >= 0xE0100 and <= 0xE01EF => before is >= 0x2E80 and <= 0x3FFFF,
        // The flags of parts of a country are spelled in tags after a black flag.
        >= 0xE0000 and <= 0xE007F => before == FlagBlack || before is > 0xE0000 and <= 0xE007F,
        _ => false,
    };

    private static Unseen Class(int rune) => rune switch
    {
        0x00AD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180E or (>= 0x200B and <= 0x200D) or (>= 0x2060 and <= 0x2064) or (>= 0x206A and <= 0x206F) or 0x3164 or 0xFEFF or 0xFFA0 => Unseen.Widthless,
        0x200E or 0x200F or 0x061C or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => Unseen.Turn,
        >= 0xE0000 and <= 0xE007F => Unseen.Tag,
        >= 0xE0100 and <= 0xE01EF => Unseen.Selector,
        (< 0x20 and not (0x09 or 0x0A or 0x0D)) or (>= 0x7F and <= 0x9F) => Unseen.Control,
        _ => Unseen.None,
    };

    private static int RuneAt(string text, int at, out int length)
    {
        if (Rune.TryGetRuneAt(text, at, out var rune))
        {
            length = rune.Utf16SequenceLength;
            return rune.Value;
        }

        length = 1;
        return 0xFFFD;
    }

    private enum Unseen
    {
        None,
        Widthless,
        Turn,
        Tag,
        Selector,
        Control,
    }
}
