using System.Text;

namespace Arw.Core.World;

/// <summary>Texts as sets of words that carry meaning.</summary>
internal static class Words
{
    private static readonly HashSet<string> Empty = new(
        "a an and are as at be been but by can did do does for from had has have how i if in into is it its me my no not of on or our so than that the their them then there these they this to was we were what when where which who why will with would you your".Split(' '),
        StringComparer.Ordinal);

    /// <summary>Lower-case words of letters and digits, without the empty ones of English and single letters.</summary>
    public static HashSet<string> Of(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else
            {
                Close(words, word);
            }
        }

        Close(words, word);
        return words;
    }

    /// <summary>The word, and its singular or plural by the letter s.</summary>
    public static string[] Variants(string word) =>
        word.Length < 4 ? [word] : word.EndsWith('s') ? [word, word[..^1]] : [word, word + "s"];

    /// <summary>All words with their variants.</summary>
    public static IReadOnlyCollection<string> WithPlurals(IEnumerable<string> words) => [.. words.SelectMany(Variants).Distinct()];

    private static void Close(HashSet<string> words, StringBuilder word)
    {
        if (word.Length > 1 && word.ToString() is var text && !Empty.Contains(text))
        {
            words.Add(text);
        }

        word.Clear();
    }
}
