using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Inference;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Text;

/// <summary>Input of <c>text.embed</c>.</summary>
/// <param name="Texts">The texts, 1 to 256.</param>
public sealed record EmbedInput([property: Description("Texts to embed, 1 to 256; the first 256 tokens of each count.")] IReadOnlyList<string> Texts);

/// <summary><c>text.embed</c>: texts to unit vectors, in the inference worker.</summary>
internal sealed class EmbedAction(InferenceWorker worker) : ActionKind<EmbedInput>
{
    private const int MaxTexts = 256;

    public override string Id => "text.embed";

    public override string Title => "Embed texts";

    public override string Summary => "Turns texts into vectors that are near each other when the meanings are (all-MiniLM-L6-v2, on this machine).";

    public override Effects Effects => Effects.None;

    protected override Result<IReadOnlyList<Capability>> Needs(EmbedInput input, ActionContext context) =>
        input.Texts.Count is 0 or > MaxTexts
            ? Refusal.Invalid($"There are {input.Texts.Count} texts; 1 to {MaxTexts} are expected.", "Send them in parts.")
            : new[] { Capability.Of(Id) };

    protected override string Describe(EmbedInput input) => $"Embed {input.Texts.Count} {(input.Texts.Count == 1 ? "text" : "texts")}";

    protected override async Task<Result<JsonNode?>> RunAsync(EmbedInput input, ActionRun run, CancellationToken cancel)
    {
        if (!(await worker.EmbedAsync(input.Texts, cancel)).TryGet(out var embeddings, out var refusal))
        {
            return refusal;
        }

        return new JsonObject
        {
            ["model"] = embeddings.Model,
            ["dimensions"] = embeddings.Dimensions,
            ["vectors"] = new JsonArray([.. embeddings.Vectors.Select(v => new JsonArray([.. v.Select(x => (JsonNode)x)]))]),
        };
    }
}
