using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Memory.Review;

/// <summary>Input of <c>memory.admit</c> and <c>memory.reject</c>.</summary>
public sealed record ReviewInput(
    [property: Description("Ids of 1 to 200 entries of the review queue.")] IReadOnlyList<string> Ids,
    [property: Description("Why, at most 500 characters.")] string? Note = null)
{
    /// <summary>What the decision rests on.</summary>
    [Description("Highest seq of the entries as they were looked at. When one of them has come again since, with other sources or certainty, nothing is decided.")]
    public long? Seen { get; init; }
}

/// <summary>What admitting and rejecting share: every entry is there and waits, or nothing is decided.</summary>
/// <param name="entries">The review queue.</param>
/// <param name="turn">The queue's turn.</param>
public abstract class ReviewEntries(QuarantineModel entries, ReviewTurn turn) : ActionKind<ReviewInput>
{
    private const int MaxEntries = 200;
    private const int MaxNote = 500;

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <summary>Decides on entries that wait.</summary>
    protected abstract Task<Result<JsonNode?>> DecideAsync(IReadOnlyList<QuarantineEntry> waiting, string? note, ActionRun run, CancellationToken cancel);

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(ReviewInput input, ActionContext context) =>
        input.Ids.Count is 0 or > MaxEntries ? Refusal.Invalid($"There are {input.Ids.Count} entries.", $"Name 1 to {MaxEntries}.")
        : input.Note?.Length > MaxNote ? Refusal.Invalid($"The note has {input.Note.Length:N0} characters.", $"Write at most {MaxNote}.")
        : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override Task<Result<JsonNode?>> RunAsync(ReviewInput input, ActionRun run, CancellationToken cancel) => turn.TakeAsync(
        async () => Waiting(input.Ids, input.Seen).TryGet(out var waiting, out var refusal) ? await DecideAsync(waiting, input.Note, run, cancel) : refusal,
        cancel);

    private Result<List<QuarantineEntry>> Waiting(IReadOnlyList<string> ids, long? seen)
    {
        var found = new List<QuarantineEntry>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            if (entries.Rows.Find(id) is not { } entry)
            {
                return Refusal.NotFound("entry of the review queue", id);
            }

            if (!entry.Waits)
            {
                return entry.IsDecided();
            }

            // It keeps its id while its author hands in more of it: a decision is about what was shown.
            if (entry.Seq > seen)
            {
                return new Refusal("entry_changed", $"The entry \"{id}\" has changed since it was looked at. Nothing was decided.", "Look at it again and decide anew.", 409);
            }

            found.Add(entry);
        }

        return found;
    }
}

/// <summary><c>memory.admit</c>: a person lets entries into memory or onto the map.</summary>
public sealed class AdmitMemory(QuarantineModel entries, Admission admission, ReviewTurn turn) : ReviewEntries(entries, turn)
{
    /// <inheritdoc/>
    public override string Id => "memory.admit";

    /// <inheritdoc/>
    public override string Title => "Let in what was held back";

    /// <inheritdoc/>
    public override string Summary => "A person lets entries of the review queue into memory or onto the map. All of them, or none where one cannot be let in.";

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> DecideAsync(IReadOnlyList<QuarantineEntry> waiting, string? note, ActionRun run, CancellationToken cancel)
    {
        if (waiting.FirstOrDefault(w => w.State == EntryState.NeedsExtractor) is { } raw)
        {
            return new Refusal("needs_extractor", $"The entry \"{raw.Id}\" is not plain text: something in it runs or is hidden.", "Extract its text again, look at what is left, and then admit it.", 409);
        }

        var items = new JsonArray();
        foreach (var group in waiting.GroupBy(w => w.Project))
        {
            var admitted = group.Select(w => new Admitted(w.Entry, w.Text) { Author = w.Actor, Episode = w.CorrId, Action = w.Action, Score = w.Evidence.Score }).ToArray();
            var became = await admission.LetInAsync(admitted, group.Key, run.Context.Principal.Actor, note, [], run, cancel);
            foreach (var (entry, result) in group.Zip(became))
            {
                items.Add(new JsonObject { ["id"] = entry.Id, ["became"] = result });
            }
        }

        return new JsonObject { ["admitted"] = items.Count, ["items"] = items };
    }
}

/// <summary><c>memory.reject</c>: a person keeps entries out; the same content with no new source stays out.</summary>
public sealed class RejectMemory(QuarantineModel entries, ReviewTurn turn) : ReviewEntries(entries, turn)
{
    /// <inheritdoc/>
    public override string Id => "memory.reject";

    /// <inheritdoc/>
    public override string Title => "Keep out what was held back";

    /// <inheritdoc/>
    public override string Summary => "A person keeps entries of the review queue out. The same content with no new source stays out.";

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> DecideAsync(IReadOnlyList<QuarantineEntry> waiting, string? note, ActionRun run, CancellationToken cancel)
    {
        var by = run.Context.Principal.Actor;
        await run.AppendAsync([.. waiting.Select(w => MemoryEvents.Rejected.Draft(new MemoryReviewed(w.Id, by, note), by, MemoryEvents.EntrySubject(w.Id), w.Project))], cancel);
        return new JsonObject { ["rejected"] = waiting.Count };
    }
}
