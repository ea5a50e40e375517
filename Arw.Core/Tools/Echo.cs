using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Tools;

/// <summary>Action <c>demo.echo</c>: answers its input. For smoke tests of the whole pipeline.</summary>
public sealed class Echo : ActionKind
{
    /// <inheritdoc/>
    public override string Id => "demo.echo";

    /// <inheritdoc/>
    public override string Title => "Echo";

    /// <inheritdoc/>
    public override string Summary => "Answers its input unchanged.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override JsonNode InputSchema => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["type"] = "object",
        ["description"] = "Anything; it comes back.",
    };

    /// <inheritdoc/>
    public override Result<IReadOnlyList<Capability>> Needs(System.Text.Json.JsonElement input, ActionContext context) =>
        new[] { Capability.Of("demo.echo") };

    /// <inheritdoc/>
    public override async Task<Result<JsonNode?>> RunAsync(System.Text.Json.JsonElement input, ActionRun run, CancellationToken cancel) =>
        (await run.DemandAsync(Capability.Of("demo.echo"), cancel)).Map(_ => JsonNode.Parse(input.GetRawText()));
}
