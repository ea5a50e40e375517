namespace Arw.Core.Text;

/// <summary>Splits running text into sentences: after <c>. ! ? …</c> and their full-width forms, unless the stop belongs to an abbreviation, an initial or a number; and at blank lines and list items.</summary>
public static class Sentences
{
    private static readonly System.Buffers.SearchValues<char> WordStarts = System.Buffers.SearchValues.Create(" \t\r\n(\"“„«");

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "inc", "ltd", "co", "corp", "fig", "no", "vol", "approx", "dept", "est", "e.g", "i.e", "u.s", "u.k", "a.m", "p.m",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "bzw", "ca", "nr", "str", "usw", "z.b", "d.h", "u.a", "vgl", "evtl", "ggf", "inkl", "mio", "mrd", "mme", "mlle", "av", "env", "sra", "ud", "uds", "p.ej", "art", "cf", "ed", "al",
    };

    /// <summary>The sentences in order, white space inside them collapsed; none is empty.</summary>
    /// <param name="text">Plain text.</param>
    /// <param name="limit">Sentences returned at most; the rest of the text is not looked at.</param>
    public static IReadOnlyList<string> Split(string text, int limit = int.MaxValue)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length && sentences.Count < limit; i++)
        {
            var end = EndsAt(text, start, i);
            if (end < 0)
            {
                continue;
            }

            Add(sentences, text.AsSpan(start, end - start));
            start = end;
            i = end - 1;
        }

        if (sentences.Count < limit)
        {
            Add(sentences, text.AsSpan(start));
        }

        return sentences;
    }

    /// <summary>Where the sentence that has a possible end at <paramref name="i"/> ends; -1 when it goes on.</summary>
    private static int EndsAt(string text, int start, int i)
    {
        var c = text[i];
        if (c == '\n')
        {
            var next = i + 1;
            while (next < text.Length && text[next] is ' ' or '\t' or '\r')
            {
                next++;
            }

            return next < text.Length && (text[next] == '\n' || (text[next] is '-' or '*' or '•' && next + 1 < text.Length && text[next + 1] == ' ')) ? i + 1 : -1;
        }

        if (c is '。' or '！' or '？')
        {
            return i + 1;
        }

        if (c is not ('.' or '!' or '?' or '…'))
        {
            return -1;
        }

        var end = i + 1;
        while (end < text.Length && text[end] is '.' or '!' or '?' or '…' or '"' or '\'' or '”' or '’' or '»' or ')' or ']')
        {
            end++;
        }

        if (end == text.Length)
        {
            return end;
        }

        if (!char.IsWhiteSpace(text[end]) || (c == '.' && end == i + 1 && IsAbbreviation(text.AsSpan(start, i - start))))
        {
            return -1;
        }

        var after = end;
        while (after < text.Length && char.IsWhiteSpace(text[after]))
        {
            after++;
        }

        return after == text.Length || !char.IsLower(text[after]) ? end : -1;
    }

    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        var word = before[(before.LastIndexOfAny(WordStarts) + 1)..];
        return (word.Length == 1 && char.IsUpper(word[0])) || (word.Length > 0 && Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word));
    }

    private static void Add(List<string> sentences, ReadOnlySpan<char> raw)
    {
        var sentence = string.Join(' ', raw.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimStart('-', '*', '•', ' ');
        if (sentence.Length > 0)
        {
            sentences.Add(sentence);
        }
    }
}
