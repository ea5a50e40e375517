using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>Input of <c>world.diff.queue</c>, and the form of diffs as files.</summary>
public sealed record QueueDiffInput(
    [property: Description("1 to 200 changes, 256 KiB in all.")] IReadOnlyList<DiffChange> Changes)
{
    /// <summary>Its id.</summary>
    [Description("Id: the same diff under the same id is taken once. Made from the content by default.")]
    public string? Id { get; init; }

    /// <summary>Its source.</summary>
    [Description("The source: another home, a file. An agent is its own source. Who submits it by default.")]
    public string? From { get; init; }

    /// <summary>What it is about.</summary>
    [Description("What it is about, in words; at most 500 characters.")]
    public string? Summary { get; init; }

    /// <summary>Format of the file that it comes from.</summary>
    [Description("arw.world-diff/1, or left out.")]
    public string? Format { get; init; }
}

/// <summary><c>world.diff.queue</c>: a diff of the project's map comes in and waits for a person. It changes nothing on the map, whoever brings it.</summary>
public sealed class QueueDiff(DiffDesk desk, WorldDiffsModel diffs, Redactor redactor) : ActionKind<QueueDiffInput>
{
    private const int MaxWaiting = 100;
    private static readonly Capability Need = Capability.Of("beliefs.propose");

    /// <inheritdoc/>
    public override string Id => "world.diff.queue";

    /// <inheritdoc/>
    public override string Title => "Queue a diff of the map";

    /// <inheritdoc/>
    public override string Summary => "Hands in changes to the project's beliefs. They wait until a person applies or rejects them; nothing changes before.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    protected override string Describe(QueueDiffInput input) =>
        $"Queue a diff of {input.Changes.Count:N0} {(input.Changes.Count == 1 ? "change" : "changes")}{(input.From is { } from ? $" from {from}" : "")}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(QueueDiffInput input, ActionContext context) =>
        DiffRules.Fault(input, context.Project) is { } fault ? fault
        : context.Principal is { Kind: PrincipalKind.Agent } agent && input.From is { } from && from != agent.Name && from != agent.Actor
            ? Refusal.Forbidden($"{agent.Actor} may not bring a diff in the name of \"{from}\".", "Leave \"from\" out: an agent is its own source.")
            : new[] { Need };

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(QueueDiffInput input, ActionRun run, CancellationToken cancel)
    {
        if (!(await run.DemandAsync(Need, cancel)).TryGet(out _, out var refusal))
        {
            return refusal;
        }

        // Redacted first: ids, digest and comparison are then those of what is stored.
        var (actor, project) = (run.Context.Principal.Actor, run.Context.Project);
        var node = redactor.Mask(JsonSerializer.SerializeToNode(input.Changes, ArwJson.Options), redactor.Setup.Journal)!;
        var changes = node.Deserialize<IReadOnlyList<DiffChange>>(ArwJson.Options)!;
        var from = run.Context.Principal.Kind == PrincipalKind.Agent ? actor : redactor.Redact(input.From?.Trim() ?? actor);
        var digest = CanonicalJson.DigestOf(new JsonArray(project, from, node));
        var id = input.Id ?? $"diff-{digest[7..31]}";
        var queued = new DiffQueued(id, from, changes, digest) { Summary = input.Summary };
        if (Known(queued, project) is { } known)
        {
            return known;
        }

        if (diffs.Waiting(project) >= MaxWaiting)
        {
            return new Refusal("queue_full", $"{MaxWaiting} diffs of this project already wait for a person.", "Decide some of them first.", 429);
        }

        var written = await desk.AppendAsync([DiffEvents.Queued.Draft(queued, actor, DiffEvents.Subject(id))], [new Precondition(DiffEvents.Subject(id), 0)], run.Context, project, cancel);
        return written.Ok ? Answer(queued, project, already: false)
            : written.Refusal.Code == "conflict" && Known(queued, project) is { } meanwhile ? meanwhile
            : written.Refusal;
    }

    private Result<JsonNode?>? Known(DiffQueued queued, string? project) =>
        diffs.Rows.Find(queued.Id) is not { } row ? null
        : row.Digest == queued.Digest && row.Project == project ? Answer(queued, project, already: true)
        : Refusal.Conflict($"The id \"{queued.Id}\" belongs to another diff.", "Use another id, or leave it out.");

    private JsonNode Answer(DiffQueued queued, string? project, bool already) => new JsonObject
    {
        ["id"] = queued.Id,
        ["changes"] = queued.Changes.Count,
        ["conflicts"] = desk.Compare(project, queued.Changes).Conflicts,
        ["already"] = already,
        ["state"] = JsonNamingPolicy.SnakeCaseLower.ConvertName((diffs.Rows.Find(queued.Id)?.State ?? DiffState.Queued).ToString()),
    };
}
