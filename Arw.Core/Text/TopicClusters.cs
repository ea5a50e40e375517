namespace Arw.Core.Text;

/// <summary>A group of items of like meaning.</summary>
/// <param name="Members">Indexes of the items, rising.</param>
/// <param name="Cohesion">Mean cosine of the members to their centre: 1 = all say the same.</param>
public sealed record TopicCluster(IReadOnlyList<int> Members, double Cohesion);

/// <summary>Groups unit vectors: agglomerative clustering after Ward on 1 − cosine, cut where the mean silhouette is best. Deterministic: ties go to the lower index and to fewer topics.</summary>
public static class TopicClusters
{
    /// <summary>Items at most: 1,000. Memory and time grow with the square.</summary>
    public const int MaxItems = 1000;

    // Below this the best cut is no better than chance, and one topic says it honestly.
    private const double LeastSilhouette = 0.03;

    /// <summary>The clusters, largest first; every index is in exactly one.</summary>
    /// <param name="vectors">Unit vectors, <see cref="MaxItems"/> at most.</param>
    /// <param name="maxTopics">Clusters at most; at least 1.</param>
    /// <param name="cancel">Checked at every merge.</param>
    public static IReadOnlyList<TopicCluster> Find(IReadOnlyList<float[]> vectors, int maxTopics, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectors.Count, MaxItems, nameof(vectors));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTopics, 1);
        if (vectors.Count == 0)
        {
            return [];
        }

        var distances = Distances(vectors);
        var best = new int[vectors.Count];
        var bestScore = LeastSilhouette;
        foreach (var (count, assignment) in WardCuts.From(distances, maxTopics, cancel))
        {
            cancel.ThrowIfCancellationRequested();
            var score = vectors.Count == 2 ? distances[0, 1] - 0.5 : Silhouette(distances, assignment, count);

            // Cuts come with falling numbers of clusters: on a tie the later, smaller one wins.
            if (score >= bestScore)
            {
                (best, bestScore) = (assignment, score);
            }
        }

        return
        [
            .. best.Select((cluster, i) => (cluster, i)).GroupBy(x => x.cluster, x => x.i)
                .Select(g => g.ToArray())
                .OrderByDescending(m => m.Length).ThenBy(m => m[0])
                .Select(m => new TopicCluster(m, Cohesion(vectors, m))),
        ];
    }

    private static double[,] Distances(IReadOnlyList<float[]> vectors)
    {
        var distances = new double[vectors.Count, vectors.Count];
        for (var i = 0; i < vectors.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                distances[i, j] = distances[j, i] = Math.Max(0, 1 - Vectors.Cosine(vectors[i], vectors[j]));
            }
        }

        return distances;
    }

    private static double Silhouette(double[,] distances, int[] assignment, int count)
    {
        var n = assignment.Length;
        var sizes = new int[count];
        foreach (var cluster in assignment)
        {
            sizes[cluster]++;
        }

        var total = 0.0;
        var sums = new double[count];
        for (var i = 0; i < n; i++)
        {
            if (sizes[assignment[i]] == 1)
            {
                continue;
            }

            Array.Clear(sums);
            for (var j = 0; j < n; j++)
            {
                sums[assignment[j]] += distances[i, j];
            }

            var own = sums[assignment[i]] / (sizes[assignment[i]] - 1);
            var other = double.MaxValue;
            for (var c = 0; c < count; c++)
            {
                if (c != assignment[i])
                {
                    other = Math.Min(other, sums[c] / sizes[c]);
                }
            }

            total += (other - own) / Math.Max(Math.Max(own, other), 1e-12);
        }

        return total / n;
    }

    private static double Cohesion(IReadOnlyList<float[]> vectors, int[] members)
    {
        var centre = Vectors.Centre(members.Select(i => vectors[i]));
        return Math.Round(members.Average(i => Vectors.Cosine(vectors[i], centre)), 4);
    }
}
