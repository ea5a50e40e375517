using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Inference;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Text;

/// <summary>Input of <c>text.summarize</c>: a text or items.</summary>
/// <param name="Items">Items to summarize together, 1,000 at most.</param>
/// <param name="Text">One text.</param>
/// <param name="Sentences">Sentences wanted, 1 to 30; 5 by default.</param>
public sealed record SummarizeInput(
    [property: Description("Items to summarize together, 1,000 at most; each sentence keeps its source.")] IReadOnlyList<TextItem>? Items = null,
    [property: Description("One text, instead of items.")] string? Text = null,
    [property: Description("Sentences wanted, 1 to 30; 5 by default.")] int? Sentences = null);

/// <summary>A chosen sentence with its source.</summary>
/// <param name="Text">The sentence, as it stands in the source.</param>
/// <param name="SourceUrl">Address of the item; null when not known.</param>
/// <param name="ItemId">Id of the item; null for a plain text.</param>
public sealed record SummarySentence(string Text, string? SourceUrl, string? ItemId);

/// <summary><c>text.summarize</c>: the most telling sentences, unchanged, in order, each with its source.</summary>
internal sealed class SummarizeAction(InferenceWorker worker) : ActionKind<SummarizeInput>
{
    private const int DefaultSentences = 5;
    private const int MostSentences = 30;
    private const int MostCandidates = 400;
    private const int LeastWords = 4;
    private const int LongestSentence = 600;

    public override string Id => "text.summarize";

    public override string Title => "Summarize";

    public override string Summary => "Picks the sentences that say most, unlike each other, and keeps their order and source. Needs no language model.";

    public override Effects Effects => Effects.None;

    public override JsonNode InputSchema { get; } = TextItem.Open(ActionSchema.Of(typeof(SummarizeInput)));

    protected override Result<IReadOnlyList<Capability>> Needs(SummarizeInput input, ActionContext context) =>
        (input.Items is null) == (input.Text is null)
            ? Refusal.Invalid("Exactly one of items and text is expected.", "Send either a list of items or one text.")
            : input.Items?.Count > TopicClusters.MaxItems
                ? Refusal.Invalid($"There are {input.Items.Count} items; {TopicClusters.MaxItems} are the most.", "Send the most recent ones.")
                : input.Sentences is < 1 or > MostSentences
                    ? Refusal.Invalid($"sentences is {input.Sentences}; 1 to {MostSentences} are expected.")
                    : new[] { Capability.Of(Id) };

    protected override string Describe(SummarizeInput input) =>
        input.Items is { } items ? $"Summarize {items.Count} {(items.Count == 1 ? "item" : "items")}" : "Summarize a text";

    protected override async Task<Result<JsonNode?>> RunAsync(SummarizeInput input, ActionRun run, CancellationToken cancel)
    {
        var candidates = await Task.Run(() => Candidates(input), cancel);
        IReadOnlyList<int> chosen = [];
        if (candidates.Count > 0)
        {
            if (!(await worker.EmbedAsync([.. candidates.Select(c => c.Text)], cancel)).TryGet(out var embeddings, out var refusal))
            {
                return refusal;
            }

            chosen = await Task.Run(() => ExtractiveSummary.Choose(embeddings.Vectors, input.Sentences ?? DefaultSentences, cancel), cancel);
        }

        var sentences = chosen.Select(i => candidates[i]).ToArray();
        return new JsonObject
        {
            ["summary"] = string.Join(' ', sentences.Select(s => s.Text)),
            ["sentences"] = JsonSerializer.SerializeToNode(sentences, ArwJson.Options),
        };
    }

    /// <summary>Sentences in order, a fair share from each item when there are too many. Short ones only when there is nothing else.</summary>
    private static IReadOnlyList<SummarySentence> Candidates(SummarizeInput input)
    {
        var sources = input.Items?.Select((item, i) => (Text: item.Body.Length > 0 ? item.Body : item.Title ?? "", item.Url, Id: item.Id ?? i.ToString(CultureInfo.InvariantCulture))).ToArray()
            ?? [(input.Text!, null, (string?)null)];
        var share = Math.Max(1, MostCandidates / Math.Max(1, sources.Length));
        var all = new List<SummarySentence>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (text, url, id) in sources)
        {
            all.AddRange(Sentences.Split(text, share).Where(s => s.Length <= LongestSentence && seen.Add(s)).Select(s => new SummarySentence(s, url, id)));
        }

        var telling = all.Where(s => Words.Of(s.Text).Skip(LeastWords - 1).Any()).Take(MostCandidates).ToArray();
        return telling.Length > 0 ? telling : [.. all.Take(MostCandidates)];
    }
}
