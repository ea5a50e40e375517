using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Memory;

/// <summary>Input of <c>memory.forget</c>.</summary>
public sealed record ForgetInput(
    [property: Description("Id of what is to be forgotten.")] string Id,
    [property: Description("Why, at most 500 characters.")] string? Reason = null);

/// <summary><c>memory.forget</c>: a person takes something out of memory. The journal keeps that it was there; <c>journal.erase</c> takes the words out of it, too.</summary>
public sealed class ForgetMemory(MemoryModel memory) : ActionKind<ForgetInput>
{
    private const int MaxReason = 500;

    /// <inheritdoc/>
    public override string Id => "memory.forget";

    /// <inheritdoc/>
    public override string Title => "Forget something";

    /// <inheritdoc/>
    public override string Summary => "A person takes something out of long-term memory. The journal keeps that it was there.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(ForgetInput input, ActionContext context) =>
        input.Reason?.Length > MaxReason
            ? Refusal.Invalid($"The reason has {input.Reason.Length:N0} characters.", $"Write at most {MaxReason}.")
            : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(ForgetInput input, ActionRun run, CancellationToken cancel)
    {
        if (memory.Rows.Find(input.Id) is not { } item)
        {
            return Refusal.NotFound("memory", input.Id);
        }

        await run.AppendAsync([MemoryEvents.Forgotten.Draft(new MemoryForgotten(item.Id, input.Reason), run.Context.Principal.Actor, MemoryEvents.Subject(item.Id), item.Project)], cancel);
        return new JsonObject { ["id"] = item.Id };
    }
}
