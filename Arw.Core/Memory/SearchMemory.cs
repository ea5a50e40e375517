using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Memory.Views;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Memory;

/// <summary>Input of <c>memory.search</c>.</summary>
public sealed record SearchMemoryInput
{
    /// <summary>Words.</summary>
    [Description("Words that must occur; leave it out for what was remembered last.")]
    public string? Query { get; init; }

    /// <summary>Kinds.</summary>
    [Description("Kinds to look for; all by default.")]
    public IReadOnlyList<MemoryKind> Kinds { get; init; } = [];

    /// <summary>Tags.</summary>
    [Description("Tags, one of which it must have.")]
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Most things to return.</summary>
    [Description("Most things to return, 1 to 100; 20 by default.")]
    public int Limit { get; init; } = 20;

    /// <summary>An export view.</summary>
    [Description("Id of an export view, to look into another project's memory instead of the own.")]
    public string? View { get; init; }
}

/// <summary><c>memory.search</c>: looks things up in the memory of the action's own project, or in what an export view shows of another's. Never anything else, whoever asks.</summary>
public sealed class SearchMemory(MemoryModel memory, ViewsModel views, StateHost state, EventJournal journal) : ActionKind<SearchMemoryInput>
{
    private const int MaxLimit = 100;
    private static readonly Capability Need = Capability.Of("memory.search");

    /// <inheritdoc/>
    public override string Id => "memory.search";

    /// <inheritdoc/>
    public override string Title => "Look something up in memory";

    /// <inheritdoc/>
    public override string Summary => "Finds what the project remembers, newest first: text, kind, tags, trust and where it comes from. With view, what another project shares.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    protected override string Describe(SearchMemoryInput input) =>
        $"Look up {(string.IsNullOrWhiteSpace(input.Query) ? "what was remembered last" : $"\"{input.Query}\"")}{(input.View is { } view ? $" through the view {view}" : null)}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(SearchMemoryInput input, ActionContext context) =>
        context.Project is null ? Refusal.Invalid("Memory belongs to a project, and this action names none.", "Submit it with \"project\".")
        : input.Limit is < 1 or > MaxLimit ? Refusal.Invalid($"limit is {input.Limit}.", $"Choose 1 to {MaxLimit}.")
        : new[] { Need };

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(SearchMemoryInput input, ActionRun run, CancellationToken cancel)
    {
        if (!(await run.DemandAsync(Need, cancel)).TryGet(out _, out var refusal))
        {
            return refusal;
        }

        // A view that was revoked a moment ago shows nothing any more.
        await state.WaitForAsync(journal.Head, cancel);
        var (project, filter) = (run.Context.Project, (MemoryFilter?)new MemoryFilter { Search = input.Query, Kinds = input.Kinds, Tags = input.Tags });
        if (input.View is not null)
        {
            if (!views.Open(input.View, project).TryGet(out var view, out refusal))
            {
                return refusal;
            }

            (project, filter) = (view.From, view.Within(filter!));
        }

        IReadOnlyList<MemoryItem> found = project is null || filter is null ? [] : memory.Find(project, filter, input.Limit);
        if (input.View is { } read)
        {
            await run.AppendAsync([MemoryEvents.ViewRead.Draft(new ViewRead(read, project!, found.Count), run.Context.Principal.Actor, MemoryEvents.ViewSubject(read))], cancel);
        }

        var output = new JsonObject { ["project"] = project, ["items"] = new JsonArray([.. found.Select(m => JsonSerializer.SerializeToNode(m, ArwJson.Options))]) };
        if (input.View is not null)
        {
            output["view"] = input.View;
        }

        return output;
    }
}
