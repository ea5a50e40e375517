using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Memory.Taint;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Memory.Review;

/// <summary>Input of <c>memory.quarantine</c>.</summary>
public sealed record QuarantineInput(
    [property: Description("What came from outside, as memory.remember takes it.")] RememberInput Content,
    [property: Description("Where it came in: manual (default), ingest or an adapter's name.")] string Source = "manual");

/// <summary><c>memory.quarantine</c>: a person, or an adapter in a person's name, puts content from outside into the review queue.</summary>
public sealed class QuarantineContent(ReviewQueue queue) : ActionKind<QuarantineInput>
{
    private const int MaxSource = 40;

    /// <inheritdoc/>
    public override string Id => "memory.quarantine";

    /// <inheritdoc/>
    public override string Title => "Hold something for review";

    /// <inheritdoc/>
    public override string Summary => "Puts content from outside into the review queue instead of memory: for imports and adapters.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(QuarantineInput input, ActionContext context) =>
        MemoryRules.Fault(input.Content) is { } fault ? fault
        : input.Source.Length is 0 or > MaxSource ? Refusal.Invalid($"\"{input.Source}\" is no name of a source.", $"Write 1 to {MaxSource} characters.")
        : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(QuarantineInput input, ActionRun run, CancellationToken cancel)
    {
        var held = await queue.HoldAsync([MemoryRules.Wanted(input.Content, input.Source)], new OutsideReason("It was handed in for review."), run, cancel);
        return new JsonObject { ["id"] = held[0].Id, ["state"] = QuarantineModel.Word(held[0].State) };
    }
}
