using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Memory.Views;

/// <summary>Input of <c>memory.view.grant</c>.</summary>
public sealed record GrantViewInput(
    [property: Description("The project whose memory is shown.")] string From,
    [property: Description("The project that may read it.")] string To)
{
    /// <summary>Kinds.</summary>
    [Description("Kinds that are shown; all by default.")]
    public IReadOnlyList<MemoryKind> Kinds { get; init; } = [];

    /// <summary>Tags.</summary>
    [Description("Tags, one of which a thing must have to be shown; any by default.")]
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Why.</summary>
    [Description("Why, at most 500 characters.")]
    public string? Reason { get; init; }
}

/// <summary><c>memory.view.grant</c>: a person lets one project read part of another's memory, until it is revoked.</summary>
public sealed class GrantView(ProjectsModel projects) : ActionKind<GrantViewInput>
{
    private const int MaxReason = 500;
    private const int MaxTags = 32;

    /// <inheritdoc/>
    public override string Id => "memory.view.grant";

    /// <inheritdoc/>
    public override string Title => "Share memory with another project";

    /// <inheritdoc/>
    public override string Summary => "A person lets one project read part of another's memory, never write to it, until the view is revoked.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(GrantViewInput input) => $"Let \"{input.To}\" read memory of \"{input.From}\"";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(GrantViewInput input, ActionContext context) =>
        input.From == input.To ? Refusal.Invalid($"\"{input.From}\" reads its own memory without a view.", "Name two projects.")
        : input.Reason?.Length > MaxReason || input.Tags.Count > MaxTags ? Refusal.Invalid("The reason is too long, or there are too many tags.", $"Write at most {MaxReason} characters and {MaxTags} tags.")
        : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(GrantViewInput input, ActionRun run, CancellationToken cancel)
    {
        if (new[] { input.From, input.To }.FirstOrDefault(p => projects.Find(p) is null) is { } missing)
        {
            return Refusal.NotFound("project", missing);
        }

        var granted = new ViewGranted(run.Context.ActionId, input.From, input.To)
        {
            Kinds = [.. input.Kinds.Distinct()],
            Tags = [.. input.Tags.Select(t => t.Trim().ToLowerInvariant()).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)],
            Reason = input.Reason,
        };
        await run.AppendAsync([MemoryEvents.ViewGranted.Draft(granted, run.Context.Principal.Actor, MemoryEvents.ViewSubject(granted.Id), input.From)], cancel);
        return new JsonObject { ["id"] = granted.Id, ["from"] = granted.From, ["to"] = granted.To };
    }
}

/// <summary>Input of <c>memory.view.revoke</c>.</summary>
public sealed record RevokeViewInput([property: Description("Id of the view.")] string Id);

/// <summary><c>memory.view.revoke</c>: a person ends an export view; the next read through it is refused.</summary>
public sealed class RevokeView(ViewsModel views) : ActionKind<RevokeViewInput>
{
    /// <inheritdoc/>
    public override string Id => "memory.view.revoke";

    /// <inheritdoc/>
    public override string Title => "Stop sharing memory";

    /// <inheritdoc/>
    public override string Summary => "A person ends an export view at once; the next read through it is refused.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RevokeViewInput input, ActionContext context) => Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RevokeViewInput input, ActionRun run, CancellationToken cancel)
    {
        if (views.Current.Items.Find(v => v.Id == input.Id) is not { } view)
        {
            return Refusal.NotFound("export view", input.Id);
        }

        if (view.Revoked is null)
        {
            await run.AppendAsync([MemoryEvents.ViewRevoked.Draft(new ViewRevoked(view.Id), run.Context.Principal.Actor, MemoryEvents.ViewSubject(view.Id), view.From)], cancel);
        }

        return new JsonObject { ["id"] = view.Id };
    }
}
