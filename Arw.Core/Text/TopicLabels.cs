namespace Arw.Core.Text;

/// <summary>What a topic is about, in words.</summary>
/// <param name="Label">A short name, its first letter upper case.</param>
/// <param name="Keywords">Distinctive terms, the most telling first.</param>
public sealed record TopicLabel(string Label, IReadOnlyList<string> Keywords);

/// <summary>Names topics by the terms that are frequent in them and rare in the others (class-based TF-IDF over words and word pairs).</summary>
public static class TopicLabels
{
    private const int MaxKeywords = 6;
    private const int LabelTerms = 2;
    private const int TitleWeight = 3;

    /// <summary>One label per cluster, in order.</summary>
    /// <param name="items">Title and text of every item.</param>
    /// <param name="clusters">Indexes of the items of each cluster.</param>
    public static IReadOnlyList<TopicLabel> Of(IReadOnlyList<(string Title, string Text)> items, IReadOnlyList<IReadOnlyList<int>> clusters)
    {
        var terms = items.Select(Terms).ToArray();
        var perCluster = clusters.Select(members => Sum(members.Select(i => terms[i]))).ToArray();
        var overall = Sum(perCluster);
        var average = Math.Max(1, overall.Values.Sum() / Math.Max(1, clusters.Count));
        return [.. clusters.Select((members, c) => Label(perCluster[c], overall, average, t => members.Count(i => terms[i].ContainsKey(t)) / (double)members.Count))];
    }

    private static TopicLabel Label(Dictionary<string, double> own, Dictionary<string, double> overall, double average, Func<string, double> spread)
    {
        var ranked = own
            .Select(t => (Term: t.Key, Score: t.Value * Math.Log(1 + average / overall[t.Key]) * Math.Sqrt(spread(t.Key)) * (t.Key.Contains(' ', StringComparison.Ordinal) ? 1.2 : 1)))
            .OrderByDescending(t => t.Score).ThenBy(t => t.Term, StringComparer.Ordinal);
        var keywords = new List<string>();
        foreach (var (term, _) in ranked)
        {
            // A pair and its words are one thought: the better of them stays.
            if (!keywords.Any(k => k.Split(' ').Intersect(term.Split(' ')).Any()))
            {
                keywords.Add(term);
            }

            if (keywords.Count == MaxKeywords)
            {
                break;
            }
        }

        var label = string.Join(", ", keywords.Take(LabelTerms));
        return new TopicLabel(label.Length == 0 ? "Untitled" : char.ToUpperInvariant(label[0]) + label[1..], keywords);
    }

    private static Dictionary<string, double> Terms((string Title, string Text) item)
    {
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        Count(item.Title, TitleWeight);
        Count(item.Text, 1);
        return counts;

        void Count(string text, double weight)
        {
            string? before = null;
            foreach (var word in Words.Of(text))
            {
                var telling = Words.IsTelling(word);
                if (telling)
                {
                    counts[word] = counts.GetValueOrDefault(word) + weight;
                    if (before is not null && before != word)
                    {
                        var pair = $"{before} {word}";
                        counts[pair] = counts.GetValueOrDefault(pair) + weight;
                    }
                }

                before = telling ? word : null;
            }
        }
    }

    private static Dictionary<string, double> Sum(IEnumerable<Dictionary<string, double>> parts)
    {
        var sum = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (term, count) in parts.SelectMany(p => p))
        {
            sum[term] = sum.GetValueOrDefault(term) + count;
        }

        return sum;
    }
}
