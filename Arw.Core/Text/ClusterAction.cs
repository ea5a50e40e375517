using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Inference;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Text;

/// <summary>Input of <c>topics.cluster</c>.</summary>
/// <param name="Items">The items, 1,000 at most.</param>
/// <param name="MaxTopics">Topics at most, 1 to 50; 8 by default.</param>
public sealed record ClusterInput(
    [property: Description("Items to group, 1,000 at most, each with a title or a text.")] IReadOnlyList<TextItem> Items,
    [property: Description("Topics at most, 1 to 50; 8 by default.")] int? MaxTopics = null);

/// <summary>A topic in the output of <c>topics.cluster</c>.</summary>
/// <param name="Id">Its id within the output, <c>topic-1</c>: the largest first.</param>
/// <param name="Label">Short name.</param>
/// <param name="Keywords">Distinctive terms.</param>
/// <param name="Cohesion">Mean cosine of the members to their centre, at most 1.</param>
/// <param name="Items">The members, in input order, each with an id.</param>
public sealed record Topic(string Id, string Label, IReadOnlyList<string> Keywords, double Cohesion, IReadOnlyList<TextItem> Items);

/// <summary><c>topics.cluster</c>: groups items by meaning and names the groups.</summary>
internal sealed class ClusterAction(InferenceWorker worker) : ActionKind<ClusterInput>
{
    private const int DefaultTopics = 8;
    private const int MostTopics = 50;

    // The model reads about this much; titles come first because they weigh most.
    private const int EmbeddedLength = 1500;

    public override string Id => "topics.cluster";

    public override string Title => "Group items into topics";

    public override string Summary => "Groups items by meaning into a few topics, each with a label, keywords and its items. Needs no language model.";

    public override Effects Effects => Effects.None;

    public override JsonNode InputSchema { get; } = TextItem.Open(ActionSchema.Of(typeof(ClusterInput)));

    protected override Result<IReadOnlyList<Capability>> Needs(ClusterInput input, ActionContext context) =>
        input.Items.Count > TopicClusters.MaxItems
            ? Refusal.Invalid($"There are {input.Items.Count} items; {TopicClusters.MaxItems} are the most.", "Send the most recent ones.")
            : input.MaxTopics is < 1 or > MostTopics
                ? Refusal.Invalid($"max_topics is {input.MaxTopics}; 1 to {MostTopics} are expected.")
                : new[] { Capability.Of(Id) };

    protected override string Describe(ClusterInput input) => $"Group {input.Items.Count} {(input.Items.Count == 1 ? "item" : "items")} into topics";

    protected override async Task<Result<JsonNode?>> RunAsync(ClusterInput input, ActionRun run, CancellationToken cancel)
    {
        if (input.Items.Count == 0)
        {
            return new JsonObject { ["topics"] = new JsonArray() };
        }

        var items = input.Items.Select((item, i) => item with { Id = item.Id ?? i.ToString(CultureInfo.InvariantCulture) }).ToArray();
        var texts = items.Select(i => $"{i.Title}. {(i.Body.Length > EmbeddedLength ? i.Body[..EmbeddedLength] : i.Body)}").ToArray();
        if (!(await worker.EmbedAsync(texts, cancel)).TryGet(out var embeddings, out var refusal))
        {
            return refusal;
        }

        var topics = await Task.Run(() => Topics(items, embeddings.Vectors, input.MaxTopics ?? DefaultTopics, cancel), cancel);
        return new JsonObject { ["topics"] = JsonSerializer.SerializeToNode(topics, ArwJson.Options) };
    }

    private static Topic[] Topics(TextItem[] items, IReadOnlyList<float[]> vectors, int maxTopics, CancellationToken cancel)
    {
        var clusters = TopicClusters.Find(vectors, maxTopics, cancel);
        var labels = TopicLabels.Of([.. items.Select(i => (i.Title ?? "", i.Body))], [.. clusters.Select(c => c.Members)]);
        return [.. clusters.Select((c, n) => new Topic($"topic-{n + 1}", labels[n].Label, labels[n].Keywords, c.Cohesion, [.. c.Members.Select(i => items[i])]))];
    }
}
