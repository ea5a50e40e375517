namespace Arw.Core.Text;

/// <summary>Picks the sentences that say most of a text: close to its centre, unlike each other (maximal marginal relevance). Deterministic.</summary>
public static class ExtractiveSummary
{
    // How much closeness to the centre counts against novelty.
    private const double Relevance = 0.5;

    /// <summary>Indexes of the chosen sentences, in their original order.</summary>
    /// <param name="sentences">Unit vectors of the sentences.</param>
    /// <param name="count">Sentences wanted; fewer when there are not so many.</param>
    /// <param name="cancel">Checked at every choice.</param>
    public static IReadOnlyList<int> Choose(IReadOnlyList<float[]> sentences, int count, CancellationToken cancel)
    {
        var centre = Vectors.Centre(sentences);
        var central = sentences.Select(s => Vectors.Cosine(s, centre)).ToArray();
        var likest = new double[sentences.Count];
        var chosen = new SortedSet<int>();
        while (chosen.Count < Math.Min(count, sentences.Count))
        {
            cancel.ThrowIfCancellationRequested();
            var best = -1;
            var bestScore = double.NegativeInfinity;
            for (var i = 0; i < sentences.Count; i++)
            {
                var score = Relevance * central[i] - (1 - Relevance) * likest[i];
                if (score > bestScore && !chosen.Contains(i))
                {
                    (best, bestScore) = (i, score);
                }
            }

            chosen.Add(best);
            for (var i = 0; i < sentences.Count; i++)
            {
                likest[i] = Math.Max(likest[i], Vectors.Cosine(sentences[i], sentences[best]));
            }
        }

        return [.. chosen];
    }
}
