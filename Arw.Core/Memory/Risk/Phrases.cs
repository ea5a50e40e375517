namespace Arw.Core.Memory.Risk;

/// <summary>Finds words that speak to an agent instead of its reader: orders to drop what it was told, marks of another speaker, shapes of tool calls. In the languages that attacks were seen in; a list, so what is phrased anew passes, and a person still looks.</summary>
internal static class Phrases
{
    private const int Window = 7;

    private static readonly PhraseTree Tree = PhraseTree.Of(PhraseBook.All);
    private static readonly HashSet<string> Verbs = Folded(PhraseBook.DroppingVerbs);
    private static readonly HashSet<string> Objects = Folded(PhraseBook.ToldThings);
    private static readonly HashSet<string> Earlier = Folded(PhraseBook.EarlierWords);

    public static void Find(ReadableText readable, Findings found)
    {
        FixedPhrases(readable, found);
        Orders(readable, found);
    }

    private static void FixedPhrases(ReadableText readable, Findings found)
    {
        var text = readable.Text;
        for (var i = 0; i < text.Length;)
        {
            found.Steps++;
            // Scripts without spaces have a beginning of a word everywhere.
            var begins = i == 0 || !char.IsLetterOrDigit(text[i]) || !char.IsLetterOrDigit(text[i - 1]) || text[i] > 0x2E7F;
            if (begins && Tree.Longest(text, i, found) is { } phrase)
            {
                var (start, end) = (readable.Places[i], readable.Places[Math.Min(i + phrase.Length, text.Length)]);
                found.Add(phrase.Kind, start, end, phrase.Words);
                i += phrase.Length;
            }
            else
            {
                i++;
            }
        }
    }

    // "Please disregard, my friend, all of the earlier instructions": a verb of dropping, then soon what was told and a word for earlier or all.
    private static void Orders(ReadableText readable, Findings found)
    {
        var (verbAt, left, earlier, told) = (-1, 0, false, false);
        foreach (var (start, word) in WordsOf(readable.Text, found))
        {
            if (Verbs.Contains(word))
            {
                (verbAt, left, earlier, told) = (start, Window, false, false);
                continue;
            }

            if (left == 0)
            {
                continue;
            }

            // Languages differ in which of the two comes first.
            earlier |= Earlier.Contains(word);
            told |= Objects.Contains(word);
            left--;
            if (earlier && told)
            {
                found.Add(RiskKind.Instruction, readable.Places[verbAt], readable.Places[start + word.Length], "Tells an agent to drop what it was told before.");
                left = 0;
            }
        }
    }

    private static IEnumerable<(int Start, string Word)> WordsOf(string text, Findings found)
    {
        for (var i = 0; i < text.Length;)
        {
            found.Steps++;
            if (!char.IsLetter(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && char.IsLetter(text[i]))
            {
                found.Steps++;
                i++;
            }

            // No word of the lists is longer.
            yield return (start, i - start > 24 ? "" : text[start..i]);
        }
    }

    private static HashSet<string> Folded(string words) =>
        [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => ReadableText.Of(w, new Findings()).Text)];
}

/// <summary>A phrase that is looked for.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Its length as it is read.</param>
/// <param name="Words">What it is, for people.</param>
internal sealed record Phrase(RiskKind Kind, int Length, string Words);

/// <summary>Phrases by their letters. A look from one place goes no deeper than the longest phrase.</summary>
internal sealed class PhraseTree
{
    private readonly Dictionary<char, PhraseTree> _next = [];
    private Phrase? _phrase;

    public static PhraseTree Of(IEnumerable<(RiskKind Kind, string Words, string[] Phrases)> groups)
    {
        var root = new PhraseTree();
        foreach (var (kind, words, phrases) in groups)
        {
            foreach (var phrase in phrases)
            {
                var read = PhraseBook.Fold(phrase);
                var node = root;
                foreach (var c in read)
                {
                    if (!node._next.TryGetValue(c, out var next))
                    {
                        node._next[c] = next = new PhraseTree();
                    }

                    node = next;
                }

                node._phrase = new Phrase(kind, read.Length, words);
            }
        }

        return root;
    }

    public Phrase? Longest(string text, int at, Findings found)
    {
        Phrase? longest = null;
        var node = this;
        for (var i = at; i < text.Length && node._next.TryGetValue(text[i], out var next); i++)
        {
            found.Steps++;
            node = next;
            longest = node._phrase ?? longest;
        }

        return longest;
    }
}
