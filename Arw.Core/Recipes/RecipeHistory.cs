using System.Text.Json.Nodes;

namespace Arw.Core.Recipes;

/// <summary>A completed call of an earlier run.</summary>
/// <param name="Key">Its place in the run: <c>STEP/INDEX</c>.</param>
/// <param name="Kind">Action kind.</param>
/// <param name="Input">Its input.</param>
/// <param name="Output">Its output.</param>
internal sealed record CompletedCall(string Key, string Kind, JsonNode? Input, JsonNode? Output);

/// <summary>What is known of earlier runs.</summary>
/// <param name="find">The run of an action id; null when there is none.</param>
/// <param name="calls">The completed calls of a run.</param>
internal sealed class RecipeHistory(Func<string, RecipeRunRow?> find, Func<string, IEnumerable<CompletedCall>> calls)
{
    private const int MostRetries = 100;

    /// <summary>The run, or null.</summary>
    public RecipeRunRow? Find(string run) => find(run);

    /// <summary>Completed calls of a run and of those that it continued, by key; later ones win.</summary>
    public IReadOnlyDictionary<string, CompletedCall> Completed(string? run)
    {
        var completed = new Dictionary<string, CompletedCall>(StringComparer.Ordinal);
        for (var i = 0; run is not null && i < MostRetries; i++)
        {
            foreach (var call in calls(run))
            {
                completed.TryAdd(call.Key, call);
            }

            run = find(run)?.RetryOf;
        }

        return completed;
    }
}
