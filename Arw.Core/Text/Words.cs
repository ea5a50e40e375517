namespace Arw.Core.Text;

/// <summary>Text as words: runs of letters and digits, lower-cased; apostrophes and hyphens inside a word belong to it.</summary>
public static class Words
{
    /// <summary>The words in order.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsLetterOrDigit(text[i]) || (start >= 0 && IsJoint(text, i))))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                yield return text[start..i].ToLowerInvariant();
                start = -1;
            }
        }
    }

    /// <summary>Whether a word says something about a topic: at least three characters, not only digits, and no stop word of English, German, French or Spanish.</summary>
    public static bool IsTelling(string word) =>
        word.Length >= 3 && !StopWords.Contains(word) && word.Any(char.IsLetter);

    private static bool IsJoint(string text, int i) =>
        text[i] is '-' or '\'' or '’' && i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]);
}
