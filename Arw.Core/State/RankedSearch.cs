using Microsoft.Data.Sqlite;

namespace Arw.Core.State;

/// <summary>A row that a ranked search found.</summary>
/// <typeparam name="TRow">Row type.</typeparam>
/// <param name="Row">The row.</param>
/// <param name="Rank">How well it fits (BM25, larger is better); 0 when the words were too common to tell.</param>
public sealed record Ranked<TRow>(TRow Row, double Rank)
    where TRow : class;

/// <summary>Plans a ranked full-text search whose cost does not grow with the table: the rare words of a question decide, common ones only narrow.</summary>
internal static class RankedSearch
{
    // Rows that may be scored; scoring one costs a few microseconds.
    private const long MaxScored = 1000;
    private const int MaxWords = 24;

    /// <summary>The statement that yields ids and ranks; null when no word occurs.</summary>
    public static string? Plan(SqliteConnection connection, string search, string vocabulary, IReadOnlyCollection<string> words, SqliteCommand target)
    {
        var known = Frequencies(connection, vocabulary, words);
        if (known.Count == 0)
        {
            return null;
        }

        long scored = 0;
        string[] rare = [.. known.TakeWhile(w => (scored += w.Rows) <= MaxScored).Select(w => w.Word)];
        target.Parameters.AddWithValue("$match", rare.Length > 0 ? Terms(rare, " OR ") : Terms(known.Take(3).Select(w => w.Word), " AND "));
        return rare.Length > 0
            ? $"SELECT rowid AS hit, -bm25({search}) AS rank FROM {search} WHERE {search} MATCH $match"
            : $"SELECT rowid AS hit, 0.0 AS rank FROM {search} WHERE {search} MATCH $match ORDER BY rowid DESC LIMIT {MaxScored / 5}";
    }

    private static List<(string Word, long Rows)> Frequencies(SqliteConnection connection, string vocabulary, IReadOnlyCollection<string> words)
    {
        using var command = connection.CreateCommand();
        var names = words.Take(MaxWords).Select((w, i) =>
        {
            command.Parameters.AddWithValue($"$w{i}", w);
            return $"$w{i}";
        }).ToArray();
#pragma warning disable CA2100 // the table's name comes from a registered model, words are parameters
        command.CommandText = $"SELECT term, doc FROM {vocabulary} WHERE term IN ({string.Join(',', names)})";
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var found = new List<(string Word, long Rows)>();
        while (reader.Read())
        {
            found.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return [.. found.OrderBy(f => f.Rows).ThenBy(f => f.Word, StringComparer.Ordinal)];
    }

    private static string Terms(IEnumerable<string> words, string operation) =>
        string.Join(operation, words.Select(w => $"\"{w.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
