using Arw.Core.Beliefs;
using Arw.Core.State;

namespace Arw.Core.World;

/// <summary>Why a belief was selected.</summary>
/// <param name="Relevance">How well it fits the question, 0 to 1: 0.7 × its BM25 rank by that of the best candidate + 0.3 × the share of the question's words that it holds.</param>
/// <param name="Confidence">Its confidence.</param>
/// <param name="Recency">0.5 to the power of age / 6 h.</param>
/// <param name="Similarity">Likeness to what was selected before it, 0 to 1.</param>
/// <param name="Words">Words of the question that it holds.</param>
public sealed record SelectionTrace(double Relevance, double Confidence, double Recency, double Similarity, IReadOnlyList<string> Words);

/// <summary>A belief selected for a question.</summary>
/// <param name="Belief">The belief with its sources.</param>
/// <param name="Score">0.6 × relevance + 0.25 × confidence + 0.15 × recency.</param>
/// <param name="Trace">How it came about.</param>
public sealed record Selected(BeliefRow Belief, double Score, SelectionTrace Trace);

/// <summary>Answers a question with the few beliefs that matter: full-text candidates, scored, then chosen for value and variety.</summary>
public sealed class WorldSelector(BeliefsModel beliefs, TimeProvider time)
{
    private const int MaxK = 50;
    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(6);

    /// <summary>Standing beliefs of a project, best first. With no words in the question: the surest ones.</summary>
    /// <param name="project">Project; null for beliefs of no project.</param>
    /// <param name="question">The question in plain words.</param>
    /// <param name="k">How many; 8 by default, 1 to 50.</param>
    /// <param name="lambda">1 = only the score counts, 0 = only variety; 0.7 by default.</param>
    public IReadOnlyList<Selected> Select(string? project, string question, int k = 8, double lambda = 0.7)
    {
        k = Math.Clamp(k, 1, MaxK);
        lambda = double.IsNaN(lambda) ? 0.7 : Math.Clamp(lambda, 0, 1);
        var words = Words.Of(question);
        Condition[] where = [new("project", Op.Equal, project), new("status", Op.In, new[] { "proposed", "conflict", "accepted" })];
        var pool = Math.Max(3 * k, 24);
        IReadOnlyList<Ranked<BeliefRow>> found = words.Count > 0
            ? beliefs.Rows.Best(Words.WithPlurals(words), where, pool)
            : [.. beliefs.Surest(project, pool).Select(r => new Ranked<BeliefRow>(r, 0))];
        var best = found.Select(f => f.Rank).DefaultIfEmpty(0).Max();
        var candidates = found.Select(f => new Candidate(f, best, words, time.GetUtcNow())).ToList();
        return Choose(candidates, k, lambda);
    }

    // Maximal marginal relevance: each pick weighs its score against its likeness to the picks before.
    private static List<Selected> Choose(List<Candidate> candidates, int k, double lambda)
    {
        var selected = new List<Selected>();
        while (selected.Count < k && candidates.Count > 0)
        {
            var next = candidates.MaxBy(c => lambda * c.Score - (1 - lambda) * c.Similarity)!;
            candidates.Remove(next);
            selected.Add(next.Select());
            candidates.ForEach(c => c.Similarity = Math.Max(c.Similarity, c.LikenessTo(next)));
        }

        return selected;
    }

    private sealed class Candidate
    {
        private readonly BeliefRow _row;
        private readonly HashSet<string> _tokens;
        private readonly double _relevance;
        private readonly double _recency;
        private readonly string[] _hits;

        public Candidate(Ranked<BeliefRow> found, double best, IReadOnlyCollection<string> words, DateTimeOffset now)
        {
            _row = found.Row;
            _tokens = Words.Of($"{_row.Text} {_row.Subject} {_row.Topic}");
            _hits = [.. words.Where(w => Words.Variants(w).Any(_tokens.Contains))];

            // A rank says little where all words are common, as on a small map: how many of them are there counts too.
            var coverage = words.Count > 0 ? (double)_hits.Length / words.Count : 0;
            _relevance = best > 0 ? 0.7 * found.Rank / best + 0.3 * coverage : coverage;
            _recency = Math.Pow(0.5, Math.Max(0, (now - _row.Updated) / HalfLife));
            Score = 0.6 * _relevance + 0.25 * _row.Confidence + 0.15 * _recency;
        }

        public double Score { get; }

        public double Similarity { get; set; }

        public Selected Select() => new(_row, Math.Round(Score, 6), new(
            Math.Round(_relevance, 6), _row.Confidence, Math.Round(_recency, 6), Math.Round(Similarity, 6), _hits));

        public double LikenessTo(Candidate other)
        {
            var common = _tokens.Count(other._tokens.Contains);
            return common == 0 ? 0 : (double)common / (_tokens.Count + other._tokens.Count - common);
        }
    }
}
