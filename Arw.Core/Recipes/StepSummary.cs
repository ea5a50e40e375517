using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>A step's outcome in a few words: the journal's step events tell what happened, the data stays with the actions.</summary>
internal static class StepSummary
{
    private const int MostMembers = 4;
    private const int MostText = 80;
    private const int SmallBytes = 4 * 1024;

    public static string Of(RecipeStep step, JsonNode? output, int calls, int failed) =>
        step.ForEach is not null ? $"{calls - failed} of {calls} calls succeeded"
        : failed > 0 ? "Failed, and was passed over"
        : output switch
        {
            JsonObject map when map.Count > 0 => string.Join(", ", map.Take(MostMembers).Select(m => $"{m.Key}: {Short(m.Value)}")),
            null => "Done",
            _ => Short(output),
        };

    /// <summary>True for outputs that may stand in the run's own output.</summary>
    public static bool IsSmall(JsonNode? output) => output is not null && output.ToJsonString(ArwJson.Options).Length <= SmallBytes;

    private static string Short(JsonNode? value)
    {
        switch (value)
        {
            case null:
                return "nothing";
            case JsonArray list:
                return list.Count == 1 ? "1 item" : $"{list.Count} items";
            case JsonObject map:
                return map.Count == 1 ? "1 member" : $"{map.Count} members";
            default:
                var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>().ReplaceLineEndings(" ") : value.ToJsonString();
                return text.Length <= MostText ? text : $"{text[..(MostText - 1)]}…";
        }
    }
}
